//! A life of a lane, as a coroutine: it hands over where it would sleep.

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Outcome = Result<(), String>;

pub(crate) enum Life {
    Unborn,
    Lived(Coroutine<(), (), Outcome>),
    Over,
    /// Somebody else drives the lane.
    Elsewhere,
}

const STACK_BYTES: usize = 256 << 10;

thread_local! {
    static CURRENT: Cell<*const Yielder<(), ()>> = const { Cell::new(std::ptr::null()) };
    static STACKS: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) };
}

/// From now on lanes of this thread hand over instead of sleeping.
pub(crate) fn take_the_strings() {
    conveyor::private::drive(|| {
        let current = CURRENT.get();
        assert!(!current.is_null(), "only lanes sleep");
        // SAFETY: it is the yielder of the coroutine at work, on whose stack we are.
        unsafe { (*current).suspend(()) };
        CURRENT.set(current); // others have been at work
    });
}

impl Life {
    pub(crate) fn begin(life: impl FnOnce() -> Outcome + 'static) -> Life {
        let stack = STACKS.with_borrow_mut(Vec::pop);
        let stack = stack.unwrap_or_else(|| DefaultStack::new(STACK_BYTES).expect("memory for a stack"));
        Life::Lived(Coroutine::with_stack(stack, move |yielder, ()| {
            CURRENT.set(yielder);
            let outcome = catch_unwind(AssertUnwindSafe(life));
            outcome.unwrap_or_else(|_| Err("a panic: of the caller's end".to_owned()))
        }))
    }

    /// Until it would sleep, or is over.
    pub(crate) fn turn(&mut self) -> Outcome {
        let Life::Lived(coroutine) = self else {
            return Ok(());
        };
        match coroutine.resume(()) {
            CoroutineResult::Yield(()) => Ok(()),
            CoroutineResult::Return(outcome) => {
                self.bury();
                outcome
            }
        }
    }

    fn bury(&mut self) {
        if let Life::Lived(coroutine) = std::mem::replace(self, Life::Over) {
            STACKS.with_borrow_mut(|stacks| stacks.push(coroutine.into_stack()));
        }
    }

    /// The run is being stopped, so that it is over when it looks.
    pub(crate) fn dismiss(&mut self) {
        while let Life::Lived(_) = self {
            let _ = self.turn();
        }
        *self = Life::Unborn;
    }
}
