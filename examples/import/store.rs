//! Rows in an SQLite database.

use std::path::Path;

use rusqlite::{Connection, Result, params};

use super::row::Row;

/// A new table in a database file. Nothing in the file changes before `commit`.
pub(crate) struct Store {
    connection: Connection,
}

/// What the table holds about one station.
#[derive(Debug, PartialEq)]
pub(crate) struct Station {
    pub(crate) name: String,
    pub(crate) rows: u32,
    pub(crate) mean_celsius: f64,
}

impl Store {
    /// Replaces the table in `file`, which is created if it is missing.
    pub(crate) fn create(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch(
            "BEGIN;
             DROP TABLE IF EXISTS readings;
             CREATE TABLE readings (day TEXT NOT NULL, station TEXT NOT NULL, celsius REAL NOT NULL);",
        )?;
        Ok(Store { connection })
    }

    /// Adds a row to the transaction, and begins one if there is none.
    pub(crate) fn insert(&mut self, row: &Row) -> Result<()> {
        if self.connection.is_autocommit() {
            self.connection.execute_batch("BEGIN")?;
        }
        let mut insert = self.connection.prepare_cached("INSERT INTO readings VALUES (?, ?, ?)")?;
        insert.execute(params![row.day, row.station, row.celsius])?;
        Ok(())
    }

    /// Ends the transaction, if there is one.
    pub(crate) fn commit(&mut self) -> Result<()> {
        if self.connection.is_autocommit() { Ok(()) } else { self.connection.execute_batch("COMMIT") }
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
