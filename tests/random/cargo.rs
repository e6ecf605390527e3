//! Generated crates, and what rustc answers to them.

use crate::layout::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// A workspace of generated crates below cargo's directory for tests. All of them share what they depend on.
pub(crate) struct Workspace(PathBuf);

/// Something that rustc says.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The name of the file without its ending.
    pub(crate) module: String,
    pub(crate) place: Place,
    pub(crate) is_error: bool,
    pub(crate) text: String,
}

impl Workspace {
    /// One that is to have these programs.
    pub(crate) fn new(name: &str, programs: &[&str]) -> Workspace {
        let path = directory().join(name);
        fs::create_dir_all(&path).expect("the directory can be written");
        let lock = fs::read_to_string(Path::new(REPOSITORY).join("Cargo.lock"));
        write(&path.join("Cargo.lock"), &lock.expect("there is a lock file"));
        let profile = "[profile.dev]\ndebug = 0\nincremental = false\n";
        let members = format!("[workspace]\nresolver = \"3\"\nmembers = {programs:?}\n\n");
        write(&path.join("Cargo.toml"), &(members + profile));
        Workspace(path)
    }

    /// A program with these modules.
    pub(crate) fn program(&self, name: &str, modules: &[(String, String)]) {
        let source = self.package(name);
        let mut main = "#![allow(unused, dead_code)]\n".to_owned();
        for (module, file) in [("library", "library/mod.rs"), ("program", "program/mod.rs")] {
            main += &format!("#[path = \"{REPOSITORY}/tests/random/{file}\"]\nmod {module};\n");
        }
        let mut table = String::new();
        for (module, text) in modules {
            write(&source.join(module).with_extension("rs"), text);
            main += &format!("mod {module};\n");
            table += &format!("    (\"{module}\", {module}::run),\n");
        }
        main += &format!("\nfn main() {{\n    program::run(&[\n{table}    ]);\n}}\n");
        write(&source.join("main.rs"), &main);
    }

    /// A program that aborts on panic, and is built at once. What it depends on is the same as for all others.
    #[cfg(target_os = "linux")]
    pub(crate) fn aborting(&self, name: &str, main: &str) {
        write(&self.package(name).join("main.rs"), main);
        let output = self.cargo(&["rustc", "-p", name]).args(["--", "-C", "panic=abort"]).output();
        let output = output.expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A program without sources; where they are to be.
    fn package(&self, name: &str) -> PathBuf {
        let source = self.0.join(name).join("src");
        fs::create_dir_all(&source).expect("the directory can be written");
        let package = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        let dependency = format!("\n[dependencies]\nconveyor = {{ path = \"{REPOSITORY}/conveyor\" }}\n");
        write(&self.0.join(name).join("Cargo.toml"), &(package + &dependency));
        source
    }

    fn cargo(&self, command: &[&str]) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).args(["--offline", "--color=never", "--message-format=short", "--target-dir"]);
        cargo.arg(directory().join("target")).current_dir(&self.0);
        cargo
    }

    /// Builds all programs; gives what rustc has to say.
    pub(crate) fn build(&self) -> Vec<Answer> {
        let output = self.cargo(&["build", "--keep-going"]).output().expect("cargo runs");
        let text = String::from_utf8_lossy(&output.stderr);
        let answers: Vec<Answer> = text.lines().filter_map(answer).collect();
        let mut errors = answers.iter().filter(|answer| answer.is_error).peekable();
        let are_in_graphs = errors.peek().is_some() != output.status.success()
            && errors.all(|error| error.module.starts_with("graph_"));
        assert!(are_in_graphs, "{text}");
        answers
    }

    /// Where a program is when it has been built.
    pub(crate) fn path_of(program: &str) -> PathBuf {
        directory().join("target/debug").join(program).with_extension(std::env::consts::EXE_EXTENSION)
    }

    /// Where a module is, for people.
    pub(crate) fn source_of(&self, program: &str, module: &str) -> PathBuf {
        self.0.join(program).join("src").join(module).with_extension("rs")
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("random")
}

/// What has not changed is not built again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// `valid_0/src/graph_3.rs:7:13: error[E0277]: CV017: ..`
fn answer(line: &str) -> Option<Answer> {
    let (file, rest) = line.split_once(".rs:")?;
    let module = file.rsplit(['/', '\\']).next()?.to_owned();
    let mut parts = rest.splitn(3, ':');
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let text = parts.next()?.trim().to_owned();
    Some(Answer { module, place, is_error: text.starts_with("error"), text })
}

#[test]
fn answers_have_a_place() {
    let read =
        answer("valid_0/src/graph_3.rs:7:13: error[E0277]: CV017: `u64` comes: no").expect("a line of rustc");
    assert_eq!((read.module.as_str(), read.place, read.is_error), ("graph_3", (7, 13), true));
    assert_eq!(read.text, "error[E0277]: CV017: `u64` comes: no");
    assert!(
        answer("error: could not compile `broken_0` (bin \"broken_0\") due to 3 previous errors").is_none()
    );
}
