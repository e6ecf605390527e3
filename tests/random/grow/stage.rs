//! One stage: a function of the catalogue that fits the place.

use super::region::Around;
use super::{Flow, Grower};
use crate::catalog::{FUNCTIONS, Function};
use crate::model::{Role, Stage};
use crate::value::Ty;

impl Grower<'_> {
    /// Any stage that may stand here.
    pub(super) fn stage(&mut self, flow: &Flow, around: &Around) -> Stage {
        let may_expand = self.expansions > 0;
        let fitting = |function: &&'static Function| {
            !matches!(function.role, Role::Source | Role::Sink)
                && function.fits(&flow.ty)
                && (!around.zip || function.is_one_to_one())
                && (!function.has_state || flow.is_exact)
                && (!function.expands || may_expand)
        };
        let fitting: Vec<_> = FUNCTIONS.iter().filter(fitting).collect();
        let function = fitting[self.rng.usize(..fitting.len())];
        self.expansions -= usize::from(function.expands);
        self.used(function, &flow.ty)
    }

    /// Hands on what it gets.
    pub(super) fn identity(&mut self, ty: &Ty) -> Stage {
        let function = FUNCTIONS.iter().find(|function| function.is_identity());
        self.used(function.expect("the catalogue has it"), ty)
    }

    /// Makes a number of anything.
    pub(super) fn digest(&mut self, ty: &Ty) -> Stage {
        let is_digest = |function: &&Function| {
            function.takes.is_none() && function.gives == Some(Ty::Number) && function.is_one_to_one()
        };
        self.used(FUNCTIONS.iter().find(is_digest).expect("the catalogue has it"), ty)
    }

    /// A source or a sink.
    pub(super) fn end_stage(&mut self, role: Role, ty: &Ty) -> Stage {
        let fitting: Vec<_> = FUNCTIONS.iter().filter(|function| function.role == role).collect();
        let function = fitting[self.rng.usize(..fitting.len())];
        self.used(function, ty)
    }

    /// A sink with a file of its own.
    pub(super) fn sink(&mut self, ty: &Ty) -> Stage {
        let mut stage = self.end_stage(Role::Sink, ty);
        self.left -= 1;
        stage.sink = self.sinks;
        self.sinks += 1;
        stage
    }

    fn used(&mut self, function: &'static Function, ty: &Ty) -> Stage {
        Stage { function, way: self.rng.usize(..function.ways.len()), takes: ty.clone(), sink: 0 }
    }

    /// The same, perhaps written in another way.
    pub(super) fn again(&mut self, stage: &Stage) -> Stage {
        Stage { way: self.rng.usize(..stage.function.ways.len()), ..stage.clone() }
    }
}
