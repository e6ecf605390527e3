//! A graph as a draft: which names, pipes, capacities and options are written, and in which order.

mod chain;
mod header;
mod options;
mod part;
pub(crate) mod rare;

use crate::draft::{Draft, Element, Is, Spot, Statement};
use crate::model::{Graph, Join, Knot, Strand, ends_in_sinks};
use crate::unfold::unfolded;
use chain::Before;
use fastrand::Rng;
use std::collections::BTreeSet;

pub(crate) use header::PARAMS;
pub(crate) use options::{DROPPING, RECOVERY, ROOM};

/// The names of items are given by the number of the graph.
pub(crate) fn draft(graph: Graph, number: usize, rng: &mut Rng) -> Draft {
    let parts = part::parts(&graph, number, rng);
    let name = (rng.u32(..100) < 40).then(|| format!("Graph{number}"));
    let mut draft = written(graph, name, &parts, rng);
    for part in &parts {
        draft.features.extend(&part.features);
    }
    draft.parts = parts;
    draft
}

/// With a name it is an item.
fn written(graph: Graph, name: Option<String>, parts: &[Draft], rng: &mut Rng) -> Draft {
    let end_is_free = header::end_is_free(&graph);
    let graph = unfolded(graph, [0, 30, 80][rng.usize(..3)], rng);
    let implicit = [Implicit::Never, Implicit::Never, Implicit::Never, Implicit::Allowed, Implicit::Warned];
    let implicit = implicit[rng.usize(..5)];
    let recovers = rng.u32(..100) < 8;
    let mut writer = Writer {
        rng,
        draft: Draft::default(),
        implicit,
        names: 0,
        regions: graph.knots.len(),
        around: (false, false),
        used: BTreeSet::new(),
        parts,
        recovers,
    };
    if implicit == Implicit::Allowed {
        writer.draft.attributes.push("#![allow(implicit_pipe)]".into());
        writer.feature("#![allow(implicit_pipe)]");
    }
    writer.graph(&graph);
    writer.header(&graph, name);
    writer.draft.header.end_is_free = end_is_free;
    writer.draft
}

/// May pipes between stages be left out?
#[derive(Clone, Copy, PartialEq)]
enum Implicit {
    Never,
    Allowed,
    Warned,
}

struct Writer<'r> {
    rng: &'r mut Rng,
    draft: Draft,
    implicit: Implicit,
    /// How many names there are.
    names: usize,
    /// How many regions there are; the first numbers are those of knots.
    regions: usize,
    /// Is the place in a zip, and is it in braces?
    around: (bool, bool),
    /// The parts that stand inside, by their numbers.
    used: BTreeSet<usize>,
    /// What may stand inside.
    parts: &'r [Draft],
    /// Some stages say what becomes of them when they die: then it runs in processes only.
    recovers: bool,
}

