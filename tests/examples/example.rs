//! Runs an example that cargo has built beside the tests.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A run of an example to come. Its standard input is empty unless a file is given.
pub(crate) struct Example(Command);

impl Example {
    pub(crate) fn new(name: &str, context: &str) -> Self {
        let mut command = Command::new(path_of(name));
        command.env("CONVEYOR_CONTEXT", context).env_remove("CONVEYOR_GRAPH").stdin(Stdio::null());
        Example(command)
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<Path>) -> Self {
        self.0.arg(arg.as_ref());
        self
    }

    pub(crate) fn environment(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.0.current_dir(directory);
        self
    }

    pub(crate) fn stdin(mut self, file: &Path) -> Self {
        self.0.stdin(File::open(file).expect("the input can be opened"));
        self
    }

    /// What it prints; it must succeed.
    pub(crate) fn prints(self) -> String {
        let (output, command) = self.output();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
        String::from_utf8(output.stdout).expect("examples print UTF-8")
    }

    /// What it complains about; it must fail.
    pub(crate) fn complains(self) -> String {
        let (output, command) = self.output();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {}", output.status);
        String::from_utf8(output.stderr).expect("examples complain in UTF-8")
    }

    /// Runs while nobody reads what it prints; it must succeed. Gives what it says on the standard error.
    pub(crate) fn prints_into_a_closed_pipe(mut self) -> String {
        let (reader, writer) = std::io::pipe().expect("there are descriptors to be had");
        drop(reader);
        self.0.stdout(writer);
        let (output, command) = self.output();
        let errors = String::from_utf8(output.stderr).expect("examples say UTF-8");
        assert!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
        errors
    }

    /// Starts it, for whoever wants to talk with it.
    pub(crate) fn starts(mut self) -> Child {
        let command = self.0.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the example can be started")
    }

    fn output(mut self) -> (Output, Command) {
        (self.0.output().expect("the example can be started"), self.0)
    }
}

/// Cargo puts tests into `deps` and examples into `examples` of the same directory. It builds examples together with
/// all tests, but not with this one alone: then they are built here, as the test was.
pub(crate) fn path_of(example: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let target = test.ancestors().nth(2).expect("a test lies in a directory of cargo's");
    let path = target.join("examples").join(example).with_extension(std::env::consts::EXE_EXTENSION);
    if !path.exists() {
        build(target);
    }
    assert!(path.exists(), "{} is missing: build it with `cargo build --examples`", path.display());
    path
}

fn build(target: &Path) {
    let profile = match target.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--examples", "--profile", profile]).status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "the examples cannot be built: `cargo build --examples`"
    );
}
