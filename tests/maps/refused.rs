//! Kernels that capture something. Only when a program is built, and not when it is checked, rustc knows that they do; the
//! other mistakes lie in `conveyor/tests/ui-array`.

use crate::compiler::{compile, said};

/// What rustc says to a map whose kernel is this.
fn said_to(kernel: &str) -> (String, bool) {
    let program = format!(
        "fn main() {{
    let factor = 3_u64;
    let mapped = conveyor::Map::over(0..10_u64).with(factor).run({kernel});
    println!(\"{{}} {{factor}}\", mapped.unwrap().values.len());
}}
"
    );
    let directory = tempfile::tempdir().expect("a directory");
    let source = directory.path().join("program.rs");
    std::fs::write(&source, program).expect("the directory can be written");
    let output = compile(&source).args(["--emit", "obj", "--out-dir"]).arg(directory.path()).output();
    let output = output.expect("rustc is there");
    (said(&output), output.status.success())
}

#[test]
fn a_kernel_captures_nothing() {
    let (text, is_built) = said_to("|job| job.item * job.with");
    assert!(is_built, "{text}");
    let (text, is_built) = said_to("|job| job.item * factor");
    assert!(!is_built && text.contains("error[E0373]"), "{text}");
    let (text, is_built) = said_to("move |job| job.item * factor");
    assert!(!is_built && text.contains("error[E0080]"), "{text}");
    assert!(text.contains("by `.with(value)`"), "{text}");
}
