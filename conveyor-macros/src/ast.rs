//! A declaration as it was written: names are not resolved, nothing is checked.
//!
//! Everything keeps the place of its tokens. Every piece of user code is a [`Code`] with a number of its own, in
//! source order, so that it can be written out exactly once.

use crate::at::At;
use crate::user::Words;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, Path, Type, Visibility};

/// One `pipeline! { ... }`.
#[derive(Default)]
pub(crate) struct Declaration {
    /// Its first token.
    pub(crate) first: Option<At>,
    pub(crate) header: Header,
    /// `#![allow(implicit_pipe)]`
    pub(crate) allows_implicit_pipe: bool,
    /// `#![init = path]`
    pub(crate) init: Option<Path>,
    pub(crate) named: Vec<Named>,
    pub(crate) pools: Vec<Pool>,
    pub(crate) chains: Vec<Chain>,
}

/// The statement in front: all of its parts may be missing.
#[derive(Default)]
pub(crate) struct Header {
    /// Doc comments and attributes, for the item.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Option<Visibility>,
    /// With a name the declaration makes an item.
    pub(crate) name: Option<Ident>,
    pub(crate) types: Option<(Type, Type)>,
    pub(crate) params: Vec<Param>,
    /// Some parameters could not be read.
    pub(crate) lacks_params: bool,
}

impl Header {
    /// `#[cfg(..)]`: without the struct there is nothing of the item.
    pub(crate) fn conditions(&self) -> TokenStream {
        let conditions = self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        conditions.map(ToTokens::to_token_stream).collect()
    }
}

/// `models: Models = load()`
pub(crate) struct Param {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    /// Only in the expression form; without it the local of that name is taken.
    pub(crate) value: Option<Code>,
}

/// `processor clean = Clean::new()`, `replicated fork split`, `join zip both`, `pipe wide(4096)`, `pipeline spam = Spam(words)`
pub(crate) struct Named {
    pub(crate) name: Ident,
    pub(crate) element: Element,
}

/// `pool frames(8) of [u8; 1920 * 1080]`
pub(crate) struct Pool {
    pub(crate) name: Ident,
    pub(crate) chunks: Code,
    pub(crate) item: Type,
    pub(crate) elements: Code,
}

/// `a -> b -> c`
pub(crate) struct Chain {
    pub(crate) links: Vec<Link>,
}

impl Chain {
    /// The names that are used in it.
    pub(crate) fn uses<'a>(&'a self, found: &mut Vec<&'a Ident>) {
        for link in &self.links {
            match &link.element.kind {
                ElementKind::Use(name) => found.push(name),
                ElementKind::Fork { branches, .. } => branches.iter().for_each(|branch| branch.uses(found)),
                ElementKind::Stage(..)
                | ElementKind::Pipeline(_)
                | ElementKind::Pipe { .. }
                | ElementKind::Join(_) => {}
            }
        }
    }
}

/// An element with the arrow that leads to it.
pub(crate) struct Link {
    /// Where a branch or a statement begins there is no arrow; the element's own place stands in.
    pub(crate) arrow: At,
    pub(crate) element: Element,
}

/// What stands between two arrows.
pub(crate) struct Element {
    /// The keyword or the name.
    pub(crate) at: At,
    pub(crate) kind: ElementKind,
    pub(crate) options: Vec<Choice>,
}

pub(crate) enum ElementKind {
    /// A use of a declared name.
    Use(Ident),
    Stage(Role, Code),
    Pipe {
        capacity: Option<Code>,
    },
    Fork {
        policy: Policy,
        branches: Vec<Chain>,
    },
    Join(JoinKind),
    Pipeline(Inner),
}

/// `Spam(words, *limit)`: another pipeline, with its parameters.
pub(crate) struct Inner {
    pub(crate) path: Path,
    /// An ordinary list of arguments, with commas between them.
    pub(crate) arguments: Code,
}

/// How a fork hands on its messages.
#[derive(Clone)]
pub(crate) enum Policy {
    /// Every branch gets every message.
    Replicated,
    /// Unlike branches share the load.
    Shared,
    /// `balanced fork(count)`: so many equal workers.
    Workers(Count),
}

#[derive(Clone)]
pub(crate) enum Count {
    Auto,
    Fixed(Code),
}

/// The keyword in front of user code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Processor,
    Source,
    Sink,
    Filter,
    FilterMap,
    FlatMap,
    TryMap,
}

impl Role {
    pub(crate) const ALL: [(&str, Role); 7] = [
        ("processor", Role::Processor),
        ("source", Role::Source),
        ("sink", Role::Sink),
        ("filter", Role::Filter),
        ("filter_map", Role::FilterMap),
        ("flat_map", Role::FlatMap),
        ("try_map", Role::TryMap),
    ];

    pub(crate) fn of(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|(keyword, _)| *keyword == word).map(|(_, role)| role)
    }

    pub(crate) fn keyword(self) -> &'static str {
        Role::ALL.into_iter().find(|(_, role)| *role == self).map_or("processor", |(keyword, _)| keyword)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Merge,
    Zip,
    Ordered,
}

impl JoinKind {
    pub(crate) const ALL: [(&str, JoinKind); 3] =
        [("merge", JoinKind::Merge), ("zip", JoinKind::Zip), ("ordered", JoinKind::Ordered)];

    pub(crate) fn keyword(self) -> &'static str {
        JoinKind::ALL.into_iter().find(|(_, kind)| *kind == self).map_or("merge", |(keyword, _)| keyword)
    }
}

/// `when_full = drop_newest`, `stdin`
#[derive(Clone)]
pub(crate) struct Choice {
    pub(crate) name: Ident,
    pub(crate) value: Option<Code>,
}

/// User code.
#[derive(Clone)]
pub(crate) struct Code {
    /// Its number, in source order.
    pub(crate) number: usize,
    pub(crate) tokens: TokenStream,
    /// What it mentions.
    pub(crate) words: Words,
    /// Missing while it does not parse (yet); that has been reported.
    pub(crate) parsed: Option<Box<Expr>>,
    pub(crate) at: At,
}
