//! A process that the program has forked has copies of its handles. When it drops them, that concerns nobody else.

use super::figures::is_alone;
use super::forked::{forked, has_succeeded};
use super::victim::PLACE;
use crate::harness::watched;
use conveyor::{Context, Map, Pipeline, Workers, pipeline};

fn row() -> Pipeline<u64, u64> {
    pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(|x| x + 1) }
}

fn dropped_by_a_child(context: Context) {
    let row = || row().context(context);
    let mut running = Some(row().start().expect("it starts"));
    let mut halves = Some(row().start().expect("it starts").split());
    let mut run = Some(row().run(0..100));
    let mut workers = Some(Workers::builder().number(2).context(context).start().expect("they start"));
    let map = Map::over(0..1000_u64).context(context).start(|job| job.item * 2);
    let mut map = Some(map.expect("it starts"));
    assert_eq!(run.iter_mut().flatten().next().expect("there is more").expect("it goes on"), 1);

    has_succeeded(forked(|| {
        drop((running.take(), halves.take(), run.take(), workers.take(), map.take()));
        0
    }));

    let mut running = running.expect("only the child has taken it");
    running.send(1).expect("there is room");
    assert_eq!(running.recv().expect("it comes out"), 2);
    assert!(running.finish().expect("it ends well").0.is_empty());
    let (mut sender, mut receiver) = halves.expect("only the child has taken them");
    sender.send(2).expect("there is room");
    drop(sender);
    assert_eq!(receiver.iter().collect::<Result<Vec<_>, _>>().expect("it ends well"), [3]);
    let rest: Result<Vec<_>, _> = run.expect("only the child has taken it").collect();
    assert_eq!(rest.expect("it goes on"), (2..=100).collect::<Vec<_>>());
    let workers = workers.expect("only the child has taken them");
    let doubled = Map::over(0..10_u64).workers(&workers).run(|job| job.item * 2).expect("they go on").values;
    assert_eq!(doubled, (0..10).map(|x| x * 2).collect::<Vec<_>>());
    let values = map.expect("only the child has taken it").map(|answer| answer.map(|answer| answer.value));
    let values: Vec<u64> = values.collect::<Result<_, _>>().expect("it goes on");
    assert_eq!(values.iter().sum::<u64>(), 999 * 1000);
}

#[test]
fn dropped_by_a_forked_child() {
    watched("a child that drops handles", PLACE, |_| {
        if is_alone("supervision::handles::dropped_by_a_forked_child") {
            [Context::Serial, Context::Threads, Context::Processes].into_iter().for_each(dropped_by_a_child);
        }
    });
}
