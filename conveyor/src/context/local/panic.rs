//! Panics of user code, caught, with their place.

use crate::error::Blame;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

/// What a panic said.
pub(crate) struct Panicked {
    /// The panic's own text, and where it was if that is known.
    pub(crate) text: String,
}

thread_local! {
    /// Is this thread running user code for us?
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static TEXT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs user code. After a panic the caller must not use what it has left behind.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    watch_panics();
    Blame::take(); // of a panic that somebody else has caught
    let outer = WATCHED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    WATCHED.set(outer);
    outcome.map_err(|payload| {
        let said = payload.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| payload.downcast_ref::<&str>().copied());
        let text = TEXT.take().or_else(|| said.map(str::to_owned));
        Panicked { text: text.unwrap_or_else(|| "a panic without a text".to_owned()) }
    })
}

/// Panics in our threads are noted with their place, and then shown as usual: only a hook learns the place.
fn watch_panics() {
    static HOOK: Once = Once::new();
    if HOOK.is_completed() || std::thread::panicking() {
        return; // nobody may change the hook while panicking
    }
    HOOK.call_once(|| {
        let show = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if WATCHED.get() {
                note(panic);
            }
            show(panic);
        }));
    });
}

fn note(panic: &PanicHookInfo<'_>) {
    let text = panic.payload_as_str().unwrap_or("a panic without a text");
    let text = match panic.location() {
        Some(place) => format!("{text}, at {place}"),
        None => text.to_owned(),
    };
    // the last panic counts: an earlier one was caught by the user's own code
    TEXT.with_borrow_mut(|noted| *noted = Some(text));
}
