//! What a kernel and the hooks of a map are given.

/// One item of a map, as the kernel gets it.
///
/// ```
/// use conveyor::map::Job;
///
/// fn area(job: Job<'_, u32, (), f64>) -> f64 {
///     f64::from(job.item) * f64::from(job.item) * job.with
/// }
///
/// let areas = conveyor::Map::over(1..4_u32).with(std::f64::consts::PI).run(area)?.values;
/// assert!((areas[2] - 28.27).abs() < 0.01);
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Job<'j, Item, Out = (), With = (), State = ()> {
    /// Which worker of the pool calls, from 0. The same number is never at work twice at a time.
    pub worker: usize,
    /// Which of the items it is, from 0.
    pub index: usize,
    /// The item.
    pub item: Item,
    /// This item's own part of the outputs.
    pub out: Out,
    /// What was given by [`with`](super::Map::with).
    pub with: &'j With,
    /// This worker's own, made by [`init`](super::Map::init).
    pub state: &'j mut State,
}

/// What the hook of a map is given that makes a worker's state; see [`Map::init`](super::Map::init).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Setup<'j, With = ()> {
    /// Which worker of the pool it is, from 0.
    pub worker: usize,
    /// What was given by [`with`](super::Map::with).
    pub with: &'j With,
}
