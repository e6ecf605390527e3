//! What a call of the wiring is for.

use crate::element::recipe::{Recipe, SourceRecipe};
use crate::graph::facts::{Facts, StageFacts, TypeFacts};
use crate::graph::ports::{Copier, Zip};
use crate::graph::table::Table;
#[cfg(target_os = "linux")]
use crate::lane::Lane;
use crate::value::{Build, Gather};
#[cfg(target_os = "linux")]
use crate::worker;
use crate::{Input, Message, Result};
use std::sync::Arc;

/// What a call of the wiring is for.
pub(crate) enum Task<'t> {
    /// In the caller: only types matter, no constructor runs.
    Infer(&'t mut Facts),
    /// In the serial and the threads context: build stages, or rows of them.
    Build(&'t mut Build),
    /// In a worker: which graph is it?
    Describe(&'t mut Option<&'static Table>),
    /// In a worker: run one stage on its lane.
    #[cfg(target_os = "linux")]
    Work {
        /// Which one.
        stage: u32,
        /// Where.
        lane: &'t mut Lane,
        /// What has become of it; nothing if there is no such stage.
        outcome: &'t mut Option<Result<()>>,
    },
}

impl Task<'_> {
    pub(super) fn ends<In: Message, Out: Message>(&mut self, pool_elements: &'static [usize]) {
        if let Task::Infer(facts) = self {
            facts.input = Some(TypeFacts::of::<In>());
            facts.output = Some(TypeFacts::of::<Out>());
            facts.pool_elements = pool_elements;
        }
    }

    pub(super) fn table(&mut self, table: &'static Table) {
        if let Task::Describe(known) = self {
            **known = Some(table);
        }
    }

    pub(super) fn stage<C: 'static, X: Recipe<C>>(&mut self, stage: u32, scope: Option<&Arc<C>>, recipe: X) {
        match self {
            Task::Infer(facts) => {
                let about = StageFacts::of::<<X::In as Input>::Message, X::Out>();
                facts.stages.insert(stage, about);
            }
            Task::Build(build) => {
                scope.into_iter().for_each(|scope| build.process(false, stage, scope, recipe))
            }
            #[cfg(target_os = "linux")]
            Task::Work { stage: wanted, lane, outcome } if *wanted == stage => {
                **outcome = scope.map(|scope| worker::process(recipe, scope, lane));
            }
            _ => {}
        }
    }

    pub(super) fn source<C: 'static, X: SourceRecipe<C>>(
        &mut self,
        stage: u32,
        scope: Option<&Arc<C>>,
        recipe: X,
    ) {
        match self {
            Task::Infer(facts) => {
                facts.stages.insert(stage, StageFacts::of::<(), X::Out>());
            }
            Task::Build(build) => scope.into_iter().for_each(|scope| build.pump(false, stage, scope, recipe)),
            #[cfg(target_os = "linux")]
            Task::Work { stage: wanted, lane, outcome } if *wanted == stage => {
                **outcome = scope.map(|scope| worker::pump(recipe, scope, lane));
            }
            _ => {}
        }
    }

    pub(super) fn group<C: 'static, X: Recipe<C>>(&mut self, group: u32, scope: Option<&Arc<C>>, recipe: X) {
        if let (Task::Build(build), Some(scope)) = (self, scope) {
            build.process(true, group, scope, recipe);
        }
    }

    pub(super) fn group_from_source<C: 'static, X: SourceRecipe<C>>(
        &mut self,
        group: u32,
        scope: Option<&Arc<C>>,
        recipe: X,
    ) {
        if let (Task::Build(build), Some(scope)) = (self, scope) {
            build.pump(true, group, scope, recipe);
        }
    }

    pub(super) fn replicate(&mut self, fork: u32, Copier(copier): Copier) {
        if let Task::Infer(facts) = self {
            facts.copiers.insert(fork, copier);
        }
    }

    pub(super) fn zip<Z: Zip>(&mut self, join: u32) {
        if let Task::Infer(facts) = self {
            facts.gathers.insert(join, <Z::Tuple as Gather>::gather);
        }
    }
}
