//! Generated crates, and what rustc answers to them.

use crate::layout::Place;
use serde_json::Value;
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
    /// What stands at its place, from the first token that is to blame to the last.
    pub(crate) underlined: String,
    pub(crate) is_error: bool,
    /// Its headline, with what is said at its places and below.
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

    /// A program with these attributes and modules.
    pub(crate) fn program(&self, name: &str, attributes: &str, modules: &[(String, String)]) {
        let source = self.package(name);
        let mut main = format!("{attributes}\n");
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
        cargo.args(command).args(["--offline", "--color=never", "--message-format=json", "--target-dir"]);
        cargo.arg(directory().join("target")).current_dir(&self.0);
        cargo
    }

    /// Builds all programs; gives what rustc has to say.
    pub(crate) fn build(&self) -> Vec<Answer> {
        let output = self.cargo(&["build", "--keep-going"]).output().expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let answers: Vec<Answer> = said.lines().filter_map(answer).collect();
        let text = String::from_utf8_lossy(&output.stderr);
        let mut errors = answers.iter().filter(|answer| answer.is_error).peekable();
        let are_in_graphs = errors.peek().is_some() != output.status.success()
            && errors.all(|error| error.module.starts_with("graph_"));
        assert!(are_in_graphs, "{text}\n{answers:#?}");
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

/// A line of cargo's: `{"reason":"compiler-message","message":{..}}`.
fn answer(line: &str) -> Option<Answer> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = line.get("message")?;
    let spans = message["spans"].as_array()?;
    let mut primary = spans.iter().find(|span| span["is_primary"] == true)?;
    // what stands in a macro of the library is shown where it is called
    while primary["expansion"].is_object() && file_of(primary)?.is_absolute() {
        primary = &primary["expansion"]["span"];
    }
    let number = |what: &str| primary[what].as_u64().map(|number| number as usize);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let level = text(&message["level"]);
    let labels = spans.iter().map(|span| text(&span["label"]));
    let notes = message["children"].as_array().into_iter().flatten().map(|note| text(&note["message"]));
    let said: Vec<String> = [level.clone(), text(&message["code"]["code"]), text(&message["message"])]
        .into_iter()
        .chain(labels)
        .chain(notes)
        .collect();
    Some(Answer {
        module: file_of(primary)?.file_stem()?.to_str()?.to_owned(),
        place: (number("line_start")?, number("column_start")?),
        underlined: underlined(primary)?,
        is_error: level.starts_with("error"),
        text: said.join(": "),
    })
}

fn file_of(span: &Value) -> Option<&Path> {
    span["file_name"].as_str().map(Path::new)
}

fn underlined(span: &Value) -> Option<String> {
    let lines = span["text"].as_array()?.iter().map(|line| {
        let (start, end) = (line["highlight_start"].as_u64()?, line["highlight_end"].as_u64()?);
        let letters = line["text"].as_str()?.chars();
        Some(letters.skip(start as usize - 1).take((end - start) as usize).collect::<String>())
    });
    Some(lines.collect::<Option<Vec<_>>>()?.join("\n"))
}

#[test]
fn answers_have_a_place() {
    let line = r#"{"reason":"compiler-message","message":{"message":"CV017: no","level":"error","code":{"code":"E0277"},
        "children":[],"spans":[{"file_name":"valid_0/src/graph_3.rs","is_primary":true,"label":"here","line_start":7,
        "column_start":3,"text":[{"text":"a -> b","highlight_start":3,"highlight_end":5}]}]}}"#;
    let read = answer(line).expect("a line of cargo");
    assert_eq!((read.module.as_str(), read.place, read.is_error), ("graph_3", (7, 3), true));
    assert_eq!((read.underlined.as_str(), read.text.as_str()), ("->", "error: E0277: CV017: no: here"));
    assert!(answer(r#"{"reason":"build-finished","success":false}"#).is_none());
}
