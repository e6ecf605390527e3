//! Kernels in a library that a program has loaded at run time. Workers that are processes run the program again, and would
//! not have it.

use crate::compiler::{compile, said};
use std::path::Path;
use std::process::Command;

const LIBRARY: &str = r#"
use conveyor::{Context, Map};

#[unsafe(no_mangle)]
extern "C" fn run() {
    for context in [Context::Serial, Context::Threads, Context::Processes] {
        let mapped = Map::over(0..100_u64).context(context).number(2).run(|job| 2 * job.item);
        match mapped {
            Ok(mapped) => println!("{context:?}: {}", mapped.values.iter().sum::<u64>()),
            Err(error) => println!("{context:?}: {error}"),
        }
    }
}
"#;

const PROGRAM: &str = r#"
use std::ffi::{CString, c_char, c_int, c_void};

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

fn main() {
    let file = CString::new(std::env::args().nth(1).expect("a library")).expect("a path");
    unsafe {
        let library = dlopen(file.as_ptr(), 2);
        assert!(!library.is_null(), "it cannot be loaded");
        let run = dlsym(library, c"run".as_ptr());
        assert!(!run.is_null(), "it has no such function");
        std::mem::transmute::<*mut c_void, extern "C" fn()>(run)();
    }
}
"#;

fn build(source: &Path, text: &str, kind: &str) {
    std::fs::write(source, text).expect("the directory can be written");
    let output =
        compile(source).args(["--crate-type", kind, "-o"]).arg(source.with_extension("out")).output();
    let output = output.expect("rustc is there");
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_kernel_of_a_library_runs_in_threads_and_is_refused_in_processes() {
    let directory = tempfile::tempdir().expect("a directory");
    let [library, program] = ["library.rs", "program.rs"].map(|name| directory.path().join(name));
    build(&library, LIBRARY, "cdylib");
    build(&program, PROGRAM, "bin");
    let mut program = Command::new(program.with_extension("out"));
    let program = program.arg(library.with_extension("out")).env_remove("CONVEYOR_CONTEXT");
    let output = program.output().expect("it can be started");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", said(&output));
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..2], ["Serial: 9900", "Threads: 9900"]);
    assert!(lines[2].contains("a library") && lines[2].ends_with("use Context::Threads"), "{printed}");
}
