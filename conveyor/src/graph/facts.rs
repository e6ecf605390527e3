//! What the caller learns from the wiring without running anything: the types on the edges, as data.

use crate::Message;
use crate::element::keep::{self, Keep};
use crate::value::{AnyPort, GatherParts, Kit};
use std::collections::BTreeMap;

/// Facts by element number.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) stages: BTreeMap<u32, StageFacts>,
    /// How each replicated fork copies its messages.
    pub(crate) copiers: BTreeMap<u32, fn() -> AnyPort>,
    /// How each `join zip` makes its tuples.
    pub(crate) gathers: BTreeMap<u32, GatherParts>,
    /// What the open head takes; `()` if there is none.
    pub(crate) input: Option<TypeFacts>,
    /// What the open end gives; `()` if there is none.
    pub(crate) output: Option<TypeFacts>,
    /// The size of an element of each pool, in bytes.
    pub(crate) pool_elements: Vec<usize>,
}

/// About one source, processor, sink or relay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StageFacts {
    /// What it takes; `()` for a source.
    pub(crate) takes: TypeFacts,
    /// What it gives; `()` for a sink.
    pub(crate) gives: TypeFacts,
    /// Nothing is lost when it is made anew.
    pub(crate) stateless: bool,
    /// By its type it gives exactly one output for each input.
    pub(crate) gives_one: bool,
    /// What its checkpoint takes at most, in bytes; 0 if it has none.
    pub(crate) checkpoint_bytes: usize,
}

impl StageFacts {
    pub(crate) fn of<In: Message, Out: Message, S: Keep>(stateless: bool, gives_one: bool) -> StageFacts {
        let (takes, gives) = (TypeFacts::of::<In>(), TypeFacts::of::<Out>());
        StageFacts { takes, gives, stateless, gives_one, checkpoint_bytes: S::BYTES_MAX }
    }

    /// Made anew, it goes on where its last commit was.
    pub(crate) fn resumes(&self) -> bool {
        self.checkpoint_bytes > 0
    }
}

impl Facts {
    /// What the checkpoint of a lane with these stages takes at most, in bytes; 0 if it has none.
    pub(crate) fn checkpoint_bytes(&self, stages: impl ExactSizeIterator<Item = u32>) -> usize {
        let counts = if stages.len() > 1 { stages.len() * keep::LENGTH } else { 0 };
        let states = stages.filter_map(|stage| self.stages.get(&stage)).map(|about| about.checkpoint_bytes);
        match states.sum() {
            0 => 0,
            states => states + counts,
        }
    }
}

/// About one message type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeFacts {
    pub(crate) name: &'static str,
    /// In bytes, of the value itself.
    pub(crate) size: usize,
    /// The slot holds the value itself.
    pub(crate) plain: bool,
    /// It may hold chunks of a pool.
    pub(crate) holds_chunks: bool,
    /// How it travels as a value.
    pub(crate) kit: Kit,
}

impl TypeFacts {
    pub(crate) fn of<T: Message>() -> TypeFacts {
        TypeFacts {
            name: std::any::type_name::<T>(),
            size: size_of::<T>(),
            plain: T::PLAIN.is_some(),
            holds_chunks: T::HOLDS_CHUNKS,
            kit: Kit::of::<T>(),
        }
    }
}
