//! What a call of the wiring is for.

use crate::element::recipe::{Recipe, SourceRecipe};
use crate::graph::facts::{Facts, StageFacts};
use crate::graph::ports::Zip;
use crate::{Input, Message};
use std::sync::Arc;

/// What a call of the wiring is for.
pub enum Task<'t> {
    /// In the caller: only types matter, no constructor runs.
    Infer(&'t mut Facts),
}

impl Task<'_> {
    pub(super) fn stage<C: 'static, X: Recipe<C>>(
        &mut self,
        stage: u32,
        _scope: Option<&Arc<C>>,
        _recipe: X,
    ) {
        match self {
            Task::Infer(facts) => {
                let about = StageFacts::of::<<X::In as Input>::Message, X::Out, X::Rate>(X::STATELESS);
                facts.stages.insert(stage, about);
            }
        }
    }

    pub(super) fn source<C: 'static, X: SourceRecipe<C>>(
        &mut self,
        stage: u32,
        _scope: Option<&Arc<C>>,
        _recipe: X,
    ) {
        match self {
            Task::Infer(facts) => {
                facts.stages.insert(stage, StageFacts::of::<(), X::Out, crate::element::rate::Many>(false));
            }
        }
    }

    pub(super) fn group<C: 'static, X: Recipe<C>>(
        &mut self,
        _group: u32,
        _scope: Option<&Arc<C>>,
        _recipe: X,
    ) {
    }

    pub(super) fn group_from_source<C: 'static, X: SourceRecipe<C>>(
        &mut self,
        _group: u32,
        _scope: Option<&Arc<C>>,
        _recipe: X,
    ) {
    }

    pub(super) fn replicate<T: Message + Clone>(&mut self, _fork: u32) {}

    pub(super) fn zip<Z: Zip>(&mut self, _join: u32) {}
}
