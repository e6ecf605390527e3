//! What the wiring is asked to build.

use super::halt::Halt;
use super::kit::AnyPort;
use super::process::Process;
use super::pump::Pumping;
use super::row::Row;
use super::stage::Stage;
use crate::element::recipe::{Recipe, SourceRecipe};
use crate::meter;
use crate::sync::AtomicU64;
use crate::{Failure, Result};
use std::sync::Arc;

/// What a stage or a row of stages is connected to.
pub(crate) struct Ports {
    /// `None` for sources.
    pub(crate) inlet: Option<AnyPort>,
    pub(crate) outlet: AnyPort,
    pub(crate) row: Row,
    pub(crate) halt: Halt,
    /// How many flush marks the caller has asked for.
    pub(crate) marks: Arc<AtomicU64>,
}

/// One stage or row to build.
pub(crate) struct Order {
    /// The stage's or the group's number; every lane has an order of its own.
    pub(crate) number: u32,
    /// For the one who orders.
    pub(crate) unit: usize,
    /// Which of how many lanes it is.
    pub(crate) lane: (usize, usize),
    pub(crate) ports: Ports,
}

/// Orders, and what has become of them.
pub(crate) struct Build {
    /// Rows of stages are wanted, not single ones.
    pub(crate) rows: bool,
    pub(crate) orders: Vec<Order>,
    /// By unit.
    pub(crate) built: Vec<(usize, Box<dyn Stage>)>,
    /// The unit whose constructor is at work, or has failed.
    pub(crate) at: Option<usize>,
    pub(crate) failure: Option<Failure>,
}

impl Build {
    pub(crate) fn new(rows: bool, orders: Vec<Order>) -> Build {
        Build { rows, orders, built: Vec::new(), at: None, failure: None }
    }

    /// A stage, or a row of stages: runs the constructors.
    pub(crate) fn process<C: 'static, X: Recipe<C>>(
        &mut self,
        row: bool,
        number: u32,
        scope: &Arc<C>,
        recipe: X,
    ) {
        self.serve(row, number, |ports| Ok(Box::new(Process::new(recipe.build(scope)?, ports))));
    }

    /// The same for what starts with a source.
    pub(crate) fn pump<C: 'static, X: SourceRecipe<C>>(
        &mut self,
        row: bool,
        number: u32,
        scope: &Arc<C>,
        recipe: X,
    ) {
        self.serve(row, number, |ports| Ok(Box::new(Pumping::new(recipe.build(scope)?, ports))));
    }

    fn serve(&mut self, row: bool, number: u32, make: impl Fn(Ports) -> Result<Box<dyn Stage>>) {
        if self.rows != row || self.failure.is_some() {
            return;
        }
        for order in self.orders.extract_if(.., |order| order.number == number) {
            self.at = Some(order.unit);
            meter::enter(order.lane.0, order.lane.1);
            match make(order.ports) {
                Ok(stage) => self.built.push((order.unit, stage)),
                Err(failure) => {
                    self.failure = Some(failure);
                    return;
                }
            }
        }
    }
}
