//! The example `import`, run as a user runs it, while its workers are killed: its database has every row once, and its file
//! of bad lines every byte.

use crate::example;
use crate::weather::{SPARING, storm};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const LINES: u32 = 20_000;

/// What an import leaves behind.
#[derive(Debug, PartialEq)]
struct Imported {
    rows: Vec<(String, String, f64)>,
    bad: String,
}

impl Imported {
    fn in_directory(directory: &Path) -> Imported {
        let database = Connection::open(directory.join("good.db")).expect("it is there");
        let select = database.prepare("SELECT day, station, celsius FROM readings ORDER BY rowid");
        let mut select = select.expect("the table is there");
        let rows =
            select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("it can be read");
        let rows = rows.collect::<Result<_, _>>().expect("they are whole");
        Imported { rows, bad: fs::read_to_string(directory.join("bad.txt")).expect("it is there") }
    }
}

/// Every seventh line is bad.
fn line(n: u32) -> Result<(String, String, f64), String> {
    match n % 7 {
        0 => Err(format!("line {n}")),
        _ => Ok((
            format!("2026-05-{:02}", n % 28 + 1),
            format!("station {}", n % 5),
            f64::from(n % 600) / 10.0,
        )),
    }
}

#[test]
fn import() {
    let directory = tempfile::tempdir().expect("there is room");
    let file = directory.path().join("many.csv");
    let lines = (1..=LINES).map(|n| match line(n) {
        Ok((day, station, celsius)) => format!("{day},{station},{celsius}\n"),
        Err(text) => format!("{text}\n"),
    });
    fs::write(&file, lines.collect::<String>()).expect("there is room");
    let bad = (1..=LINES).filter_map(|n| line(n).err().map(|text| (n, text)));
    let bad = bad.map(|(n, text)| format!("{}:{n}: 1 fields instead of 3: {text}\n", file.display()));
    let expected = Imported { rows: (1..=LINES).filter_map(|n| line(n).ok()).collect(), bad: bad.collect() };
    let program = example::path_of("import");

    storm(SPARING, |storm| {
        let mut import = Command::new(&program);
        import.arg(&file).current_dir(directory.path()).env("CONVEYOR_CONTEXT", "processes");
        let import = import.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let import = import.spawn().expect("it can be started");
        storm.aim_at(&import);
        let output = import.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let imported = Imported::in_directory(directory.path());
        assert_eq!(imported.rows.len(), expected.rows.len());
        assert!(imported == expected, "a row or a bad line differs");
    });
}
