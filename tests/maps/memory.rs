//! What workers keep of the arrays that they have met: mappings, and handles that a kernel puts aside.

use crate::{CONTEXTS, workers};
use conveyor::map::chunks;
use conveyor::{Context, Map, SharedArray};
use std::sync::OnceLock;

/// One for each context.
static ASIDE: [OnceLock<SharedArray<u64>>; 3] = [const { OnceLock::new() }; 3];

/// Where the owner can know of it, it cannot write the array any more. A clone in another process it does not know of: it
/// sees what is written there.
#[test]
fn a_handle_that_a_kernel_puts_aside() {
    for (number, context) in CONTEXTS.into_iter().enumerate() {
        let workers = workers(context, 1);
        let mut table = SharedArray::full(10, 3_u64).expect("there is memory");
        let map = Map::over(0..10_u64).with((number as u64, table.clone())).workers(&workers);
        let kept = map.run(|job| ASIDE[job.with.0 as usize].get_or_init(|| job.with.1.clone())[[0]]);
        assert_eq!(kept.expect("it runs").values, [3; 10]);
        match table.as_mut_slice() {
            Ok(elements) if context == Context::Processes => elements.fill(7),
            Err(error) if context != Context::Processes => {
                assert!(error.to_string().contains("clones of its handle"), "{error}");
                continue;
            }
            other => panic!("{context:?}: {other:?}"),
        }
        let map = Map::over(0..10_usize).with(number as u64).workers(&workers);
        let kept = map.run(|job| ASIDE[*job.with as usize].get().expect("it is kept")[[job.item]]);
        assert_eq!(kept.expect("it runs").values, [7; 10]);
    }
}

/// A page that was looked at once is not asked of the system again.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_keeps_what_it_has_mapped() {
    const PAGES: usize = 1 << 13;
    let workers = workers(Context::Processes, 1);
    let items = SharedArray::full(512 * PAGES, 1_u64).expect("there is memory");
    let faults = || {
        let map = Map::over(chunks(&items, 512 * 64)).workers(&workers);
        let sums = map.run(|job| job.item.iter().step_by(512).sum::<u64>()).expect("it runs").values;
        assert_eq!(sums.iter().sum::<u64>(), PAGES as u64);
        let report = workers.report().expect("nobody waits");
        let worker = report.processor("kernel").expect("it is there").lanes()[0].pid().expect("it lives");
        crate::proc::Stat::of(&worker.to_string()).expect("it lives").faults()
    };
    let (first, second) = (faults(), faults());
    // the system brings 16 pages at a time, or fewer
    assert!(first >= PAGES as u64 / 16, "{first}");
    assert!(second - first < PAGES as u64 / 32, "{} more", second - first);
}
