//! Mistakes that have to be found, each by a shape in which it matters.

use crate::runner::Tests;
use crate::shapes::Shapes;
use conveyor::private::Mutant;
use std::rc::Rc;

const CAUGHT_BY: &[(Mutant, &str)] = &[
    (Mutant::SeqFirst, "one_to_one"),
    (Mutant::OneHalf, "one_to_one"),
    (Mutant::OneLedger, "a_large_state_in_a_checkpoint"),
    (Mutant::SaveForgotten, "a_sink_with_a_checkpoint"),
    (Mutant::InputFirst, "one_to_one"),
    (Mutant::WakeBeforeCommit, "one_to_one"),
    (Mutant::EndForgotten, "outputs_at_the_end"),
    (Mutant::ArenaForgotten, "texts_in_the_arena"),
    (Mutant::PartForgotten, "more_outputs_than_a_ring_holds"),
    (Mutant::CallForgotten, "a_source_row_with_a_checkpoint_whose_end_fills_its_pipe"),
    (Mutant::MarkForgotten, "a_source_row_that_tells_at_a_mark_what_it_has_taken"),
    (Mutant::MarkRepeated, "a_mark_for_a_source"),
    (Mutant::ClaimWithoutOwner, "balanced_and_merge"),
    (Mutant::ClaimAtHint, "balanced_in_ranges"),
    (Mutant::HintForgotten, "balanced_in_turn_with_a_window"),
    (Mutant::DoneBeforeCommit, "balanced_and_merge"),
    (Mutant::RangeRepeated, "balanced_in_ranges"),
    (Mutant::FreedWhenClaimed, "balanced_and_ordered"),
    (Mutant::FreedForgotten, "balanced_and_ordered"),
    (Mutant::ChunksBeforeCommit, "shared_chunks"),
    (Mutant::LedgerForgotten, "exclusive_chunks"),
    (Mutant::StampForgotten, "exclusive_chunks"),
    (Mutant::StampIgnored, "shared_chunks"),
    (Mutant::SentForgotten, "a_chunk_that_is_kept"),
    (Mutant::KeptAsCome, "a_chunk_that_is_kept"),
    (Mutant::UndoForgotten, "chunks_changed_in_place"),
    (Mutant::UndoTooEarly, "chunks_changed_in_place"),
    (Mutant::UndoStale, "chunks_changed_in_place"),
    (Mutant::CopyTooLate, "chunks_that_leave_with_a_part"),
    (Mutant::CopyForgotten, "chunks_that_leave_with_a_part"),
    (Mutant::NothingTaken, "a_fused_sink_behind_an_ordered_join"),
    (Mutant::NoBellsAfterDeath, "one_to_one_in_batches"),
];

/// A mutant that has lived so long survives.
const SEEDS_MAX: u64 = 40;

pub(crate) fn tests(shapes: &Rc<Shapes>, tests: &mut Tests) {
    tests.add("mutants::all_are_listed", || {
        let is_listed = |mutant: &&Mutant| CAUGHT_BY.iter().any(|(listed, _)| listed == *mutant);
        let forgotten: Vec<_> = Mutant::KILLING.iter().filter(|mutant| !is_listed(mutant)).collect();
        if forgotten.is_empty() { Ok(String::new()) } else { Err(format!("{forgotten:?} are not tested")) }
    });
    for (mutant, shape) in CAUGHT_BY {
        let shapes = shapes.clone();
        tests.add(format!("mutants::{mutant:?}"), move || {
            mutant.switch_on();
            let caught = (0..SEEDS_MAX).find_map(|seed| shapes.every(shape, seed).err());
            caught.ok_or_else(|| format!("`{shape}` does not find it"))
        });
    }
}
