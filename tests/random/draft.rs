//! A declaration as it is to be written: statements and elements, each token that may be to blame with a mark. What is
//! to be broken is broken here.

use crate::model::{Join, Policy, Role};
use crate::value::Ty;
use std::collections::BTreeSet;

/// A token, or a piece of user code, that can be marked.
#[derive(Clone, Default)]
pub(crate) struct Spot {
    pub(crate) text: String,
    pub(crate) mark: Option<usize>,
}

impl From<&str> for Spot {
    fn from(text: &str) -> Spot {
        Spot { text: text.to_owned(), mark: None }
    }
}

impl From<String> for Spot {
    fn from(text: String) -> Spot {
        Spot { text, mark: None }
    }
}

/// One answer of rustc: where, and words that it contains.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) mark: usize,
    pub(crate) says: Vec<String>,
}

/// A whole declaration.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    pub(crate) attributes: Vec<Spot>,
    pub(crate) header: Header,
    pub(crate) statements: Vec<Statement>,
    /// Warnings of a valid graph, errors of a broken one.
    pub(crate) expected: Vec<Expected>,
    pub(crate) marks: usize,
    /// What it has that a test wants to see.
    pub(crate) features: BTreeSet<&'static str>,
}

#[derive(Clone, Default)]
pub(crate) struct Header {
    /// With a name it is an item.
    pub(crate) name: Option<Spot>,
    pub(crate) types: Option<(Spot, Spot)>,
    pub(crate) params: Vec<Param>,
    /// It takes messages from the caller.
    pub(crate) is_open: bool,
    /// It gives messages to the caller.
    pub(crate) has_end: bool,
}

#[derive(Clone)]
pub(crate) struct Param {
    pub(crate) name: Spot,
    pub(crate) ty: &'static str,
    /// Written in the header; otherwise a local or an argument has it.
    pub(crate) value: Option<Spot>,
}

#[derive(Clone)]
pub(crate) enum Statement {
    Declaration {
        name: Spot,
        element: Element,
    },
    Chain(Vec<Element>),
    /// A mistake that is no statement.
    Raw(Vec<Spot>),
}

#[derive(Clone)]
pub(crate) struct Element {
    /// Not written at the beginning of a chain.
    pub(crate) arrow: Spot,
    pub(crate) is: Is,
    /// Its keywords, or the name it was declared with.
    pub(crate) words: Vec<Spot>,
    pub(crate) is_use: bool,
    pub(crate) code: Option<Spot>,
    pub(crate) options: Vec<(Spot, Option<Spot>)>,
    pub(crate) branches: Vec<Vec<Element>>,
}

/// What an element is, whether it is named or not.
#[derive(Clone, PartialEq)]
pub(crate) enum Is {
    Stage {
        role: Role,
        takes: Ty,
        gives: Ty,
        is_in_zip: bool,
    },
    Pipe,
    /// With the region that it opens, if there is one.
    Fork(Policy, Option<usize>),
    /// With the region that it closes, if there is one.
    Join(Join, Option<usize>),
}

impl Element {
    pub(crate) fn new(is: Is) -> Element {
        let words: Vec<&str> = match &is {
            Is::Stage { role, .. } => vec![role.keyword()],
            Is::Pipe => vec!["pipe"],
            Is::Fork(Policy::Replicated, _) => vec!["replicated", "fork"],
            Is::Fork(..) => vec!["balanced", "fork"],
            Is::Join(kind, _) => vec!["join", kind.keyword()],
        };
        Element {
            arrow: "->".into(),
            is,
            words: words.into_iter().map(Spot::from).collect(),
            is_use: false,
            code: None,
            options: Vec::new(),
            branches: Vec::new(),
        }
    }

    pub(crate) fn pipe() -> Element {
        Element::new(Is::Pipe)
    }

    /// A use of the name of such an element.
    pub(crate) fn named(is: Is, name: &str) -> Element {
        Element { words: vec![name.into()], is_use: true, ..Element::new(is) }
    }

    /// `processor(code)` of numbers, for mistakes.
    pub(crate) fn stage(role: Role, code: &str) -> Element {
        let is = Is::Stage { role, takes: Ty::Number, gives: Ty::Number, is_in_zip: false };
        Element { code: Some(code.into()), ..Element::new(is) }
    }

    pub(crate) fn is_pipe(&self) -> bool {
        self.is == Is::Pipe
    }

    pub(crate) fn is_stage(&self) -> bool {
        matches!(self.is, Is::Stage { .. })
    }

    pub(crate) fn role(&self) -> Option<Role> {
        if let Is::Stage { role, .. } = self.is { Some(role) } else { None }
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.is_use.then(|| self.words[0].text.as_str())
    }
}

impl Draft {
    /// Marks a spot, and gives the mark.
    pub(crate) fn mark(marks: &mut usize, spot: &mut Spot) -> usize {
        *spot.mark.get_or_insert_with(|| {
            *marks += 1;
            *marks - 1
        })
    }

    /// All chains, those in braces behind the one around them.
    pub(crate) fn chains(&mut self) -> Vec<&mut Vec<Element>> {
        let statements = self.statements.iter_mut();
        statements
            .filter_map(|statement| match statement {
                Statement::Chain(chain) => Some(chain),
                _ => None,
            })
            .collect()
    }

    /// Calls it for each element of each chain in textual order, until it gives something.
    pub(crate) fn find<T>(&mut self, mut wanted: impl FnMut(&mut Element) -> Option<T>) -> Option<T> {
        self.chains().into_iter().find_map(|chain| find(chain, &mut wanted))
    }
}

fn find<T>(chain: &mut [Element], wanted: &mut impl FnMut(&mut Element) -> Option<T>) -> Option<T> {
    for element in chain {
        if let Some(found) = wanted(element) {
            return Some(found);
        }
        if let Some(found) = element.branches.iter_mut().find_map(|branch| find(branch, wanted)) {
            return Some(found);
        }
    }
    None
}
