//! A thread that holds both ends and sends into a pipeline where nothing moves any more.

use super::counts::{Counts, count, counts, wait_for};
use super::handle::narrow;
use crate::harness::{Place, sorted};
use conveyor::{Chunk, ErrorKind, Message, Pipeline, Running, pipeline};

in_every_context! {
    a_full_pipeline_is_found_out a_pipeline_with_some_room_takes_more what_is_at_work_makes_room_yet
    chunks_in_outputs_are_found_out a_step_that_is_full_half_way_is_found_out joins_that_are_full_are_found_out
    each_output_makes_room_for_an_input what_waits_behind_a_mark_is_found_out
}

/// Its end is neither full nor half empty: what waits for that must not be taken for stuck.
fn a_pipeline_with_some_room_takes_more(place: Place) {
    let wide = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(64) };
    let mut running = place.of(wide).start().expect("it starts");
    let refused = (0..).find_map(|x| running.send(x).err()).expect("it is full at last").into_message();
    for x in 0..10 {
        assert_eq!(running.recv().expect("it comes out"), x);
    }
    for x in refused..refused + 5 {
        running.send(x).expect("there is room");
    }
    assert_eq!(running.finish().expect("it ends well").0, (10..refused + 5).collect::<Vec<_>>());
}

fn a_full_pipeline_is_found_out(place: Place) {
    let mut running = place.of(narrow()).start().expect("it starts");
    let refused = (0..).find_map(|x| running.send(x).err()).expect("it is full at last");
    assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    let message = refused.into_message();
    let outputs: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
    assert_eq!(sorted(outputs), (0..message).collect::<Vec<_>>(), "what was refused is not in there");
    running.send(message).expect("there is room again");
    assert_eq!(running.finish().expect("it ends well").0, [message]);
}

/// The head and the last pipe are full, while a stage between them is at work on a message that finds room behind it.
fn what_is_at_work_makes_room_yet(place: Place) {
    if place.is_serial() {
        return; // a message that is worked on keeps everybody from sending
    }
    for _ in 0..20 {
        let gate = counts(1);
        let row = pipeline! {
            <Page -> Page>(gate: Counts = gate.clone());
            processor slow [fuse = none] = |page: Page| {
                if page[0] == 2 {
                    wait_for(gate, 0, 1);
                }
                page
            };
            processor last [fuse = none] = |page| page;
            slow -> pipe(2) -> last -> pipe(2)
        };
        let mut running = place.of(row).start().expect("it starts");
        let full = fill(&mut running, 0);
        while running.metrics().processor("last").expect("it is declared").messages_out() < 2 {
            std::thread::yield_now();
        }
        let full = fill(&mut running, full); // what was in the head at first may have gone on
        let sent = std::thread::scope(|scope| {
            scope.spawn(|| count(&gate, 0));
            running.send([full; 1024]).map_err(|refused| refused.error().clone())
        });
        sent.expect("there is room as soon as the slow one goes on");
        let outputs = running.finish().expect("it ends well").0;
        assert!(outputs.iter().map(|page| page[7]).eq(0..=full));
    }
}

/// So large that no pipe holds many.
type Page = [u64; 1024];

/// Sends pages until one finds no room.
fn fill(running: &mut Running<Page, Page>, from: u64) -> u64 {
    (from..).find(|x| running.try_send([*x; 1024]).is_err()).expect("it is full at last")
}

/// The last pipe is far from full, but all chunks are in it.
fn chunks_in_outputs_are_found_out(place: Place) {
    let filled = pipeline! {
        <u64 -> Chunk<u64>>;
        pool numbers(3) of [u64; 4];
        processor(|x| x) -> pipe(4) -> try_map(|x: u64| {
            let mut chunk = numbers.take()?;
            chunk.fill(x);
            conveyor::Result::Ok(chunk)
        }) -> pipe(64)
    };
    let mut running = place.of(filled).start().expect("it starts");
    let refused = (0..).find_map(|x| running.send(x).err()).expect("it is full at last");
    assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    let numbers = running.drain().map(|chunk| chunk.map(|chunk| chunk[3])).collect::<Result<Vec<u64>, _>>();
    assert_eq!(numbers.expect("the run goes on"), (0..refused.into_message()).collect::<Vec<_>>());
}

/// Sends until nothing moves any more, and takes everything: the outputs, and how many were sent.
fn all_that_fits<Out: Message>(place: Place, pipeline: Pipeline<u64, Out>) -> (Vec<Out>, u64) {
    let mut running = place.of(pipeline).start().expect("it starts");
    let refused = (0..).find_map(|x| running.send(x).err()).expect("it is full at last");
    assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    let outputs = running.drain().collect::<Result<_, _>>().expect("the run goes on");
    (outputs, refused.into_message())
}

/// Some of what a message gives finds room, and is not published before all of it does.
fn a_step_that_is_full_half_way_is_found_out(place: Place) {
    let many =
        pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(2) -> flat_map(|x: u64| vec![x; 10]) -> pipe(64) };
    let (outputs, sent) = all_that_fits(place, many);
    assert!(outputs.into_iter().eq((0..sent).flat_map(|x| [x; 10])));
}

fn joins_that_are_full_are_found_out(place: Place) {
    let merged = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(2) -> replicated fork {
        pipe, processor(|x| x) -> pipe(3) -> processor(|x| x)
    } -> pipe(5) -> join merge };
    let (outputs, sent) = all_that_fits(place, merged);
    assert_eq!(sorted(outputs), (0..sent).flat_map(|x| [x, x]).collect::<Vec<_>>());

    let zipped = pipeline! { <u64 -> (u64, u64)>; processor(|x| x) -> pipe(2) -> replicated fork {
        processor(|x| x), processor(|x| x) -> pipe(3) -> processor(|x| x)
    } -> pipe(5) -> join zip };
    let (outputs, sent) = all_that_fits(place, zipped);
    assert!(outputs.into_iter().eq((0..sent).map(|x| (x, x))));

    let farm = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(4) -> balanced fork(auto) [max = 3] { processor(|x| x) }
    -> pipe(3) -> join ordered };
    let (outputs, sent) = all_that_fits(place, farm);
    assert_eq!(outputs, (0..sent).collect::<Vec<_>>());
}

fn each_output_makes_room_for_an_input(place: Place) {
    let row =
        pipeline! { <Page -> Page>; processor(|page| page) -> pipe(1) -> processor(|page| page) -> pipe(1) };
    let mut running = place.of(row).start().expect("it starts");
    let refused = (0..).find_map(|x| running.send([x; 1024]).err()).expect("it is full at last");
    let (mut next, mut taken) = (refused.into_message()[0], 0);
    for _ in 0..200 {
        assert_eq!(running.recv().expect("it is there")[5], taken);
        taken += 1;
        running.send([next; 1024]).map_err(|refused| refused.error().clone()).expect("there is room");
        next += 1;
    }
    assert!(running.finish().expect("it ends well").0.iter().map(|page| page[5]).eq(taken..next));
}

fn what_waits_behind_a_mark_is_found_out(place: Place) {
    let mut running = place.of(narrow()).start().expect("it starts");
    running.send(0).expect("there is room");
    drop(running.drain());
    let refused = (1..).find_map(|x| running.send(x).err()).expect("it is full at last");
    assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    let outputs: Vec<u64> = running.drain().collect::<Result<_, _>>().expect("the run goes on");
    assert_eq!(sorted(outputs), (0..refused.into_message()).collect::<Vec<_>>());
}
