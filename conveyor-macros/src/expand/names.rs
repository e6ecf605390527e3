//! What elements are called in errors, reports and pictures: the user's names, or ones made from the user's code.

use crate::ast::{Code, JoinKind};
use crate::graph::{Graph, Kind};
use petgraph::graph::NodeIndex;
use std::collections::HashSet;
use syn::Expr;

/// One name per element of the table; no two are alike.
pub(crate) fn names(graph: &Graph<'_>, sorted: &[NodeIndex]) -> Vec<String> {
    let declared = graph.nodes().filter_map(|node| graph.node(node).name.map(ToString::to_string));
    let mut taken: HashSet<String> = declared.collect();
    let of = |(number, node): (usize, &NodeIndex)| {
        let node = graph.node(*node);
        if let Some(name) = node.name {
            return name.to_string();
        }
        let (word, is_telling) = match node.kind {
            Kind::Stage(role, code) => match told(code) {
                Some(word) => (word, true),
                None => (role.keyword().to_owned(), false),
            },
            Kind::Input | Kind::Output => (node.kind.noun().to_owned(), true),
            Kind::Fork(_) => ("fork".to_owned(), false),
            Kind::Join(JoinKind::Merge | JoinKind::Zip | JoinKind::Ordered) => ("join".to_owned(), false),
            _ => (node.kind.noun().to_owned(), false),
        };
        let mut name = if is_telling { word } else { format!("{word}{number}") };
        while !taken.insert(name.clone()) {
            name = format!("{name}_{number}");
        }
        name
    };
    sorted.iter().enumerate().map(of).collect()
}

/// `blur` of `image::blur`, `Detect` of `Detect::new()?`: the type, or else the function.
fn told(code: &Code) -> Option<String> {
    let mut expr = code.parsed.as_deref()?;
    let path = loop {
        expr = match expr {
            Expr::Call(call) => &call.func,
            Expr::MethodCall(call) => &call.receiver,
            Expr::Try(inner) => &inner.expr,
            Expr::Paren(inner) => &inner.expr,
            Expr::Struct(value) => break &value.path,
            Expr::Path(path) => break &path.path,
            _ => return None,
        };
    };
    let words: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let is_type = |word: &&String| word.starts_with(char::is_uppercase);
    words.iter().rev().find(is_type).or(words.last()).cloned()
}
