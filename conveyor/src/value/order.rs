//! What the wiring is asked to build.

use super::halt::Halt;
use super::kit::AnyPort;
use super::process::Process;
use super::pump::Pumping;
use super::row::Row;
use super::stage::Stage;
use crate::element::recipe::{Recipe, SourceRecipe};
use crate::meter::{self, at_work::Giver};
use crate::sync::AtomicU64;
use crate::{Failure, Result};
use std::sync::Arc;

/// What a stage or a row of stages is connected to.
pub(crate) struct Ports {
    /// `None` for sources.
    pub(crate) inlet: Option<AnyPort>,
    pub(crate) outlet: AnyPort,
    pub(crate) row: Row,
    /// The stages, as who gives what they give.
    pub(crate) members: Arc<[Giver]>,
    pub(crate) halt: Halt,
    /// How many flush marks the caller has asked for.
    pub(crate) marks: Arc<AtomicU64>,
}

/// What one call of the wiring is to build or to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// A stage alone, by element number.
    Stage(u32),
    /// A row of stages, by its number among the table's groups.
    Row(u32),
}

/// One stage or row to build.
pub(crate) struct Order {
    pub(crate) job: Job,
    /// The lane's number, for the one who orders.
    pub(crate) lane: usize,
    /// Which of how many lanes of its stage it is.
    pub(crate) place: (usize, usize),
    pub(crate) ports: Ports,
}

/// Orders, and what has become of them.
pub(crate) struct Build {
    pub(crate) orders: Vec<Order>,
    /// By lane.
    pub(crate) built: Vec<(usize, Box<dyn Stage>)>,
    /// The lane whose constructor is at work, or has failed.
    pub(crate) at: Option<usize>,
    pub(crate) failure: Option<Failure>,
}

impl Build {
    pub(crate) fn new(orders: Vec<Order>) -> Build {
        Build { orders, built: Vec::new(), at: None, failure: None }
    }

    /// A stage, or a row of stages: runs the constructors.
    pub(crate) fn process<C: 'static, X: Recipe<C>>(&mut self, job: Job, scope: &Arc<C>, recipe: X) {
        self.serve(job, || recipe.build(scope), |step, ports| Box::new(Process::new(step, ports)));
    }

    /// The same for what starts with a source.
    pub(crate) fn pump<C: 'static, X: SourceRecipe<C>>(&mut self, job: Job, scope: &Arc<C>, recipe: X) {
        self.serve(job, || recipe.build(scope), |pump, ports| Box::new(Pumping::new(pump, ports)));
    }

    /// What is ordered keeps its ports until its constructors have succeeded: channels that are dropped before somebody says that the
    /// run has failed look like the end of a stream.
    fn serve<X>(
        &mut self,
        job: Job,
        build: impl Fn() -> Result<X>,
        connect: impl Fn(X, Ports) -> Box<dyn Stage>,
    ) {
        while self.failure.is_none()
            && let Some(index) = self.orders.iter().position(|order| order.job == job)
        {
            let Order { lane, place, .. } = self.orders[index];
            self.at = Some(lane);
            meter::enter(place.0, place.1);
            match build() {
                Ok(built) => {
                    let order = self.orders.remove(index);
                    self.built.push((lane, connect(built, order.ports)));
                }
                Err(failure) => self.failure = Some(failure),
            }
        }
    }
}
