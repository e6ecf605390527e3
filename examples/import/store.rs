//! Rows in an SQLite database.

use std::path::Path;

use rusqlite::{Connection, Result, params};

use super::row::Row;

/// Rows on their way into a table of a database file. Until they are published, all of them at once, they are kept in
/// another table of that file.
pub(crate) struct Store {
    connection: Connection,
    /// What an earlier import has left half done does not count.
    is_new: bool,
}

/// What the table holds about one station.
#[derive(Debug, PartialEq)]
pub(crate) struct Station {
    pub(crate) name: String,
    pub(crate) rows: u32,
    pub(crate) mean_celsius: f64,
}

impl Store {
    /// Opens `file`, which is created if it is missing.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        // this program may die at any moment; that the whole system does is none of its business before the end
        connection.execute_batch("PRAGMA synchronous = OFF")?;
        Ok(Store { connection, is_new: true })
    }

    /// What is in the file already belongs to this import.
    pub(crate) fn go_on(&mut self) {
        self.is_new = false;
    }

    /// Adds a row to the transaction, and begins one if there is none. A row whose key is there already is left out.
    pub(crate) fn insert(&mut self, key: &str, row: &Row) -> Result<()> {
        self.begin()?;
        let mut insert =
            self.connection.prepare_cached("INSERT OR IGNORE INTO importing VALUES (?, ?, ?, ?)")?;
        insert.execute(params![key, row.day, row.station, row.celsius])?;
        Ok(())
    }

    fn begin(&mut self) -> Result<()> {
        if self.connection.is_autocommit() {
            self.connection.execute_batch("BEGIN")?;
        }
        if self.is_new {
            self.connection.execute_batch(
                "DROP TABLE IF EXISTS importing;
                 CREATE TABLE importing
                     (key TEXT PRIMARY KEY, day TEXT NOT NULL, station TEXT NOT NULL, celsius REAL NOT NULL);",
            )?;
            self.is_new = false;
        }
        Ok(())
    }

    /// Ends the transaction, if there is one.
    pub(crate) fn commit(&mut self) -> Result<()> {
        if self.connection.is_autocommit() { Ok(()) } else { self.connection.execute_batch("COMMIT") }
    }

    /// The rows replace those of an earlier import. That may have happened already.
    pub(crate) fn publish(&mut self) -> Result<()> {
        self.begin()?;
        self.commit()?;
        self.connection.execute_batch("PRAGMA synchronous = FULL")?;
        if self.connection.table_exists(None, "importing")? {
            self.connection.execute_batch(
                "BEGIN;
                 DROP TABLE IF EXISTS readings;
                 ALTER TABLE importing RENAME TO readings;
                 COMMIT;",
            )?;
        }
        Ok(())
    }
}

/// The stations in a database file, by name.
pub(crate) fn stations(file: &Path) -> Result<Vec<Station>> {
    let connection = Connection::open(file)?;
    let mut select = connection
        .prepare("SELECT station, count(*), avg(celsius) FROM readings GROUP BY station ORDER BY station")?;
    let stations = select.query_map([], |row| {
        Ok(Station { name: row.get(0)?, rows: row.get(1)?, mean_celsius: row.get(2)? })
    })?;
    stations.collect()
}
