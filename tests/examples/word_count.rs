use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::example::Example;
use tally::Tally;
use walk::{Unreadable, Walk};

#[path = "../../examples/word_count/tally.rs"]
mod tally;
#[path = "../../examples/word_count/walk.rs"]
mod walk;

pub(crate) fn check(context: &str) {
    known_words(context);
    this_project(context);
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

fn this_project(context: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("conveyor");
    let printed = Example::new("word_count", context).arg(&root).prints();
    let expected = count(&root);
    assert!(expected.files > 20);
    assert!(printed.ends_with(&format!("\n\n{expected}\n")), "{printed}\ninstead of\n{expected}");
}

/// A serial count.
fn count(root: &Path) -> Tally {
    let mut tally = Tally::default();
    for file in Walk::below(root).unwrap() {
        tally.add_file(&fs::read(file.unwrap()).unwrap());
    }
    tally
}
