//! Maps that get on while something else takes long.

use crate::harness::Place;
use crate::{count, counts, side_by_side, wait_for, workers};
use conveyor::Map;

/// There may be eight shares, one of which is the long one.
#[test]
fn an_answer_that_is_taken_makes_room_beside_a_long_share() {
    side_by_side("room beside a long share", |Place(context, ..)| {
        let (workers, counts) = (workers(context, 2), counts(2));
        let map = Map::over(0..60_u64).with(counts.clone()).workers(&workers).share_len(1);
        let mut running = map
            .start(|job| {
                count(job.with, 0);
                if job.item == 0 {
                    wait_for(job.with, 1, 1);
                }
            })
            .expect("it starts");
        for taken in 0..50 {
            wait_for(&counts, 0, 8 + taken);
            assert_ne!(running.next().expect("there are more").expect("none fails").index, 0);
        }
        count(&counts, 1);
        assert_eq!(running.count(), 10);
    });
}

#[test]
fn maps_that_nobody_polls_leave_the_workers_to_others() {
    side_by_side("beside maps that nobody polls", |Place(context, ..)| {
        let (workers, counts) = (workers(context, 2), counts(2));
        let unpolled = [(); 4].map(|()| {
            let map = Map::over(0..1000_u64).with(counts.clone()).workers(&workers).share_len(1);
            map.start(|job| count(job.with, 0)).expect("it starts")
        });
        wait_for(&counts, 0, 4 * 8);
        // both of its items are at work at once
        let map = Map::over(0..2_u64).with(counts.clone()).workers(&workers).share_len(1);
        map.run(|job| {
            count(job.with, 1);
            wait_for(job.with, 1, 2);
        })
        .expect("it runs");
        drop(unpolled);
    });
}

/// The pipe of a pool of processes holds a number of shares, and frees their places in order.
#[test]
fn a_long_share_lets_many_others_pass() {
    side_by_side("many shares pass a long one", |Place(context, ..)| {
        let (workers, counts) = (workers(context, 2), counts(1));
        // as many as there may be, so that the next one has to wait for a place
        let map = Map::over(0..20_000_u64).with(counts.clone()).workers(&workers).share_len(1);
        let map = map.run(|job| {
            count(job.with, 0);
            if job.item == 0 {
                wait_for(job.with, 0, 2 * 8192);
            }
        });
        assert_eq!(map.expect("it runs").values.len(), 20_000);
    });
}

/// Nobody has said how long shares are: what one worker takes long for, the other one does not wait for.
#[test]
fn whoever_is_free_does_all_the_others() {
    side_by_side("one long item", |Place(context, ..)| {
        let (workers, counts) = (workers(context, 2), counts(1));
        let map = Map::over(0..10_000_u64).with(counts.clone()).workers(&workers);
        let mapped = map.run(|job| match job.item {
            0 => wait_for(job.with, 0, 9999),
            _ => _ = count(job.with, 0),
        });
        let mut items =
            mapped.expect("it runs").report.workers.iter().map(|worker| worker.items).collect::<Vec<_>>();
        items.sort_unstable();
        assert_eq!(items, [1, 9999]);
    });
}
