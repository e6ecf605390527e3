//! What a good line holds.

use std::fmt;
use std::ops::RangeInclusive;

use conveyor::Message;

/// A line of input and where it stands.
#[derive(Clone, Debug, PartialEq, Message)]
pub(crate) struct Line {
    pub(crate) file: String,
    /// From 1.
    pub(crate) number: u64,
    pub(crate) text: String,
}

/// A measured temperature.
#[derive(Clone, Debug, PartialEq, Message)]
pub(crate) struct Row {
    pub(crate) day: String,
    pub(crate) station: String,
    pub(crate) celsius: f64,
}

/// A line that is no [`Row`], and why.
#[derive(Clone, Debug, PartialEq, Message)]
pub(crate) struct BadLine {
    pub(crate) line: Line,
    pub(crate) reason: String,
}

impl Row {
    /// Reads `2026-05-01,Oslo,12.5`.
    pub(crate) fn parse(line: Line) -> Result<Row, BadLine> {
        Row::read(&line.text).map_err(|reason| BadLine { line, reason })
    }

    fn read(text: &str) -> Result<Row, String> {
        let fields: Vec<&str> = text.split(',').map(str::trim).collect();
        let [day, station, celsius] = fields[..] else {
            return Err(format!("{} fields instead of 3", fields.len()));
        };
        if !is_day(day) {
            return Err(format!("`{day}` is not a day"));
        }
        if station.is_empty() {
            return Err("no station".to_owned());
        }
        match celsius.parse() {
            Ok(celsius) if (-90.0..=60.0).contains(&celsius) => {
                Ok(Row { day: day.to_owned(), station: station.to_owned(), celsius })
            }
            Ok(celsius) => Err(format!("{celsius} degrees are not possible")),
            Err(_) => Err(format!("`{celsius}` is not a temperature")),
        }
    }
}

/// Is it a year, a month and a day, as in `2026-05-01`?
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    is_number(year, 4, 0..=9999) && is_number(month, 2, 1..=12) && is_number(day, 2, 1..=31)
}

fn is_number(text: &str, digits: usize, range: RangeInclusive<u32>) -> bool {
    text.len() == digits
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse().is_ok_and(|number| range.contains(&number))
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BadLine { line: Line { file, number, text }, reason } = self;
        write!(f, "{file}:{number}: {reason}: {text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_line_has_a_day_a_station_and_a_temperature() {
        let row = Row { day: "2026-05-01".into(), station: "Oslo".into(), celsius: -2.5 };
        assert_eq!(Row::read(" 2026-05-01, Oslo,-2.5\r"), Ok(row));
    }

    #[test]
    fn the_reason_says_what_is_wrong() {
        for (text, reason) in [
            ("", "1 fields instead of 3"),
            ("2026-05-01,Oslo,1,2", "4 fields instead of 3"),
            ("2026-13-01,Oslo,1", "`2026-13-01` is not a day"),
            ("+026-05-01,Oslo,1", "`+026-05-01` is not a day"),
            ("2026-05-01,,1", "no station"),
            ("2026-05-01,Oslo,warm", "`warm` is not a temperature"),
            ("2026-05-01,Oslo,NaN", "NaN degrees are not possible"),
            ("2026-05-01,Oslo,100", "100 degrees are not possible"),
        ] {
            assert_eq!(Row::read(text), Err(reason.to_owned()), "{text}");
        }
    }
}
