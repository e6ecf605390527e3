//! The completed graph with its numbers and names: what all parts of an expansion are written from.

use super::names::names;
use super::paths::{Paths, variable};
use super::rows::{Rows, rows};
use super::scope::Scope;
use crate::ast::{Code, Declaration};
use crate::graph::{Graph, Kind};
use crate::user::Form;
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span};
use std::collections::HashMap;

pub(crate) struct Plan<'p, 'a> {
    pub(super) paths: &'p Paths,
    pub(super) declaration: &'a Declaration,
    pub(super) scope: Scope<'a>,
    pub(super) graph: &'p Graph<'a>,
    /// The elements in the order of the table.
    pub(super) sorted: Vec<NodeIndex>,
    pub(super) names: Vec<String>,
    pub(super) rows: Rows,
    pub(super) in_editor: bool,
    numbers: HashMap<NodeIndex, u32>,
    /// By the number of the code.
    forms: HashMap<usize, Form>,
}

impl<'p, 'a> Plan<'p, 'a> {
    pub(crate) fn new(
        paths: &'p Paths,
        declaration: &'a Declaration,
        graph: &'p Graph<'a>,
        sorted: Vec<NodeIndex>,
        in_editor: bool,
    ) -> Plan<'p, 'a> {
        let numbers = (0..).zip(&sorted).map(|(number, node)| (*node, number)).collect();
        let names = names(graph, &sorted);
        let forms = sorted.iter().filter_map(|node| match graph.node(*node).kind {
            Kind::Stage(_, code) => Some((code.number, Form::of(code))),
            _ => None,
        });
        let forms = forms.collect();
        let mut plan = Plan {
            paths,
            declaration,
            scope: Scope::of(declaration, in_editor),
            graph,
            sorted,
            names,
            rows: Rows { maximal: Vec::new(), parts: Vec::new() },
            in_editor,
            numbers,
            forms,
        };
        plan.rows = rows(&plan);
        plan
    }

    /// The number of an element in the table.
    pub(super) fn number(&self, node: NodeIndex) -> u32 {
        self.numbers[&node]
    }

    /// What kind of code a stage has.
    pub(super) fn form(&self, code: &Code) -> &Form {
        &self.forms[&code.number]
    }

    /// The variable that holds a wired element, or the port behind a fork or a join.
    pub(super) fn variable(&self, node: NodeIndex, at: Span) -> Ident {
        variable(&format!("e{}", self.number(node)), at)
    }
}
