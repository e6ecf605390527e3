//! A session with rust-analyzer in the crate of a user. Starting one takes long, so that all tests share it.

use crate::client::Client;
use crate::marked::{Marked, Place};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

const MANIFEST: &str = r#"[package]
name = "conveyor-editor-user"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
conveyor = { path = "TOP/conveyor" }

[workspace]
"#;

/// What declarations are made of, in a module of its own.
const STAGES: &str = include_str!("stages.rs");

pub(crate) struct Editor {
    client: Client,
    uri: String,
    version: u64,
    text: String,
}

/// The session of this process. Whatever a failed test has left in the document, the next one replaces.
pub(crate) fn editor() -> MutexGuard<'static, Option<Editor>> {
    static EDITOR: Mutex<Option<Editor>> = Mutex::new(None);
    let mut editor = EDITOR.lock().unwrap_or_else(PoisonError::into_inner);
    editor.get_or_insert_with(Editor::start);
    editor
}

impl Editor {
    fn start() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let user = user(&target.join("editor"));
        let mut command = Command::new("rust-analyzer");
        // What the tests were built with is not built again.
        command.current_dir(&user).env("CARGO_TARGET_DIR", target.parent().unwrap_or(target));
        let mut client = Client::start(&mut command);
        let root = format!("file://{}", user.display());
        let about = json!({
            "processId": std::process::id(),
            "rootUri": root,
            "workspaceFolders": [{ "uri": root, "name": "user" }],
            "capabilities": {
                "textDocument": { "hover": { "contentFormat": ["markdown"] }, "diagnostic": {} },
                "workspace": { "workspaceEdit": { "documentChanges": true } },
                "experimental": { "serverStatusNotification": true },
            },
            "initializationOptions": {
                "cachePriming": { "enable": false },
                "checkOnSave": false,
                "completion": { "autoimport": { "enable": false } },
            },
        });
        client.ask("initialize", &about);
        client.tell("initialized", &json!({}));
        let ready = client.wait("a loaded workspace", |message| {
            message["method"] == "experimental/serverStatus" && message["params"]["quiescent"] == true
        });
        let health = &ready["params"];
        assert_eq!(health["health"], "ok", "rust-analyzer cannot load the crate or std: {health:#}");
        let uri = format!("{root}/src/declared.rs");
        let document = json!({ "uri": uri, "languageId": "rust", "version": 0, "text": "" });
        client.tell("textDocument/didOpen", &json!({ "textDocument": document }));
        Editor { client, uri, version: 0, text: String::new() }
    }

    /// Puts a text with marks into the document, and gives their places.
    pub(crate) fn open(&mut self, source: &str) -> Vec<Place> {
        let Marked { text, places } = Marked::new(source);
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let change = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.client.tell("textDocument/didChange", &change);
        self.text = text;
        places
    }

    /// What is shown at a place; nothing where there is nothing to show.
    pub(crate) fn hover(&mut self, at: Place) -> String {
        let hover = self.ask_at("hover", at, json!({}));
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Where what stands at a place is defined: in the document, or the line of another file.
    pub(crate) fn definitions(&mut self, at: Place) -> Vec<Result<Place, String>> {
        let found = self.ask_at("definition", at, json!({}));
        let places = found.as_array().into_iter().flatten().map(|location| {
            let place = Place::of(&location["range"]["start"]);
            let uri = location["uri"].as_str().unwrap_or_default();
            if uri == self.uri {
                return Ok(place);
            }
            let file = uri.strip_prefix("file://").unwrap_or(uri);
            let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
            Err(text.lines().nth(place.line).unwrap_or_default().trim().to_owned())
        });
        places.collect()
    }

    /// All places in the document that mean what stands at a place, in their order.
    pub(crate) fn references(&mut self, at: Place) -> Vec<Place> {
        let found = self.ask_at("references", at, json!({ "context": { "includeDeclaration": true } }));
        let ours =
            found.as_array().into_iter().flatten().filter(|location| location["uri"] == self.uri.as_str());
        let mut places: Vec<Place> = ours.map(|location| Place::of(&location["range"]["start"])).collect();
        places.sort();
        places
    }

    /// The document, after what stands at a place has got a new name.
    pub(crate) fn renamed(&mut self, at: Place, name: &str) -> String {
        let change = self.ask_at("rename", at, json!({ "newName": name }));
        let [file] = change["documentChanges"].as_array().map(Vec::as_slice).unwrap_or_default() else {
            panic!("one file is changed, but: {change:#}");
        };
        assert_eq!(file["textDocument"]["uri"], self.uri.as_str(), "other files are left alone");
        let mut edits: Vec<_> = file["edits"].as_array().into_iter().flatten().collect();
        edits.sort_by_key(|edit| Place::of(&edit["range"]["start"]));
        let mut text = self.text.clone();
        for edit in edits.into_iter().rev() {
            let [start, end] =
                ["start", "end"].map(|side| Place::of(&edit["range"][side]).offset(&self.text));
            text.replace_range(start..end, edit["newText"].as_str().unwrap_or_default());
        }
        text
    }

    /// The names that are offered at a place.
    pub(crate) fn completions(&mut self, at: Place) -> Vec<String> {
        let offered = self.ask_at("completion", at, json!({}));
        let items = if offered.is_array() { &offered } else { &offered["items"] };
        let labels = items.as_array().into_iter().flatten().filter_map(|item| item["label"].as_str());
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        labels.map(|label| label.split(|c| !is_name(c)).next().unwrap_or_default().to_owned()).collect()
    }

    /// What rust-analyzer itself finds wrong in the document: the line with the text.
    pub(crate) fn errors(&mut self) -> Vec<(usize, String)> {
        let found =
            self.client.ask("textDocument/diagnostic", &json!({ "textDocument": { "uri": self.uri } }));
        let errors = found["items"].as_array().expect("a full report").iter();
        errors
            .map(|error| {
                let text = error["message"].as_str().unwrap_or_default().to_owned();
                (Place::of(&error["range"]["start"]).line, text)
            })
            .collect()
    }

    fn ask_at(&mut self, what: &str, at: Place, mut params: Value) -> Value {
        params["textDocument"] = json!({ "uri": self.uri });
        params["position"] = at.position();
        self.client.ask(&format!("textDocument/{what}"), &params)
    }
}

/// A crate that declares pipelines, outside of this workspace.
fn user(directory: &Path) -> PathBuf {
    let top = env!("CARGO_MANIFEST_DIR");
    let files = [
        ("Cargo.toml", MANIFEST.replace("TOP", top)),
        ("src/lib.rs", "pub mod declared;\npub mod stages;\n".to_owned()),
        ("src/stages.rs", STAGES.to_owned()),
        ("src/declared.rs", String::new()),
    ];
    fs::create_dir_all(directory.join("src")).expect("the target directory can be written");
    for (path, text) in files {
        fs::write(directory.join(path), text).expect("the target directory can be written");
    }
    // The same versions as everywhere else: they have been built.
    fs::copy(Path::new(top).join("Cargo.lock"), directory.join("Cargo.lock")).expect("the workspace has one");
    directory.canonicalize().expect("it is there")
}
