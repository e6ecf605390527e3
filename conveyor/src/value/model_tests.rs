//! A model of stillness: nobody is told that nothing moves while somebody has something to do.

use super::{Asker, Stillness};
use crate::sync::models::holds_within;
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering, in_one_order};
use loom::thread;
use std::sync::Arc;

/// Two lanes in a row, with what has come for each.
struct Row {
    stillness: Stillness,
    inputs: [AtomicU64; 2],
}

impl Row {
    /// Both rest, and something has just come for the first one.
    fn new() -> Arc<Row> {
        let stillness = Stillness::new([true, true]);
        [0, 1].into_iter().for_each(|lane| stillness.rests(lane));
        Arc::new(Row { stillness, inputs: [AtomicU64::new(1), AtomicU64::new(0)] })
    }

    /// A lane is woken: it hands on what there is, or has nothing to do and says so.
    fn wakes(&self, lane: usize) {
        let mut question = self.stillness.question();
        if self.inputs[lane].load(Ordering::Acquire) == 1 {
            self.stillness.go_on(lane);
            self.inputs[lane].store(0, Ordering::Release);
            if let Some(next) = self.inputs.get(lane + 1) {
                next.store(1, Ordering::Release);
            }
            in_one_order();
            question = self.stillness.question();
        }
        self.stillness.answer(lane, question);
    }
}

#[test]
fn nothing_moves_only_if_all_have_looked_since() {
    holds_within(4, &[Mutant::CountsFirst], || {
        let row = Row::new();
        let lanes = [0, 1].map(|lane| {
            let row = row.clone();
            thread::spawn(move || {
                row.wakes(lane);
                if lane == 0 {
                    row.wakes(lane);
                }
            })
        });
        let mut asker = Asker::default();
        if asker.nothing_moves(&row.stillness) || asker.nothing_moves(&row.stillness) {
            let left = row.inputs.each_ref().map(|input| input.load(Ordering::Acquire));
            assert_eq!(left, [0, 0], "something is under way");
        }
        lanes.into_iter().for_each(|lane| lane.join().expect("it ends"));
    });
}
