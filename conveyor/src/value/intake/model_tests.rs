//! Models of a channel: nobody sleeps while there is something for him.

use super::Line;
use crate::meter::at_work::Giver;
use crate::ring::WhenFull;
use crate::sync::models::holds_but_for;
use crate::sync::mutant::Mutant;
use crate::value::block::channel;
use crate::value::branch::Branch;
use crate::value::brim::{Brim, Dropped, Surplus};
use crate::value::parcel::Parcel;
use crossbeam_channel::Select;
use loom::thread;

fn brim() -> Brim {
    Brim {
        messages: 1,
        when_full: WhenFull::Block,
        beyond: 0,
        waits: true,
        batch: None,
        dropped: Dropped::default(),
    }
}

const GIVER: Giver = Giver { element: 0, lane: 0 };

#[test]
fn a_reader_that_sleeps_gets_what_a_source_has_sent_openly() {
    holds_but_for(&[Mutant::StarveLate], || {
        let (writer, reader) = channel::<u64>(1);
        let wakes = reader.queue.clone();
        let mut line = Line::new(GIVER, reader, brim(), Surplus::default(), false);
        // the writer stays, and waits for its user's code: what it has sent must get through all the same
        let writer = thread::spawn(move || {
            assert!(writer.add_openly(Parcel::Plain(7), 0, 10));
            writer
        });
        let has_it = line.take().is_some() || line.rest();
        let writer = writer.join().expect("it sends");
        assert!(has_it || !wakes.is_empty(), "asleep for ever");
        drop(writer);
    });
}

#[test]
fn a_writer_that_waits_for_room_is_called() {
    holds_but_for(&[Mutant::BlockedLate], || {
        let (writer, reader) = channel::<u64>(1);
        let room = writer.room.clone();
        let mut branch = Branch::new(writer, Vec::new(), Surplus::default(), &brim());
        branch.send(Parcel::Plain(7)).expect("the reader is there");
        branch.publish().expect("the reader is there");
        let mut line = Line::new(GIVER, reader, brim(), Surplus::default(), false);
        let reader = thread::spawn(move || {
            assert!(line.take().is_some());
            line
        });
        let waits = branch.watch_room(&mut Select::new());
        let line = reader.join().expect("it takes");
        assert!(!waits || !room.is_empty(), "asleep for ever");
        drop(line);
    });
}
