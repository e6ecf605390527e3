//! The policy's rules, one by one.

use crate::width::policy::{Fork, Seen, policy};

/// 16 lanes, all of those that claim at work, and messages for more.
fn pressed(width: usize) -> Seen {
    Seen { lanes: 16, busy: width as f64, waiting: 9, stalled: 0.5 }
}

/// Nothing waits, and so many lanes would do.
fn at_ease(busy: f64) -> Seen {
    Seen { lanes: 16, busy, waiting: 0, stalled: 0.0 }
}

/// The widths after so many looks at which all was the same.
fn after(looks: u32, widths: &[usize], seen: &[Seen], free: f64) -> Vec<usize> {
    let start: Vec<_> = widths.iter().map(|width| Fork::new(*width)).collect();
    let end = (0..looks).fold(start, |forks, _| policy(&forks, seen, free));
    end.iter().map(|fork| fork.width).collect()
}

#[test]
fn a_pressed_fork_gets_free_cores_up_to_twice_its_width() {
    assert_eq!(after(1, &[3], &[pressed(3)], 8.0), [3], "one look may be chance");
    assert_eq!(after(2, &[3], &[pressed(3)], 8.0), [6]);
    assert_eq!(after(2, &[3], &[pressed(3)], 1.2), [5]);
    assert_eq!(after(2, &[10], &[pressed(10)], 32.0), [16], "it has no more lanes");
    assert_eq!(after(9, &[3], &[pressed(3)], 0.1), [3], "all cores are in use");
}

#[test]
fn work_that_keeps_all_lanes_busy_is_no_reason_when_nothing_waits() {
    let seen = Seen { waiting: 0, stalled: 0.0, ..pressed(3) };
    assert_eq!(after(9, &[3], &[seen], 8.0), [3]);
}

#[test]
fn the_fork_whose_writer_waits_longest_comes_first() {
    let less = Seen { stalled: 0.1, ..pressed(2) };
    assert_eq!(after(2, &[2, 2], &[less, pressed(2)], 2.0), [2, 4]);
}

#[test]
fn a_fork_at_ease_loses_what_it_has_not_needed_in_all_that_time() {
    assert_eq!(after(5, &[8], &[at_ease(2.8)], 4.0), [8], "not at once");
    assert_eq!(after(6, &[8], &[at_ease(2.8)], 4.0), [4]);
    assert_eq!(after(6, &[16], &[at_ease(0.0)], 4.0), [8], "half of them at once");
    assert_eq!(after(100, &[16], &[at_ease(0.0)], 4.0), [1]);
    let steady: Vec<_> = std::iter::repeat_n(at_ease(2.0), 5).chain([at_ease(4.5)]).collect();
    let end = steady.iter().fold(vec![Fork::new(8)], |forks, seen| policy(&forks, &[*seen], 4.0));
    assert_eq!(end[0].width, 7, "it has needed 4.5 of them once");
}

#[test]
fn a_fork_that_would_have_too_much_to_do_keeps_its_lanes() {
    assert_eq!(after(100, &[4], &[at_ease(2.2)], 4.0), [4]);
    assert_eq!(after(100, &[1], &[at_ease(0.0)], 4.0), [1]);
}

#[test]
fn without_a_free_core_lanes_pass_from_one_fork_to_another() {
    assert_eq!(after(2, &[3, 8], &[pressed(3), at_ease(1.0)], 0.0), [6, 5]);
    assert_eq!(after(2, &[6, 4], &[pressed(6), at_ease(0.5)], 0.0), [8, 2]);
}
