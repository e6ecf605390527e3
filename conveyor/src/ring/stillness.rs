//! Does anything still move? Asked by a caller that holds both ends and has found its own full: if all lanes sleep, only
//! the caller itself can go on.
//!
//! Lanes change what others see by commits alone, and wake others for these before they fall asleep. So if two rounds
//! find all of them asleep, and none has committed from before the first to after the second, then in the second nobody
//! has been woken for anything: whoever might have woken a lane was asleep in the first.

use super::bell::Bell;
use super::record::Record;
use crate::sync::mutant::Mutant;

/// Of lanes, each with its record: do all of them sleep, with nothing under way that will wake one?
pub(crate) fn nothing_moves(lanes: &[(Bell<'_>, Record<'_>)]) -> bool {
    let commits = || -> Vec<u64> { lanes.iter().map(|(_, record)| record.commits()).collect() };
    let all_sleep = || lanes.iter().all(|(bell, _)| bell.is_asleep());
    let before = commits();
    all_sleep() && (Mutant::StillOnce.is_on() || all_sleep() && before == commits())
}
