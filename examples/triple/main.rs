//! Triples every element of an array: a kernel that gets the worker, the index and the value, on all cores.
//!
//! ```text
//! cargo run --release --example triple             # a hundred elements
//! cargo run --release --example triple -- 50000000
//! ```

use conveyor::map::Job;
use conveyor::{Map, SharedArray, Workers};

/// Each element has a place of its own for what becomes of it. It would fail at a number that has no triple.
fn triple(Job { worker, index, item: value, out, .. }: Job<'_, &i64, &mut i64>) -> conveyor::Result<()> {
    let tripled = value.checked_mul(3);
    *out = tripled.ok_or_else(|| {
        conveyor::Failure::new(format_args!("worker {worker}: {value} at {index} is too large to be tripled"))
    })?;
    Ok(())
}

fn main() -> conveyor::Result<()> {
    let elements = std::env::args().nth(1).map_or(Ok(100), |elements| elements.parse())?;
    let numbers = SharedArray::from_fn(elements, |at| at as i64)?;
    let mut tripled = SharedArray::<i64>::zeros_like(&numbers)?;

    let workers = Workers::new()?;
    let map = Map::over(&numbers).output(&mut tripled).workers(&workers);
    let report = map.try_run(triple)?.report;

    println!("{:?}", &tripled.as_slice()[..elements.min(5)]);
    println!("{}", tripled.as_slice().iter().sum::<i64>());
    for (worker, did) in report.workers.iter().enumerate() {
        eprintln!("worker {worker}: {} items in {} shares, busy for {:?}", did.items, did.shares, did.busy);
    }

    // the same workers serve further maps, with other kernels and arrays
    let largest = Map::over(&tripled).workers(&workers).fold(i64::MIN, |largest, job| {
        *largest = (*largest).max(*job.item);
    });
    println!("{}", largest.reduce(i64::max)?.value);
    Ok(())
}
