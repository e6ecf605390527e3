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
        self.serve(job, |ports| Ok(Box::new(Process::new(recipe.build(scope)?, ports))));
    }

    /// The same for what starts with a source.
    pub(crate) fn pump<C: 'static, X: SourceRecipe<C>>(&mut self, job: Job, scope: &Arc<C>, recipe: X) {
        self.serve(job, |ports| Ok(Box::new(Pumping::new(recipe.build(scope)?, ports))));
    }

    fn serve(&mut self, job: Job, make: impl Fn(Ports) -> Result<Box<dyn Stage>>) {
        if self.failure.is_some() {
            return;
        }
        for order in self.orders.extract_if(.., |order| order.job == job) {
            self.at = Some(order.lane);
            meter::enter(order.place.0, order.place.1);
            match make(order.ports) {
                Ok(stage) => self.built.push((order.lane, stage)),
                Err(failure) => {
                    self.failure = Some(failure);
                    return;
                }
            }
        }
    }
}
