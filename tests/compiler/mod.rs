//! rustc, called on small programs with what cargo has built for the test that calls it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// rustc with the crate `conveyor` at hand, on one source file. What it says has one line for each error.
pub(crate) fn compile(source: &Path) -> Command {
    let mut conveyor = OsString::from("conveyor=");
    conveyor.push(library("conveyor"));
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.args(["--edition", "2024", "--error-format", "short", "-L"]).arg(dependencies());
    command.arg("--extern").arg(conveyor).arg(source);
    command
}

/// Its errors and warnings.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The directory of the calling test's own dependencies.
fn dependencies() -> PathBuf {
    let this = std::env::current_exe().expect("a test knows its program");
    this.parent().expect("it lies in a directory").to_owned()
}

/// The newest build of a crate: cargo has just built it for the calling test.
fn library(name: &str) -> PathBuf {
    let files = std::fs::read_dir(dependencies()).expect("dependencies can be listed").filter_map(Result::ok);
    let builds = files.filter(|file| {
        let file = file.file_name().to_string_lossy().into_owned();
        file.starts_with(&format!("lib{name}-")) && file.ends_with(".rlib")
    });
    let newest = builds
        .max_by_key(|file| file.metadata().and_then(|about| about.modified()).expect("files have a time"));
    newest.expect("cargo has built the crate").path()
}
