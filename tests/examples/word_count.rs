use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::example::Example;
use tally::Tally;
use walk::{Walk, read};

#[path = "../../examples/word_count/tally.rs"]
mod tally;
#[path = "../../examples/word_count/walk.rs"]
mod walk;

pub(crate) fn check(context: &str) {
    known_words(context);
    equals_a_serial_count(context, &Path::new(env!("CARGO_MANIFEST_DIR")).join("conveyor"));
    closed_file(context);
    closed_pipe(context);

    let complaint = Example::new("word_count", context).arg("no/such/place").complains();
    assert!(complaint.contains("`files` could not be made: no/such/place is not a directory"), "{complaint}");
}

fn known_words(context: &str) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::write(root.join("one.txt"), "To be, or not to be").unwrap();
    fs::write(root.join("a/b/two.txt"), b"that is the caf\xe9: TO\xffBE").unwrap();
    fs::write(root.join("a/empty.txt"), "").unwrap();
    fs::write(root.join("a/picture"), b"be\0be").unwrap();
    symlink(root, root.join("a/b/round")).unwrap();

    let expected = format!(
        "The most frequent words below {}:\n\n         3  be\n         3  to\n         1  caf\n         \
         1  is\n         1  not\n         1  or\n         1  that\n         1  the\n\n\
         12 words, 8 different ones\n3 text files with 42 bytes, 1 binary files\n\n",
        root.display()
    );
    assert_eq!(Example::new("word_count", context).arg(root).prints(), expected);
}

/// Only who may read everything can read it.
fn closed_file(context: &str) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("closed");
    fs::write(&file, "secret").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    equals_a_serial_count(context, directory.path());
}

/// As in `word_count | head -1`, when `head` is done.
fn closed_pipe(context: &str) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "word").unwrap();
    let said = Example::new("word_count", context).arg(directory.path()).prints_into_a_closed_pipe();
    assert!(said.contains("files") && !said.contains("panicked"), "the report, and no more: {said}");
}

fn equals_a_serial_count(context: &str, root: &Path) {
    let printed = Example::new("word_count", context).arg(root).prints();
    let expected = count(root);
    assert_eq!(printed, format!("The most frequent words below {}:\n\n{expected}\n", root.display()));
}

fn count(root: &Path) -> Tally {
    let mut tally = Tally::default();
    for file in Walk::below(root).unwrap() {
        tally.add(file.and_then(read));
    }
    tally
}
