//! Names to nodes, chains to edges.

use crate::ast::{Chain, Declaration, Element, ElementKind, Link};
use crate::at::At;
use crate::diagnostics::{Diagnostics, is_near, listed, nearest};
use crate::graph::{Graph, Kind, Node, Use, WRITTEN};
use crate::parse;
use petgraph::graph::NodeIndex;
use proc_macro2::Ident;
use std::collections::{BTreeMap, HashSet};

/// The graph as it was written, without what the plan inserts. Unknown and doubly declared names are reported.
pub(crate) fn graph<'a>(declaration: &'a Declaration, diagnostics: &mut Diagnostics) -> Graph<'a> {
    let mut resolver = Resolver {
        graph: Graph::new(),
        names: BTreeMap::new(),
        diagnostics,
        links: 0,
        lanes: Vec::new(),
        identities: HashSet::new(),
    };
    resolver.declare(declaration);
    for chain in &declaration.chains {
        let open = resolver.chain(chain, Vec::new());
        resolver.graph.loose.push(open);
    }
    let mut graph = resolver.graph;
    let header = &declaration.header;
    graph.is_closed = header.name.is_some() && header.types.is_none();
    find_lanes(&mut graph);
    graph
}

struct Resolver<'a, 'd> {
    graph: Graph<'a>,
    /// `None`: a parameter or a pool, which is no element.
    names: BTreeMap<String, (At, Option<NodeIndex>)>,
    diagnostics: &'d mut Diagnostics,
    /// Arrows so far.
    links: usize,
    /// The braces of balanced forks `(N)` around.
    lanes: Vec<NodeIndex>,
    /// Branches that are a bare `pipe`.
    identities: HashSet<NodeIndex>,
}

