//! A declaration, before it is known whether all its types may cross a process border. Those that may not are refused
//! where they stand.

#![allow(clippy::type_complexity)] // only inference writes these types

use super::Pipeline;
use crate::context::{self, Backend, Context, Declared, Engine, RunOptions};
use crate::element::rate::Rate;
use crate::graph::plan::Limits;
use crate::graph::ports::Ends;
use crate::graph::settings::Settings;
use crate::wiring::{Pools, Scope, Wiring, call, settle, table_of};
use crate::{Error, ErrorKind, Message};
use std::marker::PhantomData;
use std::sync::Arc;

/// What [`declare`] got: parameters, what evaluates the settings, and the wiring `W`.
pub struct Declaration<P, L, In, Out, R, W> {
    params: P,
    settings: fn(&P, &mut Settings),
    kind: PhantomData<(fn(W) -> L, Ends<In, Out, R>)>,
}

/// What the macro calls. It is `const` for the sake of an error: where a constant is to be made of a pipeline, rustc says
/// of each call that it cannot make it, and only the one behind this is to be left.
pub const fn declare<P, L, In, Out, R, W>(
    params: P,
    settings: fn(&P, &mut Settings),
    _wire: W,
) -> Declaration<P, L, In, Out, R, W>
where
    W: Fn(&mut Wiring<'_, Scope<P, L>>) -> Ends<In, Out, R> + Copy + 'static,
{
    Declaration { params, settings, kind: PhantomData }
}

impl<P, L, In, Out, R, W> Declaration<P, L, In, Out, R, W>
where
    P: Message,
    L: Pools,
    In: Message,
    Out: Message,
    R: Rate,
    W: Fn(&mut Wiring<'_, Scope<P, L>>) -> Ends<In, Out, R> + Copy + 'static,
{
    /// The pipeline.
    pub fn pipeline(self) -> Pipeline<In, Out> {
        let Declaration { params, settings, .. } = self;
        let mut values = Settings::default();
        settings(&params, &mut values);
        let entry = call::<P, L, In, Out, R, W>;
        let declared = settle(entry, params, values).map(|(params, settings)| {
            Arc::new(Declared {
                table: table_of(entry),
                settings,
                params,
                entry,
                #[cfg(target_os = "linux")]
                main: crate::worker::main::<P, L, In, Out, R, W>,
            })
        });
        Pipeline::new(declared, context::start::<In, Out>)
    }

    /// The pipeline with the types of the header.
    pub fn pipeline_of<Takes: 'static, Gives: 'static>(self) -> Pipeline<Takes, Gives> {
        self.pipeline().typed()
    }
}

/// A declaration with a type that was refused.
pub trait Undeclared<In, Out> {
    /// Never called: the program does not compile.
    fn pipeline(self) -> Pipeline<In, Out>;
    /// Never called, either.
    fn pipeline_of<Takes: 'static, Gives: 'static>(self) -> Pipeline<Takes, Gives>;
}

impl<P, L, In: 'static, Out: 'static, R, W> Undeclared<In, Out> for &Declaration<P, L, In, Out, R, W> {
    fn pipeline(self) -> Pipeline<In, Out> {
        Pipeline::new(Err(refusal()), refused)
    }
    fn pipeline_of<Takes: 'static, Gives: 'static>(self) -> Pipeline<Takes, Gives> {
        Pipeline::new(Err(refusal()), refused)
    }
}

/// How a pipeline starts with a type that was refused.
pub(super) fn refused<In, Out>(
    _: Context,
    _: Backend,
    _: &Declared,
    _: Limits,
    _: &RunOptions,
) -> Result<Engine<In, Out>, Error> {
    Err(refusal())
}

fn refusal() -> Error {
    Error::new(ErrorKind::Start, "a type of the pipeline cannot cross a process border")
}
