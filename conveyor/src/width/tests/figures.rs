//! Histories add up, gauges see waits that are under way, and looks become rare when there is nothing to see.

use crate::width::history::History;
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_history_keeps_mean_and_extremes_however_long_it_gets() {
    let mut history = History::new(4);
    for step in 1..=1000_u32 {
        history.set(step * 7 * MS, if step % 2 == 0 { 4 } else { 2 });
    }
    assert_eq!((history.narrowest, history.widest), (2, 4));
    assert!((history.mean() - 3.0).abs() < 0.01, "{}", history.mean());
    let timeline = history.timeline();
    assert!((33..=64).contains(&timeline.len()), "{} slices", timeline.len());
    assert_eq!(history.slice, 128 * MS);
    assert!(timeline.iter().all(|width| (width - 3.0).abs() < 0.2), "{timeline:?}");
}

#[test]
fn a_history_shows_when_a_width_has_changed() {
    let mut history = History::new(3);
    history.set(10 * MS, 1);
    history.go_on(20 * MS);
    let timeline = history.timeline();
    assert_eq!(timeline.len(), 20);
    assert!(timeline[..10].iter().all(|width| (width - 3.0).abs() < 1e-9), "{timeline:?}");
    assert!(timeline[10..].iter().all(|width| (width - 1.0).abs() < 1e-9), "{timeline:?}");
    assert!((history.mean() - 2.0).abs() < 1e-9);
}
