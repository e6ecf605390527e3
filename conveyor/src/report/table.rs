//! A report as text: a row for each processor, rows for its workers if it has several, what was dropped if anything
//! was, and the bottleneck.

use super::Report;
use super::processor::ProcessorReport;
use std::fmt;
use std::time::Duration;

/// In less time the start of the workers outweighs what they do: their shares of it say nothing.
const TELLING: Duration = Duration::from_millis(20);
/// Whoever is busy for less than that, which is shown as 0 %, holds up nobody.
const LEAST: f64 = 0.005;
const COLUMNS: usize = 9;
const HEADER: [&str; COLUMNS] =
    ["processor", "in", "out", "busy", "no input", "no room", "step p50", "step p99", "queue"];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEADER.map(str::to_owned)];
        let is_telling = self.elapsed >= TELLING;
        let row = |name, of: &ProcessorReport<'_>| row(name, of, is_telling);
        for processor in self.processors() {
            rows.push(row(processor.name().to_owned(), &processor));
            let lanes = processor.lanes();
            if lanes.len() > 1 {
                rows.extend(lanes.iter().filter_map(|lane| {
                    let alone = ProcessorReport::of(std::slice::from_ref(lane))?;
                    Some(row(format!("  worker {}", lane.lane), &alone))
                }));
            }
        }
        write_aligned(f, &rows)?;
        for pipe in self.pipes.iter().filter(|pipe| pipe.dropped > 0) {
            writeln!(f, "dropped: {} in the pipe `{}`", pipe.dropped, pipe.name)?;
        }
        for processor in self.processors() {
            let name = processor.name();
            match processor.replaced() {
                0 => {}
                1 => writeln!(f, "replaced: a worker of `{name}`")?,
                times => writeln!(f, "replaced: workers of `{name}`, {times} times")?,
            }
            if processor.left_out() > 0 {
                writeln!(f, "left out: {} of `{name}`, see the dead letters", processor.left_out())?;
            }
        }
        for width in &self.widths {
            writeln!(f, "{width}")?;
        }
        writeln!(f, "elapsed: {}", human_time(self.elapsed))?;
        match self.bottleneck() {
            Some(_) if !is_telling => write!(f, "bottleneck: the run was too short to tell"),
            Some(at) if at.load() < LEAST => {
                write!(f, "bottleneck: none, every processor waits nearly all the time")
            }
            Some(at) => write!(
                f,
                "bottleneck: `{}`, busy {:.0} % of the time{}",
                at.name(),
                at.load() * 100.0,
                match at.lanes().len() {
                    1 => String::new(),
                    workers => format!(" in {workers} workers"),
                }
            ),
            None => write!(f, "bottleneck: none, nothing has been done"),
        }
    }
}

fn row(name: String, of: &ProcessorReport<'_>, is_telling: bool) -> [String; COLUMNS] {
    let share = |part: f64| if is_telling { format!("{:.0} %", part * 100.0) } else { "-".to_owned() };
    let step = |time: Option<Duration>| time.map_or_else(|| "-".to_owned(), human_time);
    [
        name,
        of.messages_in().to_string(),
        of.messages_out().to_string(),
        share(of.load()),
        share(of.share(of.waiting_for_input())),
        share(of.share(of.waiting_for_output())),
        step(of.step_p50()),
        step(of.step_p99()),
        format!("{:.1}", of.queue_fill()),
    ]
}

/// Names to the left, figures to the right.
fn write_aligned(f: &mut fmt::Formatter<'_>, rows: &[[String; COLUMNS]]) -> fmt::Result {
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    });
    for row in rows {
        let [name, figures @ ..] = row;
        let [name_width, figure_widths @ ..] = &widths;
        write!(f, "{name:<name_width$}")?;
        for (figure, width) in figures.iter().zip(figure_widths) {
            write!(f, "  {figure:>width$}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

/// Three digits and the unit that suits them.
fn human_time(time: Duration) -> String {
    let ns = time.as_nanos() as f64;
    let (value, unit) = match ns {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "us"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    let decimals = match value {
        _ if unit == "ns" => 0,
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}
