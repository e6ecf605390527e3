use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::example::Example;
use lines::Lines;
use row::Row;

#[path = "../../examples/import/lines.rs"]
#[expect(dead_code, reason = "nobody dies in a serial computation")]
mod lines;
#[path = "../../examples/import/row.rs"]
mod row;

/// What an import leaves behind.
#[derive(Debug, PartialEq)]
struct Imported {
    rows: Vec<Row>,
    bad: String,
}

pub(crate) fn check(context: &str) {
    let directory = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/import/readings.csv");
    let many = directory.path().join("many.csv");
    fs::write(&many, many_lines()).unwrap();
    let import = || Example::new("import", context).directory(directory.path());
    let imported = || Imported::in_directory(directory.path());

    let printed = import().arg(&sample).prints();
    assert!(printed.starts_with("Bergen           12 rows, 11.0 degrees on average\n"), "{printed}");
    assert!(printed.contains("\n\n5 bad lines in bad.txt"), "{printed}");
    assert_eq!(imported(), serial(&[&sample]));

    import().arg(&sample).arg(&many).prints();
    let both = serial(&[&sample, &many]);
    assert_eq!(imported(), both);

    let complaint = import().arg(&many).arg("no/such/file").complains();
    assert!(complaint.contains("`lines` failed"), "{complaint}");
    assert!(complaint.contains("no/such/file: No such file"), "{complaint}");
    assert_eq!(imported().rows, both.rows, "a failed import changes no rows");

    import().stdin(&many).prints();
    let piped = serial(&[&many]);
    assert_eq!(imported(), Imported { bad: piped.bad.replace(many.to_str().unwrap(), "-"), ..piped });

    import().arg(&sample).arg("-").stdin(&many).prints();
    assert_eq!(imported().rows, both.rows);
}

impl Imported {
    fn in_directory(directory: &Path) -> Self {
        let database = Connection::open(directory.join("good.db")).unwrap();
        let mut select =
            database.prepare("SELECT day, station, celsius FROM readings ORDER BY rowid").unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            Ok(Row { day: row.get(0)?, station: row.get(1)?, celsius: row.get(2)? })
        };
        let rows = select.query_map([], row).unwrap().map(Result::unwrap).collect();
        Imported { rows, bad: fs::read_to_string(directory.join("bad.txt")).unwrap() }
    }
}

fn serial(files: &[&Path]) -> Imported {
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let mut lines = Lines::of(&files);
    let mut imported = Imported { rows: Vec::new(), bad: String::new() };
    while let Some(line) = lines.next_line().unwrap() {
        match Row::parse(line) {
            Ok(row) => imported.rows.push(row),
            Err(bad) => imported.bad += &format!("{bad}\n"),
        }
    }
    imported
}

/// Every seventh line is bad; the last one has no end.
fn many_lines() -> String {
    let line = |n: u32| match n % 7 {
        0 => format!("line {n}"),
        _ => format!(
            "2026-{:02}-{:02},station {},{}",
            n % 12 + 1,
            n % 28 + 1,
            n % 5,
            f64::from(n % 600) / 10.0
        ),
    };
    (1..5000).map(line).collect::<Vec<_>>().join("\n")
}
