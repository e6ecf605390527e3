//! The header: expression or item, types, and those parameters that something uses.

use super::Writer;
use crate::draft::{Element, Header, Param, Spot, Statement};
use crate::model::{Graph, Knot, Step, ends_in_sinks};
use crate::value::Ty;

/// All parameters: name, type, value.
pub(crate) const PARAMS: [(&str, &str, &str); 6] = [
    ("key", "u64", "KEY"),
    ("count", "u64", "COUNT"),
    ("room", "usize", "3"),
    ("workers", "usize", "2"),
    ("sinks", "PathBuf", "call.sinks()"),
    ("dry", "bool", "false"),
];

impl Writer<'_> {
    pub(super) fn header(&mut self, graph: &Graph, name: Option<String>) {
        let is_item = name.is_some();
        self.feature(if is_item { "item" } else { "expression" });
        let written = |ty: &Option<Ty>| ty.as_ref().map_or("()".to_owned(), Ty::written);
        let is_closed = graph.takes.is_none() && graph.gives.is_none();
        let types = (!is_closed || self.chance(50))
            .then(|| (written(&graph.takes).into(), written(&graph.gives).into()));
        let mut params = Vec::new();
        for (name, ty, value) in PARAMS {
            if !self.draft.statements.iter().any(|statement| uses(statement, name)) {
                continue;
            }
            self.feature("parameter");
            let value = (!is_item && self.chance(50)).then(|| value.into());
            params.push(Param { name: name.into(), ty, value });
        }
        self.draft.header = Header {
            name: name.map(Spot::from),
            types,
            params,
            is_open: graph.takes.is_some(),
            generic: None,
            end_is_free: false,
        };
    }
}

/// Does the open end lie in no branch of a fork without a join?
pub(super) fn end_is_free(graph: &Graph) -> bool {
    let end = graph.strands.iter().find(|strand| strand.to.is_none() && !ends_in_sinks(&strand.steps));
    end.is_some_and(|end| {
        let is_in_branch = end.from.is_some_and(|knot| matches!(graph.knots[knot], Knot::Fork(_)));
        let leaves_open = |step: &Step| matches!(step, Step::Region(region) if region.join.is_none());
        // whether a part is an end is not known to the macro
        let is_part = matches!(end.steps.last(), Some(Step::Part(_)));
        !is_in_branch && !is_part && !end.steps.iter().any(leaves_open)
    })
}

fn uses(statement: &Statement, name: &str) -> bool {
    match statement {
        Statement::Declaration { element, .. } => element_uses(element, name),
        Statement::Chain(chain) => chain.iter().any(|element| element_uses(element, name)),
        Statement::Pool(_) | Statement::Raw(_) => false,
    }
}

fn element_uses(element: &Element, name: &str) -> bool {
    let values = element.options.iter().filter_map(|(_, value)| value.as_ref());
    let says = |text: &str| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        text.split(|c| !is_part(c)).any(|word| word == name)
    };
    element.code.iter().chain(values).any(|code| says(&code.text))
        || element.branches.iter().flatten().any(|element| element_uses(element, name))
}
