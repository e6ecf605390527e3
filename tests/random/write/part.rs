//! Pipelines that are elements of others: items of their own.

use super::{Writer, written};
use crate::draft::Draft;
use crate::model::{Graph, Part, Strand};
use fastrand::Rng;

/// All parts of a graph. Those that stand inside of others come first.
pub(super) fn parts(graph: &Graph, number: usize, rng: &mut Rng) -> Vec<Draft> {
    let mut parts = Vec::new();
    for (part, about) in graph.parts.iter().enumerate() {
        let name = format!("Part{number}x{part}");
        parts.push(written(alone(about), Some(name), &parts, rng));
    }
    parts
}

/// A part as a graph.
fn alone(part: &Part) -> Graph {
    let strand = Strand { from: None, steps: part.steps.clone(), to: None, in_zip: false };
    Graph {
        strands: vec![strand],
        knots: Vec::new(),
        regions: Vec::new(),
        takes: Some(part.takes.clone()),
        gives: Some(part.gives.clone()),
        sinks: 0,
        parts: Vec::new(),
    }
}

impl Writer<'_> {
    /// The path of a part with its arguments: what it uses, it gets from the pipeline around.
    pub(super) fn call_of_part(&mut self, part: usize) -> String {
        self.feature("pipeline inside");
        if !self.used.insert(part) {
            self.feature("pipeline inside, again");
        }
        let header = &self.parts[part].header;
        let argument =
            |name: &str| if name == "sinks" { "sinks.clone()".to_owned() } else { format!("*{name}") };
        let arguments: Vec<String> = header.params.iter().map(|param| argument(&param.name.text)).collect();
        let name = header.name.as_ref().map_or("", |name| &name.text).to_owned();
        let is_inside = self.parts[part].features.contains("pipeline inside");
        if is_inside {
            self.feature("pipeline inside of one inside");
        }
        match arguments.is_empty() {
            true => name,
            false => format!("{name}({})", arguments.join(", ")),
        }
    }
}
