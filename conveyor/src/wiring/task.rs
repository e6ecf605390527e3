//! What a call of the wiring is for.

use crate::element::rate::Rate;
use crate::element::recipe::{Recipe, SourceRecipe};
use crate::element::watched::{ThisThread, Watched};
use crate::graph::facts::{Facts, StageFacts, TypeFacts};
use crate::graph::flatten::{Flat, Numbers};
use crate::graph::ports::{Copier, Zip};
use crate::graph::settings::Settings;
use crate::graph::table::Table;
#[cfg(target_os = "linux")]
use crate::lane::Lane;
use crate::message::Kept;
use crate::value::{Build, Gather, Job};
#[cfg(target_os = "linux")]
use crate::worker;
use crate::{Failure, Input, Message, Result};
use std::sync::Arc;

/// What a call of the wiring is for.
pub(crate) enum Task<'t> {
    /// In the caller: only types matter, no constructor runs.
    Infer(&'t mut Facts),
    /// In the serial and the threads context: build stages, or rows of them.
    Build(&'t mut Build),
    /// Which graph is it? All pipelines inside are taken apart.
    Describe(&'t mut Option<&'static Flat>),
    /// The declaration as it is, and the pipelines inside.
    Survey(&'t mut Survey),
    /// In the caller: what the pipelines inside make of the parameters that they get.
    Settle(&'t mut Settled),
    /// In a worker: run one stage, or a row of them, on its lane.
    #[cfg(target_os = "linux")]
    Work {
        /// Which one.
        job: Job,
        /// Where.
        lane: &'t mut Lane,
        /// What has become of it; nothing if there is no such stage.
        outcome: &'t mut Option<Result<()>>,
    },
}

/// See [`Task::Survey`].
#[derive(Default)]
pub(crate) struct Survey {
    pub(super) table: Option<&'static Table>,
    /// By the numbers of their elements.
    pub(super) parts: Vec<(u32, &'static Flat)>,
}

/// See [`Task::Settle`].
#[derive(Default)]
pub(crate) struct Settled {
    pub(crate) settings: Settings,
    /// Their parameters, encoded, by the ordinals of the pipelines.
    pub(crate) params: Vec<Vec<u8>>,
    /// What these refer to.
    pub(crate) kept: Kept,
    /// The first pipeline whose parameters could not be made, and why.
    pub(crate) failure: Option<(&'static str, Failure)>,
}

impl Task<'_> {
    /// The same task, for a part of the work.
    pub(super) fn again(&mut self) -> Task<'_> {
        match self {
            Task::Infer(facts) => Task::Infer(facts),
            Task::Build(build) => Task::Build(build),
            Task::Describe(known) => Task::Describe(known),
            Task::Survey(survey) => Task::Survey(survey),
            Task::Settle(settled) => Task::Settle(settled),
            #[cfg(target_os = "linux")]
            Task::Work { job, lane, outcome } => Task::Work { job: *job, lane, outcome },
        }
    }

    /// Does a worker run one stage?
    pub(super) fn is_work(&self) -> bool {
        #[cfg(target_os = "linux")]
        return matches!(self, Task::Work { .. });
        #[cfg(not(target_os = "linux"))]
        return false;
    }

    /// Is there something to do for it in the pipeline with these numbers?
    pub(super) fn concerns(&self, numbers: &Numbers) -> bool {
        match self {
            Task::Infer(_) | Task::Describe(_) | Task::Survey(_) => true,
            Task::Settle(settled) => settled.failure.is_none(),
            Task::Build(build) => build.failure.is_none() && first_lane(build, numbers).is_some(),
            #[cfg(target_os = "linux")]
            Task::Work { job, .. } => has(numbers, *job),
        }
    }

    /// The parameters of the pipeline with these numbers could not be made.
    pub(super) fn fail(&mut self, numbers: &Numbers, failure: Failure) {
        match self {
            Task::Settle(settled) => settled.failure = Some((numbers.name(), failure)),
            Task::Build(build) => {
                build.at = first_lane(build, numbers);
                build.failure = Some(failure);
            }
            #[cfg(target_os = "linux")]
            Task::Work { outcome, .. } => **outcome = Some(Err(failure)),
            _ => {}
        }
    }

    pub(super) fn ends<In: Message, Out: Message>(&mut self) {
        if let Task::Infer(facts) = self {
            facts.input = Some(TypeFacts::of::<In>());
            facts.output = Some(TypeFacts::of::<Out>());
        }
    }

    /// The sizes of the elements of a pipeline's own pools.
    pub(super) fn pools(&mut self, numbers: &Numbers, elements: &[usize]) {
        if let Task::Infer(Facts { pool_elements, .. }) = self {
            for (pool, size) in (0..).zip(elements).filter_map(|(own, size)| Some((numbers.pool(own)?, size)))
            {
                pool_elements.resize(pool_elements.len().max(pool as usize + 1), 0);
                pool_elements[pool as usize] = *size;
            }
        }
    }

    pub(super) fn table(&mut self, table: &'static Table) {
        if let Task::Survey(survey) = self {
            survey.table = Some(table);
        }
    }

    pub(super) fn stage<C: 'static, X: Recipe<C>>(&mut self, stage: u32, scope: Option<&Arc<C>>, recipe: X) {
        match self {
            Task::Infer(facts) => {
                let about = StageFacts::of::<<X::In as Input>::Message, X::Out, X::Step>(
                    X::STATELESS,
                    <X::Rate as Rate>::ONE,
                );
                facts.stages.insert(stage, about);
            }
            Task::Build(build) => {
                scope.into_iter().for_each(|scope| build.process(Job::Stage(stage), scope, recipe));
            }
            #[cfg(target_os = "linux")]
            Task::Work { job, lane, outcome } if *job == Job::Stage(stage) => {
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
                facts.stages.insert(stage, StageFacts::of::<(), X::Out, X::Pump>(false, false));
            }
            Task::Build(build) => {
                scope.into_iter().for_each(|scope| build.pump(Job::Stage(stage), scope, recipe));
            }
            #[cfg(target_os = "linux")]
            Task::Work { job, lane, outcome } if *job == Job::Stage(stage) => {
                **outcome = scope.map(|scope| worker::pump(recipe, scope, lane));
            }
            _ => {}
        }
    }

    /// A row of stages, as one.
    pub(super) fn row<C: 'static, X: Recipe<C>>(&mut self, group: u32, scope: Option<&Arc<C>>, recipe: X) {
        match (self, scope) {
            (Task::Build(build), Some(scope)) => {
                build.process(Job::Row(group), scope, Watched(recipe, ThisThread))
            }
            #[cfg(target_os = "linux")]
            (Task::Work { job, lane, outcome }, Some(scope)) if *job == Job::Row(group) => {
                **outcome = Some(worker::process(Watched(recipe, lane.desk()), scope, lane));
            }
            _ => {}
        }
    }

    /// The same for a row that starts with a source.
    pub(super) fn row_from_source<C: 'static, X: SourceRecipe<C>>(
        &mut self,
        group: u32,
        scope: Option<&Arc<C>>,
        recipe: X,
    ) {
        match (self, scope) {
            (Task::Build(build), Some(scope)) => {
                build.pump(Job::Row(group), scope, Watched(recipe, ThisThread))
            }
            #[cfg(target_os = "linux")]
            (Task::Work { job, lane, outcome }, Some(scope)) if *job == Job::Row(group) => {
                **outcome = Some(worker::pump(Watched(recipe, lane.desk()), scope, lane));
            }
            _ => {}
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

/// The lane of the first of the orders left that lies in the pipeline with these numbers.
fn first_lane(build: &Build, numbers: &Numbers) -> Option<usize> {
    build.orders.iter().find(|order| has(numbers, order.job)).map(|order| order.lane)
}

/// Does it lie in the pipeline with these numbers?
fn has(numbers: &Numbers, job: Job) -> bool {
    match job {
        Job::Stage(stage) => numbers.has_element(stage),
        Job::Row(group) => numbers.has_group(group),
    }
}