impl<'a> Resolver<'a, '_> {
    fn declare(&mut self, declaration: &'a Declaration) {
        let params = declaration.header.params.iter().map(|param| &param.name);
        for name in params.chain(declaration.pools.iter().map(|pool| &pool.name)) {
            self.declare_name(name, None);
        }
        for named in &declaration.named {
            let node = self.graph.inner.add_node(node(&named.element, Some(&named.name)));
            self.declare_name(&named.name, Some(node));
        }
    }

    fn declare_name(&mut self, name: &'a Ident, node: Option<NodeIndex>) {
        let at = At::from(name);
        match self.names.get(&name.to_string()) {
            Some((first, known)) => {
                let text = format!("CV012: `{name}` is declared twice: rename one of them");
                let (first, known, again) = (*first, *known, format!("CV012: `{name}` is declared again"));
                self.diagnostics.conflict([(first, text), (at, again)]);
                // which of the two a use means is not clear
                self.graph.refuse([known, node].into_iter().flatten());
                // Uses of the name mean the element: they are not to be reported, too.
                if known.is_none() {
                    self.names.insert(name.to_string(), (first, node));
                }
            }
            None => {
                self.names.insert(name.to_string(), (at, node));
            }
        }
    }

    /// Walks along a chain from the elements that are open in front of it; gives those that are open behind it.
    fn chain(&mut self, chain: &'a Chain, mut open: Vec<NodeIndex>) -> Vec<NodeIndex> {
        for (index, Link { arrow, element }) in chain.links.iter().enumerate() {
            self.links += 1;
            if index > 0 && open.is_empty() {
                let text = "CV010: nothing leads to this arrow, every branch before it ends in a sink: end the statement here, or leave \
                            a branch without a sink";
                self.diagnostics.error(*arrow, text);
                open.push(self.unknown(element.at));
            }
            open = match &element.kind {
                ElementKind::Pipe { .. } => self.pipes(element, *arrow, &open),
                ElementKind::Use(name) => vec![self.named(name, element.at, *arrow, &open)],
                ElementKind::Fork { branches, .. } => {
                    let fork = self.single(element, *arrow, &open);
                    self.branches(fork, branches)
                }
                _ => vec![self.single(element, *arrow, &open)],
            };
        }
        open
    }

    fn single(&mut self, element: &'a Element, arrow: At, open: &[NodeIndex]) -> NodeIndex {
        let new = self.graph.inner.add_node(node(element, None));
        self.reach(new, element.at, arrow, open);
        new
    }

    /// A pipe behind several open branches stands behind each of them.
    fn pipes(&mut self, element: &'a Element, arrow: At, open: &[NodeIndex]) -> Vec<NodeIndex> {
        if open.is_empty() {
            return vec![self.single(element, arrow, open)];
        }
        open.iter()
            .map(|from| {
                if !self.extends_identity(*from, element) {
                    return self.single(element, arrow, &[*from]);
                }
                if let ElementKind::Pipe { capacity: Some(capacity) } = &element.kind {
                    self.graph.inner[*from].kind = Kind::Pipe(Some(capacity));
                }
                if !element.options.is_empty() {
                    self.graph.inner[*from].options = &element.options;
                }
                *from
            })
            .collect()
    }

    /// `replicated fork { a, pipe } -> pipe -> join zip`: the branch that is a bare `pipe` and the pipe behind the
    /// fork are one, unless both say how large they are.
    fn extends_identity(&mut self, branch: NodeIndex, element: &Element) -> bool {
        let node = self.graph.node(branch);
        let was_plain = matches!(node.kind, Kind::Pipe(None)) && node.options.is_empty();
        let is_plain =
            matches!(element.kind, ElementKind::Pipe { capacity: None }) && element.options.is_empty();
        (was_plain || is_plain) && self.identities.remove(&branch)
    }

    fn named(&mut self, name: &'a Ident, at: At, arrow: At, open: &[NodeIndex]) -> NodeIndex {
        let known = self.names.get(&name.to_string()).copied();
        let node = match known {
            Some((_, Some(node))) => node,
            _ => {
                let text = match known {
                    Some(_) => format!(
                        "CV011: `{name}` is not an element: parameters and pools are seen by user code"
                    ),
                    None => self.unknown_name(name),
                };
                self.diagnostics.error(at, text);
                self.graph.names_are_known = false;
                self.unknown(at)
            }
        };
        self.reach(node, at, arrow, open);
        node
    }

    fn unknown_name(&self, name: &Ident) -> String {
        let elements = self.names.iter().filter(|(_, (_, node))| node.is_some());
        let word = name.to_string();
        let declared = nearest(&word, elements.map(|(name, _)| name.as_str()));
        let is_declared_alike = declared.first().is_some_and(|name| is_near(&word, name));
        let keyword = parse::elements().into_iter().find(|keyword| is_near(&word, keyword));
        if ["in", "out", "input", "output"].contains(&&*word) && !is_declared_alike {
            return format!(
                "CV011: no element named `{name}`: leave it out; the caller's messages enter where no arrow leads to, and leave \
                 where none leads on"
            );
        }
        let listed = listed(&declared, "and");
        match (keyword, is_declared_alike) {
            (Some(keyword), false) if declared.is_empty() => {
                return format!("CV011: no element named `{name}`; did you mean `{keyword}`?");
            }
            (Some(keyword), false) => {
                return format!(
                    "CV011: no element named `{name}`; did you mean `{keyword}`? declared here: {listed}"
                );
            }
            _ => {}
        }
        if declared.is_empty() && word.starts_with(char::is_uppercase) {
            return format!(
                "CV011: no element named `{name}`: declare it, `pipeline name = {name};` if it is a pipeline, \
                 `processor name = {name};` if it is a processor"
            );
        }
        if declared.is_empty() {
            return format!(
                "CV011: no element named `{name}`: declare it, `processor {name} = ..;`, or write `processor({name})` \
                 here if it is a function"
            );
        }
        format!("CV011: no element named `{name}`; declared here: {listed}")
    }

    fn unknown(&mut self, at: At) -> NodeIndex {
        let (order, kind) = ((usize::MAX, WRITTEN), Kind::Unknown);
        let (uses, lanes) = (Vec::new(), Vec::new());
        self.graph.inner.add_node(Node {
            kind,
            name: None,
            at,
            options: &[],
            order,
            uses,
            lanes,
            inserted: false,
        })
    }

    fn reach(&mut self, node: NodeIndex, at: At, arrow: At, open: &[NodeIndex]) {
        let order = self.links;
        let lanes = self.lanes.clone();
        let entry = &mut self.graph.inner[node];
        entry.order = entry.order.min((order, WRITTEN));
        entry.uses.push(Use { at, lanes });
        for from in open {
            self.graph.connect(*from, node, arrow, self.links);
        }
    }

    fn branches(&mut self, fork: NodeIndex, branches: &'a [Chain]) -> Vec<NodeIndex> {
        let has_workers = self.graph.node(fork).kind.has_workers();
        if has_workers {
            self.lanes.push(fork);
        }
        let mut open: Vec<NodeIndex> = Vec::new();
        for branch in branches {
            let ends = self.chain(branch, vec![fork]);
            if let ([link], [end]) = (&branch.links[..], &ends[..])
                && matches!(link.element.kind, ElementKind::Pipe { .. })
            {
                self.identities.insert(*end);
            }
            for end in ends {
                if !self.graph.node(end).kind.is_sink() && !open.contains(&end) {
                    open.push(end);
                }
            }
        }
        if has_workers {
            self.lanes.pop();
        }
        open
    }
}

fn node<'a>(element: &'a Element, name: Option<&'a Ident>) -> Node<'a> {
    let kind = match &element.kind {
        ElementKind::Use(_) => Kind::Unknown,
        ElementKind::Stage(role, code) => Kind::Stage(*role, code),
        ElementKind::Pipe { capacity } => Kind::Pipe(capacity.as_ref()),
        ElementKind::Fork { policy, .. } => Kind::Fork(policy),
        ElementKind::Join(kind) => Kind::Join(*kind),
        ElementKind::Pipeline(inner) => Kind::Pipeline(inner),
    };
    Node {
        kind,
        name,
        at: element.at,
        options: &element.options,
        order: (usize::MAX, WRITTEN),
        uses: Vec::new(),
        lanes: Vec::new(),
        inserted: false,
    }
}

/// An element stands in those braces that are around all of its uses; a pipe stands where its messages come from.
fn find_lanes(graph: &mut Graph<'_>) {
    for node in graph.nodes() {
        let mut uses = graph.node(node).uses.iter().map(|used| &used.lanes[..]);
        let first = uses.next().unwrap_or_default();
        let lanes = uses.fold(first, common_prefix).to_vec();
        graph.inner[node].lanes = lanes;
    }
    for node in graph.nodes() {
        if let (Kind::Pipe(_), Some(before)) = (graph.node(node).kind, graph.only_before(node)) {
            let lanes = graph.lanes_behind(before);
            graph.inner[node].lanes = lanes;
        }
    }
}

fn common_prefix<'l>(left: &'l [NodeIndex], right: &[NodeIndex]) -> &'l [NodeIndex] {
    let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    &left[..same]
}