impl Writer<'_> {
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn feature(&mut self, feature: &'static str) {
        self.draft.features.insert(feature);
    }

    fn warn(&mut self, spot: &mut Spot, code: &'static str) {
        self.draft.expect(spot.mark(), &[code]);
        self.feature(code);
    }

    fn graph(&mut self, graph: &Graph) {
        let names: Vec<String> = graph.knots.iter().map(|_| self.fresh_name()).collect();
        let knots: Vec<Is> = (0..graph.knots.len()).map(|knot| self.knot(graph, knot)).collect();
        for (is, name) in knots.iter().zip(&names) {
            self.feature(if matches!(is, Is::Fork(..)) { "fork by name" } else { "join by name" });
            self.declare(name, Element::new(is.clone()));
        }
        let used = |knot: usize| Element::named(knots[knot].clone(), &names[knot]);
        let declared = std::mem::take(&mut self.draft.statements);
        let mut statements: Vec<(Option<usize>, Statement)> =
            declared.into_iter().map(|statement| (None, statement)).collect();
        for strand in &graph.strands {
            for (into_zip, chain) in self.strand(graph, strand, &used) {
                statements.push((into_zip, Statement::Chain(chain)));
            }
            let declared = std::mem::take(&mut self.draft.statements);
            statements.extend(declared.into_iter().map(|statement| (None, statement)));
        }
        self.draft.statements = self.in_any_order(statements);
    }

    fn knot(&mut self, graph: &Graph, knot: usize) -> Is {
        let region = graph.regions.iter().find(|(fork, join)| [*fork, *join].contains(&knot));
        let region = region.map(|(fork, _)| *fork);
        match graph.knots[knot] {
            Knot::Fork(policy) => Is::Fork(policy, region),
            Knot::Join(kind) => Is::Join(kind, region),
        }
    }

    /// One statement, or several that meet at names; with the zip that the last of them leads to.
    fn strand(
        &mut self,
        graph: &Graph,
        strand: &Strand,
        used: &impl Fn(usize) -> Element,
    ) -> Vec<(Option<usize>, Vec<Element>)> {
        self.around = (strand.in_zip, false);
        let mut chain = Vec::new();
        let mut before = Before::Nothing;
        if let Some(knot) = strand.from {
            chain.push(used(knot));
            before = match graph.knots[knot] {
                Knot::Fork(policy) => Before::Fork(policy),
                Knot::Join(_) => Before::Join,
            };
        }
        let before = self.steps(&mut chain, &strand.steps, before);
        let mut zip = None;
        if let Some(knot) = strand.to {
            self.pipe_before_knot(&mut chain, before);
            chain.push(used(knot));
            zip = (graph.knots[knot] == Knot::Join(Join::Zip)).then_some(knot);
        } else if !ends_in_sinks(&strand.steps)
            && (chain.len() < 2 && strand.from.is_some() || self.chance(15))
            && before != Before::Loose
        {
            chain.push(Element::pipe());
            self.feature("pipe at the open end");
        }
        let mut statements: Vec<_> = self.split(chain).into_iter().map(|chain| (None, chain)).collect();
        if let Some(last) = statements.last_mut() {
            last.0 = zip;
        }
        statements
    }

    /// A chain may be interrupted at a name, and go on from there.
    fn split(&mut self, chain: Vec<Element>) -> Vec<Vec<Element>> {
        let mut chains = vec![Vec::new()];
        let last = chain.len().saturating_sub(1);
        for (at, element) in chain.into_iter().enumerate() {
            let is_name = element.is_use && (element.is_stage() || element.is_pipe());
            let again = element.clone();
            chains.last_mut().expect("there is always one").push(element);
            if is_name && at > 0 && at < last && self.chance(35) {
                self.feature("chain in several statements");
                chains.push(vec![again]);
            }
        }
        chains
    }

    /// The order of the statements matters only for the parts of a zip.
    fn in_any_order(&mut self, mut statements: Vec<(Option<usize>, Statement)>) -> Vec<Statement> {
        if self.chance(60) {
            let numbered: Vec<_> = statements.into_iter().enumerate().collect();
            let mut shuffled = numbered;
            self.rng.shuffle(&mut shuffled);
            let zips: Vec<usize> = shuffled.iter().filter_map(|(_, (zip, _))| *zip).collect();
            for zip in zips {
                let at: Vec<usize> =
                    (0..shuffled.len()).filter(|at| shuffled[*at].1.0 == Some(zip)).collect();
                let mut parts: Vec<_> = at.iter().map(|at| shuffled[*at].clone()).collect();
                parts.sort_by_key(|(number, _)| *number);
                at.into_iter().zip(parts).for_each(|(at, part)| shuffled[at] = part);
            }
            statements = shuffled.into_iter().map(|(_, statement)| statement).collect();
            self.feature("statements in any order");
        }
        statements.into_iter().map(|(_, statement)| statement).collect()
    }

    fn declare(&mut self, name: &str, element: Element) {
        self.draft.statements.push(Statement::Declaration { name: name.into(), element: element.into() });
    }

    /// A name that stands for an element, with its declaration.
    fn named(&mut self, element: Element) -> Element {
        let name = self.fresh_name();
        let used = Element::named(element.is.clone(), &name);
        self.declare(&name, element);
        used
    }

    fn fresh_name(&mut self) -> String {
        const WORDS: [&str; 8] = ["clean", "load", "tax", "ship", "vote", "parse", "tally", "blur"];
        let word = WORDS[self.rng.usize(..WORDS.len())];
        self.names += 1;
        format!("{word}_{}", self.names)
    }
}
