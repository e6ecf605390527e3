//! A share at work: the loop over its items, with the kernel inlined.
//!
//! What the kernel panics with or fails with is caught here, so that the pool survives it; the items behind are done all
//! the same, unless the map is to stop. Which item has panicked is noted only while the panic unwinds: so a loop whose
//! kernel cannot panic has nothing to note, and vectorises.

use super::entry::Entry;
use super::home::{Home, Room};
use super::items::Items;
use super::job::{Job, Setup};
use super::outputs::Outputs;
use super::pool::GATHERED_BYTES_MAX;
use super::scope::Scope;
use super::tally::Tally;
use super::task::{Fault, Outcome, Place, TaskView};
use crate::context::caught;
use crate::message::{Decoder, Encoded};
use crate::{Failure, Message, Result, lane};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// How a worker makes its state.
pub(super) type Init<W, S> = for<'j> fn(Setup<'j, W>) -> Result<S>;

/// What becomes of the state in the end.
pub(super) type Finish<W, S> = for<'j> fn(Setup<'j, W>, S) -> Result<()>;

/// Runs a share. `begin` makes what is gathered, from what stands behind items and outputs in the arguments; `each` is
/// the kernel; `end` encodes what has been gathered.
///
/// After a panic the worker makes its state again, because nobody knows what has become of it, and goes on behind the item.
#[inline(always)]
pub(super) fn run<I, O, W, S, A>(
    task: &TaskView<'_>,
    home: &mut Home,
    begin: impl Fn(&mut Decoder<'_>, usize) -> Result<A>,
    each: impl for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<()>,
    end: impl FnOnce(A) -> Result<Encoded>,
) -> Outcome
where
    I: Items + ?Sized,
    O: Outputs,
    W: Message,
    S: 'static,
{
    let (place, at_items) = (Cell::new(Place::Share), Cell::new(Duration::ZERO));
    let mut tally = Tally::of(task);
    let mut gathered = None::<A>;
    while tally.goes_on() {
        place.set(Place::Share);
        let outcome = caught(|| {
            let (scope, mut args) = (Scope::default(), task.args.with_references());
            let items = I::iter(I::Share::view(&mut args)?, &scope);
            // SAFETY: the caller deals out each item once, again only when who had it is dead, and borrows the outputs
            // mutably until all shares have come back (`exchange`). Parts of an earlier round are let go.
            let parts = unsafe { O::parts(O::Share::view(&mut args)?, &scope) };
            let mut initial = <Encoded as Message>::view(&mut args)?.with_references();
            let begun = match gathered.take() {
                Some(gathered) => gathered,
                None => begin(&mut initial, tally.len())?,
            };
            let mut held = Held { value: None, to: &mut gathered };
            let gathered = held.value.insert(begun);
            let worker = lane().index();
            let Room { with, state } = home.room(*task.map, || {
                place.set(Place::Init);
                let init = Entry::<Init<W, S>>::decode(&mut args)?.function()?;
                let with = W::decode(&mut <Encoded as Message>::view(&mut args)?.with_references())?;
                let state = init(Setup { worker, with: &with })?;
                place.set(Place::Share);
                Ok(Room { with, state })
            })?;
            let (mut pairs, started) = (items.zip(parts), Instant::now());
            if tally.done() > 0 {
                pairs.nth(tally.done() - 1);
            }
            let mut left = tally.left();
            for (index, (item, out)) in left.items().zip(pairs) {
                let note = Note { place: &place, index };
                let done = each(gathered, Job { worker, index, item, out, with, state });
                std::mem::forget(note);
                left.has_gone();
                if let Err(failure) = done
                    && left.stops_at(index, &failure)
                {
                    break;
                }
            }
            drop(left);
            at_items.set(started.elapsed());
            Ok::<_, Failure>(())
        });
        match outcome {
            Ok(Ok(())) => tally.ends(),
            Ok(Err(failure)) => tally.gives_up(place.get(), false, failure.to_string()),
            Err(panicked) => {
                // what it has left behind may panic, too
                let _ = caught(|| home.leave::<W, S>(*task.map));
                tally.panicked(place.get(), panicked.text);
            }
        }
    }
    home.at_items = at_items.get();
    let encoded = caught(|| match gathered {
        Some(gathered) => end(gathered).and_then(|encoded| tally.fitting(encoded, GATHERED_BYTES_MAX)),
        None => Ok(Encoded::default()),
    });
    match encoded {
        Ok(Ok(encoded)) => tally.outcome(encoded),
        Ok(Err(failure)) => tally.lost(false, failure.to_string()),
        Err(panicked) => tally.lost(true, panicked.text),
    }
}

/// The end of a map in a worker, which meets the others then: so each of them comes here once.
pub(super) fn leave<W: Message, S: 'static>(task: &TaskView<'_>, home: &mut Home) -> Outcome {
    let outcome = caught(|| {
        let (mut args, worker) = (task.args, lane().index());
        let (finish, meeting) = (Entry::<Finish<W, S>>::decode(&mut args)?.function()?, args.value()?);
        let finished = caught(|| match home.leave(*task.map) {
            Some(Room { with, state }) => finish(Setup { worker, with: &with }, state),
            None => Ok(()),
        });
        home.board.meet(worker, meeting);
        Ok::<_, Failure>(finished)
    });
    let (panicked, text) = match outcome {
        Ok(Ok(Ok(Ok(())))) => return Outcome::default(),
        Ok(Ok(Ok(Err(failure))) | Err(failure)) => (false, failure.to_string()),
        Ok(Ok(Err(panicked))) | Err(panicked) => (true, panicked.text),
    };
    Outcome { fault: Some(Fault { place: Place::Finish, panicked, text }), ..Outcome::default() }
}

/// What is gathered, in a place of its own as long as the loop runs: so that nothing else can lie there. It goes back also
/// when it unwinds.
struct Held<'g, A> {
    value: Option<A>,
    to: &'g mut Option<A>,
}

impl<A> Drop for Held<'_, A> {
    #[inline(always)]
    fn drop(&mut self) {
        *self.to = self.value.take();
    }
}

/// Notes the item at work when it unwinds.
struct Note<'p> {
    place: &'p Cell<Place>,
    index: usize,
}

impl Drop for Note<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.place.set(Place::Item(self.index as u64));
    }
}
