//! A share at work: the loop over its items, with the kernel inlined.
//!
//! What the kernel panics with or fails with is caught here, so that the pool survives it. Which item it was is noted
//! only while a panic unwinds: so a loop whose kernel cannot panic has nothing to note, and vectorises.

use super::entry::Entry;
use super::home::{Home, Room};
use super::items::Items;
use super::job::{Job, Setup};
use super::outputs::Outputs;
use super::pool::GATHERED_BYTES_MAX;
use super::scope::Scope;
use super::task::{Fault, Place, TaskView};
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
/// After a panic the worker makes its state again: nobody knows what has become of it.
///
/// # Errors
/// What the kernel or a hook has failed or panicked with, and where.
#[inline(always)]
pub(super) fn run<I, O, W, S, A>(
    task: &TaskView<'_>,
    home: &mut Home,
    begin: impl FnOnce(&mut Decoder<'_>, usize) -> Result<A>,
    each: impl for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<()>,
    end: impl FnOnce(A) -> Result<Encoded>,
) -> Result<Encoded, Fault>
where
    I: Items + ?Sized,
    O: Outputs,
    W: Message,
    S: 'static,
{
    let (place, at_items) = (Cell::new(Place::Share), Cell::new(Duration::ZERO));
    let outcome = caught(|| {
        let (first, len) = (index(*task.first)?, index(*task.len)?);
        let (scope, mut args) = (Scope::default(), task.args.with_references());
        let items = I::iter(I::Share::view(&mut args)?, &scope);
        // SAFETY: the caller deals out each item once, again only when who had it is dead, and borrows the outputs
        // mutably until all shares have come back (`exchange`).
        let parts = unsafe { O::parts(O::Share::view(&mut args)?, &scope) };
        let mut gathered = begin(&mut <Encoded as Message>::view(&mut args)?.with_references(), len)?;
        let worker = lane().index();
        let Room { with, state } = home.room(*task.map, || {
            place.set(Place::Init);
            let init = Entry::<Init<W, S>>::decode(&mut args)?.function()?;
            let with = W::decode(&mut <Encoded as Message>::view(&mut args)?.with_references())?;
            let state = init(Setup { worker, with: &with })?;
            place.set(Place::Share);
            Ok(Room { with, state })
        })?;
        let (mut left, started) = (len, Instant::now());
        for (index, (item, out)) in (first..first + len).zip(items.zip(parts)) {
            let note = Note { place: &place, index };
            let done = each(&mut gathered, Job { worker, index, item, out, with, state });
            std::mem::forget(note);
            if let Err(failure) = done {
                place.set(Place::Item(index as u64));
                return Err(failure);
            }
            left -= 1;
        }
        at_items.set(started.elapsed());
        if left > 0 {
            return Err(Failure::new(format_args!("a share of {len} items has {left} too few")));
        }
        end(gathered).and_then(|encoded| fitting(encoded, first, len, &place))
    });
    home.at_items = at_items.get();
    let (panicked, text) = match outcome {
        Ok(Ok(encoded)) => return Ok(encoded),
        Ok(Err(failure)) => (false, failure.to_string()),
        Err(panicked) => (true, panicked.text),
    };
    if panicked {
        // what it has left behind may panic, too
        let _ = caught(|| home.leave::<W, S>(*task.map));
    }
    Err(Fault { place: place.get(), panicked, text })
}

/// The end of a map in a worker, which meets the others then: so each of them comes here once.
///
/// # Errors
/// What the hook has failed or panicked with.
pub(super) fn leave<W: Message, S: 'static>(task: &TaskView<'_>, home: &mut Home) -> Result<Encoded, Fault> {
    let outcome = caught(|| {
        let (mut args, worker) = (task.args, lane().index());
        let (finish, meeting) = (Entry::<Finish<W, S>>::decode(&mut args)?.function()?, args.value()?);
        let finished = caught(|| match home.leave(*task.map) {
            Some(Room { with, state }) => finish(Setup { worker, with: &with }, state),
            None => Ok(()),
        });
        home.board.meet(worker, meeting);
        Ok(finished)
    });
    let place = Place::Finish;
    match outcome {
        Ok(Ok(Ok(Ok(())))) => Ok(Encoded::default()),
        Ok(Ok(Ok(Err(failure))) | Err(failure)) => {
            Err(Fault { place, panicked: false, text: failure.to_string() })
        }
        Ok(Ok(Err(panicked))) | Err(panicked) => Err(Fault { place, panicked: true, text: panicked.text }),
    }
}

/// What has been gathered, if it can travel.
fn fitting(encoded: Encoded, first: usize, len: usize, place: &Cell<Place>) -> Result<Encoded> {
    let bytes = encoded.bytes().len();
    if bytes <= GATHERED_BYTES_MAX {
        return Ok(encoded);
    }
    if len == 1 {
        place.set(Place::Item(first as u64));
    }
    Err(Failure::new(format_args!(
        "what came of the items {first} to {} has {bytes} bytes, and at most {GATHERED_BYTES_MAX} travel at a time: write \
         what is large into an output, or see that fewer items go together, by `.share_len(..)`",
        first + len - 1
    )))
}

fn index(number: u64) -> Result<usize> {
    usize::try_from(number).map_err(|_| Failure::damaged("an index that exceeds memory"))
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
