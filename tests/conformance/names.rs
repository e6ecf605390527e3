//! Names of messages: one for each message of a run, and the same whenever it is asked for.

use crate::harness::Place;
use conveyor::{ErrorKind, Expand, MessageId, Outlet, Pipeline, Processor, Result, message_id, pipeline};
use std::collections::HashSet;

in_every_context! {
    names_differ_behind_a_merge names_differ_where_several_come_of_one a_message_has_one_name_in_all_branches
    names_differ_in_a_balanced_fork names_of_what_comes_at_the_end names_asked_for_late
    no_message_no_name
}

fn all_differ(place: Place, pipeline: Pipeline<u64, MessageId>, inputs: u64, expected: usize) {
    let names = place.outputs(pipeline, 0..inputs);
    let distinct: HashSet<&MessageId> = names.iter().collect();
    assert_eq!((names.len(), distinct.len()), (expected, expected));
    let shown: HashSet<String> = names.iter().map(MessageId::to_string).collect();
    assert_eq!(shown.len(), expected, "they differ in print, too");
}

fn names_differ_behind_a_merge(place: Place) {
    let merged = pipeline! {
        <u64 -> MessageId>;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x), processor(|x| x + 1), pipe }
            -> pipe -> join merge -> processor(|_x| message_id())
    };
    all_differ(place, merged, 1000, 3000);
}

/// Two for every even number, none for the others.
fn twice_if_even(x: u64) -> Vec<u64> {
    if x.is_multiple_of(2) { vec![x, x] } else { Vec::new() }
}

fn names_differ_where_several_come_of_one(place: Place) {
    let expanded = pipeline! {
        <u64 -> MessageId>;
        processor(|x| x) -> pipe -> flat_map(twice_if_even) -> pipe -> flat_map(|x| [x, x, x])
            -> pipe -> processor(|x| x) -> pipe -> processor(|_x| message_id())
    };
    all_differ(place, expanded, 1000, 3000);
    let from_source = pipeline! {
        <() -> (MessageId, MessageId)>;
        source(0..1000_u64) -> pipe -> flat_map(twice_if_even) -> pipe
            -> processor(|_x| { let name = message_id(); (name, message_id()) })
    };
    let names = place.all(from_source);
    assert!(names.iter().all(|(first, again)| first == again));
    assert_eq!(names.into_iter().collect::<HashSet<_>>().len(), 1000);
}

fn a_message_has_one_name_in_all_branches(place: Place) {
    let zipped = pipeline! {
        <u64 -> (MessageId, MessageId)>;
        processor(|x| x) -> pipe -> replicated fork { processor(|_x| message_id()), processor(|_x| message_id()) }
            -> pipe -> join zip
    };
    let names = place.outputs(zipped, 0..1000);
    assert!(names.iter().all(|(one, other)| one == other));
    assert!(names.is_sorted(), "one lane has given them all");
    assert_eq!(names.into_iter().collect::<HashSet<_>>().len(), 1000);
}

fn names_differ_in_a_balanced_fork(place: Place) {
    let shared = pipeline! {
        <u64 -> MessageId>;
        processor(|x| x) -> pipe -> balanced fork(3) { processor(|_x| message_id()) } -> pipe -> join merge
    };
    all_differ(place, shared, 1000, 1000);
    let ordered = pipeline! {
        <u64 -> MessageId>;
        processor(|x| x) -> pipe -> balanced fork(3) { flat_map(twice_if_even) } -> pipe -> join ordered
            -> processor(|_x| message_id())
    };
    all_differ(place, ordered, 1000, 1000);
}

/// Gives three more at every pause and at the end.
struct Three;

impl Expand for Three {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(x)
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        (0..3).try_for_each(|x| out.push(x))
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        self.flush(out)
    }
}

fn names_of_what_comes_at_the_end(place: Place) {
    let ended = pipeline! {
        <u64 -> MessageId>; processor(Three) -> pipe -> processor(|_x| message_id())
    };
    let mut running = place.of(ended).start().expect("it starts");
    let mut names = Vec::new();
    for _ in 0..3 {
        running.send(0).expect("there is room");
        names.extend(running.drain().map(|name| name.expect("the run goes on")));
    }
    names.extend(running.finish().expect("it ends well").0);
    assert_eq!(names.len(), 3 * (1 + 3) + 3);
    assert_eq!(names.into_iter().collect::<HashSet<_>>().len(), 15);
}

/// Nobody asks at the first messages.
fn late(x: u64) -> Option<MessageId> {
    (x >= 100).then(message_id)
}

fn names_asked_for_late(place: Place) {
    let asked = pipeline! {
        <() -> (Option<MessageId>, Option<MessageId>, Option<MessageId>)>;
        source(0..1000_u64) -> pipe -> processor(|x| x) -> pipe -> processor(|x| (x, late(x)))
            -> pipe -> processor(|(x, name)| (name, late(x), late(x)))
    };
    let named = place.all(asked);
    assert!(named[..100].iter().all(|names| *names == (None, None, None)));
    assert!(named[100..].iter().all(|(_, name, again)| name == again));
    let befores: Vec<MessageId> = named.iter().filter_map(|names| names.0).collect();
    let names: Vec<MessageId> = named.iter().filter_map(|names| names.1).collect();
    assert!(befores.is_sorted() && names.is_sorted(), "one lane has given them");
    assert_eq!(befores.into_iter().chain(names).collect::<HashSet<_>>().len(), 1800);
}

/// Asks when there is nothing to ask for.
struct Late;

impl Processor for Late {
    type In = u64;
    type Out = MessageId;
    fn process(&mut self, _: u64) -> Result<MessageId> {
        Ok(message_id())
    }
    fn finish(&mut self) -> Result<()> {
        message_id();
        Ok(())
    }
}

fn no_message_no_name(place: Place) {
    let error =
        place.error(pipeline! { <u64 -> MessageId>; processor(|x| x) -> pipe -> processor(Late) }, 0..10);
    assert_eq!((error.kind(), error.processor()), (ErrorKind::Panicked, Some("Late")), "{error}");
    assert!(error.to_string().contains("no message is at work"), "{error}");
    assert!(std::panic::catch_unwind(message_id).is_err(), "not in the caller either");
}
