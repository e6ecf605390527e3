//! Where the time goes, in the report.

use crate::support::in_one_process;
use conveyor::pipeline;
use std::hint::black_box;

fn take_long(x: u64) -> u64 {
    (0..20_000).fold(x, |x, round| black_box(x ^ round ^ round))
}

#[test]
fn the_slow_stage_of_a_row_is_found() {
    in_one_process(|context| {
        let graph = pipeline! {
            <u64 -> u64>;
            processor slow = take_long;
            processor(|x| x) -> pipe -> processor(|x| x + 1) -> pipe -> slow -> pipe
                -> processor(|x| x + 1)
        };
        let mut run = graph.context(context).run(0..200);
        assert_eq!(run.by_ref().map(|x| x.unwrap()).sum::<u64>(), (2..202).sum());
        let report = run.report();
        let bottleneck = report.bottleneck().expect("something was done");
        assert_eq!(bottleneck.name(), "slow", "{report}");
        assert!(bottleneck.step_p50() > report.processors().next().and_then(|first| first.step_p50()));
    });
}
