//! Careless neighbours: somebody scribbles over the memory of a run while its lanes work on it, and before new lives of
//! theirs begin. Whatever stands there then, nobody reads or writes out of bounds, goes round in circles, or stumbles over
//! a number: a lane goes on, or says that something is damaged.
//!
//! What comes out need not be right: values may have been scribbled over, too. A lane may wait in vain, as it does for a
//! neighbour that works for ever; but not once all bells are rung, as they are after a death, if nothing is wrong but bells.

use crate::course::{Case, Course};
use conveyor::Message;
use fastrand::Rng;
use std::cell::RefCell;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What has come of scribbling.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcomes {
    /// The outputs are those of an undisturbed run, without any that are given at marks.
    right: usize,
    /// Others came out: values were damaged.
    other: usize,
    /// A lane has said that something is damaged, or user code has not liked what it got.
    refused: usize,
    /// Lanes wait for each other.
    waiting: usize,
}

/// Turns before the first scribble, and between two of them.
const TURNS: usize = 40;
/// Nobody is left out.
const NOBODY: usize = usize::MAX;

thread_local! {
    /// Where the last panic came from, and its text.
    static PANIC: RefCell<(String, String)> = const { RefCell::new((String::new(), String::new())) };
}

/// One run, with the chances that come of the seed.
pub(crate) fn scribbled<In, Out>(
    case: &'static Case<In, Out>,
    seed: u64,
    sum: &mut Outcomes,
) -> Result<(), String>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    tell_of_crashes_with(seed);
    let mut random = Rng::with_seed(seed);
    let mut course = Course::new(case)?;
    let mut done = Vec::new();
    let outcome = disturbed(&mut course, &mut random, &mut done);
    let text = match outcome {
        Ok(true) if course.seen().outputs == case.right_outputs()? => {
            sum.right += 1;
            return Ok(());
        }
        Ok(true) => {
            sum.other += 1;
            return Ok(());
        }
        Ok(false) => {
            sum.waiting += 1;
            return match done.iter().all(|scribble| scribble.is_bell) {
                true => Err(format!(
                    "seed {seed}: lanes wait for ever, and nothing was wrong but bells: {done:?}"
                )),
                false => Ok(()),
            };
        }
        Err(text) => text,
    };
    sum.refused += 1;
    match complaint(&text) {
        None => Ok(()),
        Some(what) => Err(format!("seed {seed}: {what}: {done:?}")),
    }
}

/// Whether everybody has come to its end.
fn disturbed<In, Out>(
    course: &mut Course<In, Out>,
    random: &mut Rng,
    done: &mut Vec<Scribble>,
) -> Result<bool, String>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    for _ in 0..random.usize(..TURNS) {
        course.run_one(NOBODY)?;
    }
    for _ in 0..random.usize(1..5) {
        let areas = course.stand.protocol_areas();
        let bells = course.stand.bell_area();
        done.push(Scribble::make(course.bytes_mut(), &areas, &bells, random));
        if random.bool() {
            let (bytes, seen) = (course.bytes().to_owned(), course.seen());
            course.resume(&bytes, seen);
        }
        for _ in 0..random.usize(..TURNS) {
            course.run_one(NOBODY)?;
        }
    }
    course.run(None)?;
    course.stand.ring_all();
    course.run(None)?;
    Ok((0..course.stand.lanes()).all(|lane| course.stand.has_ended(lane)))
}

/// What is wrong with how a lane has ended, if anything is.
fn complaint(text: &str) -> Option<String> {
    if text.contains("wake each other for ever") {
        return Some(text.to_owned());
    }
    let (place, said) = PANIC.with_borrow(Clone::clone);
    let is_ours = text.contains("a panic: ") && place.contains("src/") && !place.contains("tests/");
    is_ours.then(|| format!("a panic at {place}: {said}"))
}

/// What was done to the memory.
#[derive(Clone, Debug)]
struct Scribble {
    #[expect(dead_code, reason = "it is shown when a test fails")]
    at: Range<usize>,
    /// Among the areas of the memory.
    #[expect(dead_code, reason = "it is shown when a test fails")]
    area: usize,
    is_bell: bool,
    #[expect(dead_code, reason = "it is shown when a test fails")]
    how: &'static str,
}

impl Scribble {
    fn make(bytes: &mut [u8], areas: &[Range<usize>], bells: &Range<usize>, random: &mut Rng) -> Scribble {
        let areas: Vec<_> = areas.iter().filter(|area| !area.is_empty()).collect();
        let number = random.usize(..areas.len());
        let area = areas[number];
        let at = place(bytes, area, random);
        let is_bell = |end: usize| end <= bells.end && number == 0;
        let len = 8.min(area.end - at);
        let mut word = [0; 8];
        word[..len].copy_from_slice(&bytes[at..at + len]);
        let old = u64::from_le_bytes(word);
        let (new, how) = match random.u32(..8) {
            0 => (old ^ 1 << random.u32(..64), "a bit"),
            1 => (random.u64(..), "any number"),
            2 => (0, "nothing"),
            3 => (u64::MAX, "all bits"),
            4 => (old.wrapping_add(random.u64(1..9)), "a few more"),
            5 => (old.wrapping_sub(random.u64(1..9)), "a few less"),
            6 => {
                let from = place(bytes, areas[random.usize(..areas.len())], random);
                let from = from.min(bytes.len() - 8);
                (u64::from_le_bytes(bytes[from..from + 8].try_into().expect("eight bytes")), "another word")
            }
            _ => {
                let end = area.end.min(at + random.usize(1..2000));
                bytes[at..end].fill_with(|| random.u8(..));
                return Scribble { at: at..end, area: number, is_bell: is_bell(end), how: "any bytes" };
            }
        };
        bytes[at..at + len].copy_from_slice(&new.to_le_bytes()[..len]);
        Scribble { at: at..at + len, area: number, is_bell: is_bell(at + len), how }
    }
}

/// Rather one that is in use.
fn place(bytes: &[u8], area: &Range<usize>, random: &mut Rng) -> usize {
    let any = |random: &mut Rng| (area.start + random.usize(..area.len())) & !7;
    (0..8)
        .map(|_| any(random))
        .find(|at| bytes[*at..].iter().take(8).any(|byte| *byte != 0))
        .unwrap_or(area.start)
}

/// What is written to stderr when this process crashes.
static SEED: AtomicPtr<String> = AtomicPtr::new(std::ptr::null_mut());

/// From now on a crash says which seed it was.
fn tell_of_crashes_with(seed: u64) {
    let text = Box::leak(Box::new(format!("a crash or a hang with seed {seed}\n")));
    let is_first = SEED.swap(text, Ordering::Relaxed).is_null();
    if !is_first {
        return;
    }
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        let said = info.payload_as_str().unwrap_or_default().to_owned();
        PANIC.set((place.unwrap_or_default(), said));
    }));
    for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGABRT, libc::SIGILL, libc::SIGALRM] {
        // SAFETY: all bytes zero are a valid action; the handler does only what may be done in one.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_crash as extern "C" fn(i32) as usize;
            action.sa_flags = libc::SA_ONSTACK | libc::SA_RESETHAND;
            libc::sigaction(signal, &action, std::ptr::null_mut());
        }
    }
}

extern "C" fn on_crash(signal: i32) {
    // SAFETY: the text was leaked; both calls may be made in a handler.
    unsafe {
        let text: &String = &*SEED.load(Ordering::Relaxed);
        libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len());
        libc::raise(signal);
    }
}
