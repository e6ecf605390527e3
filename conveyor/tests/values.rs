//! The serial and the threads context: every element and every join, order and conservation, marks, the end of the
//! stream, errors and panics at each place.

#[path = "values/support.rs"]
mod support;

#[path = "values/blocks.rs"]
mod blocks;
#[path = "values/elements.rs"]
mod elements;
#[path = "values/failures.rs"]
mod failures;
#[path = "values/joins.rs"]
mod joins;
#[path = "values/marks.rs"]
mod marks;
#[path = "values/ordered.rs"]
mod ordered;
#[path = "values/stops.rs"]
mod stops;
#[path = "values/times.rs"]
mod times;
