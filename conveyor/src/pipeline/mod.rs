//! What the caller holds.

use crate::Message;
use crate::element::rate::Rate;
use crate::graph::ports::Ends;
use crate::graph::settings::Settings;
use crate::graph::table::Table;
use crate::wiring::{Entry, Pools, Scope, Wiring, call};
use std::marker::PhantomData;

/// A declared pipeline that takes `In` and gives `Out`; `()` where an end is closed by sources or sinks.
pub struct Pipeline<In, Out> {
    pub(crate) declared: Declared,
    kind: PhantomData<fn(In) -> Out>,
}

/// Everything about a pipeline that has no type.
pub(crate) struct Declared {
    pub(crate) table: &'static Table,
    pub(crate) settings: Settings,
    pub(crate) params: crate::message::Encoded,
    pub(crate) entry: Entry,
    pub(crate) main: crate::sys::order::Main,
}

impl<In: Message, Out: Message> Pipeline<In, Out> {
    /// What the macro calls.
    #[doc(hidden)]
    pub fn declare<P, L, R, W>(
        table: &'static Table,
        params: P,
        settings: fn(&P, &mut Settings),
        _wire: W,
    ) -> Pipeline<In, Out>
    where
        P: Message,
        L: Pools,
        R: Rate,
        W: Fn(&mut Wiring<'_, Scope<P, L>>) -> Ends<In, Out, R> + Copy + 'static,
    {
        let mut values = Settings::default();
        settings(&params, &mut values);
        let declared = Declared {
            table,
            settings: values,
            params: crate::message::Encoded::of(&params).expect("x"),
            entry: call::<P, L, In, Out, R, W>,
            main: crate::worker::main::<P, L, In, Out, R, W>,
        };
        Pipeline { declared, kind: PhantomData }
    }
}
