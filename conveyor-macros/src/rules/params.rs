//! Parameters that nothing uses: a warning.

use crate::ast::{Code, Count, Declaration, Policy};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::user::mentions;

pub(super) fn check(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    let params = declaration.header.params.iter().map(|param| &param.name);
    let named = params.filter(|name| !name.to_string().starts_with('_'));
    for name in named {
        let mentioned = |code: &Code| mentions(code.tokens.clone(), name);
        let in_pools =
            declaration.pools.iter().any(|pool| mentioned(&pool.chunks) || mentioned(&pool.elements));
        let in_graph = graph.nodes().any(|node| {
            let about = graph.node(node);
            own_code(&about.kind).is_some_and(mentioned)
                || about.options.iter().filter_map(|option| option.value.as_ref()).any(mentioned)
        });
        if !in_pools && !in_graph {
            let text = format!("no element uses the parameter `{name}`: leave it out, or call it `_{name}`");
            diagnostics.warn(At::of(name), ["unused", "parameter"], text);
        }
    }
}

fn own_code<'k>(kind: &Kind<'k>) -> Option<&'k Code> {
    match *kind {
        Kind::Stage(_, code) | Kind::Pipe(Some(code)) => Some(code),
        Kind::Fork(Policy::Workers(Count::Fixed(count))) => Some(count),
        Kind::Pipeline(inner) => Some(&inner.arguments),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::says;

    #[test]
    fn wherever_a_parameter_is_used() {
        let used = [
            "processor(f(n));",
            "processor(|x| format!(\"{n}\"));",
            "processor(a) -> pipe(*n) -> processor(b);",
            "processor(a) -> pipe [batch = *n] -> processor(b);",
            "processor(a) -> pipe -> balanced fork(n) { processor(b) } -> pipe -> join ordered;",
            "processor(a) -> pipe -> balanced fork(auto) [max = *n] { processor(b) } -> pipe -> join ordered;",
            "pipeline p = P(*n); p;",
            "pool chunks(*n) of [u8; 3]; processor(f(chunks));",
        ];
        for chains in used {
            says(&format!("<u64 -> u64>(n: usize); {chains}"), &[]);
        }
    }

    #[test]
    fn a_parameter_that_nothing_uses() {
        says(
            "<u64 -> u64>(n: usize, m: usize, _k: u8);\nprocessor(|x| x + m);",
            &["1:14 warning: no element uses the parameter `n`: leave it out, or call it `_n`"],
        );
    }
}
