//! A declaration as it is to be written: statements and elements, each token that may be to blame with a mark. What is
//! to be broken is broken here.

use crate::model::{Join, Policy, Role};
use crate::value::Ty;
use fastrand::Rng;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) type Chain = Vec<Element>;

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
    /// Items that are used inside.
    pub(crate) parts: Vec<Draft>,
    /// Warnings of a valid graph, errors of a broken one; those of the items inside are with them.
    pub(crate) expected: Vec<Expected>,
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
    /// It stands in a function with a type parameter `T`, which is what it takes: this, in an `Option`.
    pub(crate) generic: Option<Ty>,
    /// What it gives comes from no fork that is still open.
    pub(crate) end_is_free: bool,
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
        element: Box<Element>,
    },
    Chain(Chain),
    /// `pool name(2) of [u8; 16]`
    Pool(Spot),
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
    pub(crate) branches: Vec<Chain>,
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
    /// A pipeline inside.
    Part,
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
            Is::Part => vec!["pipeline"],
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

    /// Or a part, which stands where a stage could.
    pub(crate) fn is_stage(&self) -> bool {
        matches!(self.is, Is::Stage { .. } | Is::Part)
    }

    pub(crate) fn role(&self) -> Option<Role> {
        if let Is::Stage { role, .. } = self.is { Some(role) } else { None }
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.is_use.then(|| self.words[0].text.as_str())
    }
}

impl Spot {
    /// Marks it, and gives the mark.
    pub(crate) fn mark(&mut self) -> usize {
        static MARKS: AtomicUsize = AtomicUsize::new(0);
        *self.mark.get_or_insert_with(|| MARKS.fetch_add(1, Ordering::Relaxed))
    }
}

impl Draft {
    /// rustc has to answer at this mark, with these words.
    pub(crate) fn expect(&mut self, mark: usize, says: &[&str]) {
        self.expected.push(Expected { mark, says: says.iter().map(|word| word.to_string()).collect() });
    }

    /// All that rustc has to answer, also of the items inside.
    pub(crate) fn all_expected(&self) -> impl Iterator<Item = &Expected> {
        self.parts.iter().chain([self]).flat_map(|draft| &draft.expected)
    }

    /// The chain that begins with what takes the caller's messages.
    pub(crate) fn head(&mut self) -> Option<&mut Chain> {
        let behind = self.names(|at, _| at > 0);
        let is_head = |element: &Element| {
            element.is_stage()
                && element.role() != Some(Role::Source)
                && element.name().is_none_or(|name| !behind.iter().any(|other| other == name))
        };
        self.chains().find(|chain| is_head(&chain[0]))
    }

    /// The names at such positions of statements, of which the length is given, too.
    pub(crate) fn names(&mut self, is_meant: impl Fn(usize, usize) -> bool) -> Vec<String> {
        let mut names = Vec::new();
        for chain in self.chains() {
            let at_meant = chain.iter().enumerate().filter(|(at, _)| is_meant(*at, chain.len()));
            names.extend(at_meant.filter_map(|(_, element)| element.name().map(str::to_owned)));
        }
        names
    }

    /// All statements that are chains.
    pub(crate) fn chains(&mut self) -> impl Iterator<Item = &mut Chain> {
        self.statements.iter_mut().filter_map(|statement| match statement {
            Statement::Chain(chain) => Some(chain),
            _ => None,
        })
    }

    /// Shows each element with the chain that it stands in, in textual order, until something is given.
    pub(crate) fn find<T>(&mut self, mut wanted: impl FnMut(&mut Chain, usize) -> Option<T>) -> Option<T> {
        self.chains().find_map(|chain| find(chain, &mut wanted))
    }

    /// Does something at any of the places where it can be done.
    pub(crate) fn at_some<T>(
        &mut self,
        rng: &mut Rng,
        can: impl Fn(&Chain, usize) -> bool,
        act: impl FnOnce(&mut Chain, usize) -> T,
    ) -> Option<T> {
        let mut places = 0;
        self.find(|chain, at| {
            places += usize::from(can(chain, at));
            None::<()>
        });
        let mut left = (places > 0).then(|| rng.usize(..places))?;
        let mut act = Some(act);
        self.find(|chain, at| {
            if !can(chain, at) {
                return None;
            }
            if left > 0 {
                left -= 1;
                return None;
            }
            act.take().map(|act| act(chain, at))
        })
    }

    /// Where rustc is to show an element: at its first use.
    pub(crate) fn first_use(&mut self, is: &Is, name: Option<&str>) -> Option<usize> {
        self.find(|chain, at| {
            let element = &mut chain[at];
            let is_meant = match name {
                Some(_) => element.name() == name,
                None => !element.is_use && element.is == *is,
            };
            is_meant.then(|| element.words[0].mark())
        })
    }

    /// The first use of the fork or the join of a region, and whether it has a name.
    pub(crate) fn of_region(&mut self, region: usize, wanted: fn(&Is) -> Option<usize>) -> Option<usize> {
        self.find(|chain, at| (wanted(&chain[at].is) == Some(region)).then(|| chain[at].words[0].mark()))
    }

    pub(crate) fn chain(&mut self, elements: impl Into<Chain>) {
        self.statements.push(Statement::Chain(elements.into()));
    }
}

impl Is {
    /// The region that a fork opens.
    pub(crate) fn opened(&self) -> Option<usize> {
        if let Is::Fork(_, region) = self { *region } else { None }
    }

    /// The region that a join closes.
    pub(crate) fn closed(&self) -> Option<usize> {
        if let Is::Join(_, region) = self { *region } else { None }
    }
}

fn find<T>(chain: &mut Chain, wanted: &mut impl FnMut(&mut Chain, usize) -> Option<T>) -> Option<T> {
    let mut at = 0;
    while at < chain.len() {
        if let Some(found) = wanted(chain, at) {
            return Some(found);
        }
        if let Some(found) = chain[at].branches.iter_mut().find_map(|branch| find(branch, wanted)) {
            return Some(found);
        }
        at += 1;
    }
    None
}
