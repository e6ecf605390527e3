//! What a run has done: lane by lane (`lane`), processor by processor (`processor`), what was dropped in pipes (`pipe`),
//! how wide automatic forks were (`width`), and as a table (`table`).

mod histogram;
mod lane;
mod pipe;
mod processor;
mod table;
#[cfg(test)]
mod tests;
mod width;

pub use lane::LaneReport;
pub use pipe::PipeReport;
pub use processor::ProcessorReport;
pub use width::WidthReport;

use std::time::Duration;

/// What a run has done so far, or altogether.
///
/// A run over an iterator gives it by [`Run::report`](crate::Run::report), one that is fed by hand by
/// [`Running::metrics`](crate::Running::metrics), and once more when it ends: [`run_to_end`](crate::Pipeline::run_to_end),
/// [`finish`](crate::Running::finish) and [`stop`](crate::Running::stop) return the one of the whole run.
///
/// Printed, it is a table, with a line below that names the bottleneck, unless the run was too short to tell.
///
/// ```
/// let double = conveyor::pipeline! { <u64 -> u64>; processor double = |x: u64| x * 2; double };
/// let mut run = double.run(0..1000);
/// run.by_ref().try_for_each(|output| output.map(drop))?;
/// let report = run.report();
/// let double = report.processor("double").expect("it is declared");
/// assert_eq!((double.messages_in(), double.messages_out()), (1000, 1000));
/// println!("{report}");
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of the plan: the lanes of one processor stand together.
    pub(crate) lanes: Vec<LaneReport>,
    /// Those that may drop messages.
    pub(crate) pipes: Vec<PipeReport>,
    /// Of every `balanced fork(auto)` whose width could change.
    pub(crate) widths: Vec<WidthReport>,
    pub(crate) elapsed: Duration,
    pub(crate) interrupted: Option<i32>,
}

impl Report {
    /// Puts the lanes of each stage together, which is not how fused stages come.
    pub(crate) fn in_order(mut lanes: Vec<(u32, LaneReport)>) -> Vec<LaneReport> {
        lanes.sort_by_key(|(stage, _)| *stage);
        lanes.into_iter().map(|(_, lane)| lane).collect()
    }

    /// Since the start of the run; until its end if it has ended.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The signal that has let the run wind down: see
    /// [`Pipeline::handle_ctrl_c`](crate::Pipeline::handle_ctrl_c).
    pub fn interrupted(&self) -> Option<i32> {
        self.interrupted
    }

    /// Every worker.
    pub fn lanes(&self) -> &[LaneReport] {
        &self.lanes
    }

    /// Every source, processor, sink and relay with all its workers, in the order of declaration.
    pub fn processors(&self) -> impl Iterator<Item = ProcessorReport<'_>> {
        let together = |one: &LaneReport, next: &LaneReport| one.processor == next.processor && next.lane > 0;
        self.lanes.chunk_by(together).filter_map(ProcessorReport::of)
    }

    /// The source, processor, sink or relay of this name.
    pub fn processor(&self, name: &str) -> Option<ProcessorReport<'_>> {
        self.processors().find(|processor| processor.name() == name)
    }

    /// Every pipe that may drop messages, in the order of the graph.
    ///
    /// ```
    /// let latest = conveyor::pipeline! {
    ///     <u64 -> u64>;
    ///     pipe newest(1) [when_full = drop_oldest];
    ///     processor(|x| x) -> newest -> processor(|x| x)
    /// };
    /// let mut run = latest.run(0..1000);
    /// let outputs = run.by_ref().map(|output| output.map(|_| 1)).sum::<Result<u64, _>>()?;
    /// let report = run.report();
    /// let newest = report.pipes().iter().find(|pipe| pipe.name() == "newest").expect("it may drop");
    /// assert_eq!(outputs + newest.dropped(), 1000);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn pipes(&self) -> &[PipeReport] {
        &self.pipes
    }

    /// Messages that were dropped in full pipes.
    pub fn dropped(&self) -> u64 {
        self.pipes.iter().map(PipeReport::dropped).sum()
    }

    /// Messages that were left out, because they have ended a worker again and again: see
    /// [`Pipeline::dead_letters`](crate::Pipeline::dead_letters).
    pub fn left_out(&self) -> u64 {
        self.processors().map(|processor| processor.left_out()).sum()
    }

    /// Every `balanced fork(auto)` that has become wider and narrower with its load, in the order of the graph. One whose
    /// workers take turns (`[policy = round_robin]`) is not among them, nor one that can have a single worker only. In
    /// the serial context there are none: one worker is at work at any time.
    ///
    /// ```
    /// # use conveyor::Context;
    /// let farm = conveyor::pipeline! {
    ///     <u64 -> u64>;
    ///     processor square = |x| x * x;
    ///     processor(|x| x) -> pipe -> balanced fork(auto) { square } -> pipe -> join ordered
    /// };
    /// let mut run = farm.context(Context::Processes).run(0..1000);
    /// run.by_ref().try_for_each(|output| output.map(drop))?;
    /// for width in run.report().widths() {
    ///     assert_eq!(width.processor(), "square");
    ///     assert!(1 <= width.narrowest() && width.widest() <= width.lanes());
    ///     println!("{width}");
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn widths(&self) -> &[WidthReport] {
        &self.widths
    }

    /// The processor whose workers have been busy for the longest time, parked workers apart: everything else waits
    /// for it. `None` if nothing has been done.
    ///
    /// ```
    /// let hash = conveyor::pipeline! {
    ///     <u64 -> u64>;
    ///     processor next = |x| x + 1;
    ///     processor hash = |x: u64| (0..1000).fold(x, |hash, round| hash.rotate_left(5) ^ round);
    ///     next -> pipe -> hash
    /// };
    /// let mut run = hash.run(0..1000);
    /// run.by_ref().try_for_each(|output| output.map(drop))?;
    /// if let Some(slowest) = run.report().bottleneck() {
    ///     println!("everything waits for {}: {:?} for half of its messages", slowest.name(), slowest.step_p50());
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn bottleneck(&self) -> Option<ProcessorReport<'_>> {
        let busy = self.processors().filter(|processor| !processor.busy().is_zero());
        busy.max_by(|one, other| one.busy_a_lane().total_cmp(&other.busy_a_lane()))
    }
}
