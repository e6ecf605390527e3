use super::*;
use crate::meter::BUCKETS;

const MS: Duration = Duration::from_millis(1);

fn lane(processor: &str, (lane, of): (usize, usize), [no_input, no_room]: [u32; 2]) -> LaneReport {
    let mut step_histogram = [0; BUCKETS];
    step_histogram[10] = 98;
    step_histogram[20] = 2;
    LaneReport {
        processor: processor.to_owned(),
        lane,
        of,
        taken: 1000,
        given: 900,
        elapsed: 100 * MS,
        waiting_for_input: no_input * MS,
        waiting_for_output: no_room * MS,
        parked: Duration::ZERO,
        step_histogram,
        mean_queue: 2.5 + lane as f64,
        pid: None,
        replaced: 0,
        left_out: 0,
    }
}

fn report() -> Report {
    let lanes = vec![
        lane("read", (0, 1), [0, 60]),
        lane("parse", (0, 2), [5, 1]),
        lane("parse", (1, 2), [15, 1]),
        lane("store", (0, 1), [90, 0]),
    ];
    Report { lanes, elapsed: 100 * MS, ..Report::default() }
}

#[test]
fn a_lane_is_busy_when_it_does_not_wait() {
    let lane = lane("read", (0, 1), [30, 60]);
    assert_eq!(lane.busy(), 10 * MS);
    assert_eq!((lane.messages_in(), lane.messages_out()), (1000, 900));
    let overdone = LaneReport { elapsed: 50 * MS, ..lane };
    assert_eq!(overdone.busy(), Duration::ZERO, "clocks of two processes may disagree a little");
}

#[test]
fn the_lanes_of_a_processor_are_added_up() {
    let report = report();
    let names: Vec<_> = report.processors().map(|processor| processor.name()).collect();
    assert_eq!(names, ["read", "parse", "store"]);
    let parse = report.processor("parse").unwrap();
    assert_eq!(parse.lanes().len(), 2);
    assert_eq!((parse.messages_in(), parse.messages_out()), (2000, 1800));
    assert_eq!(parse.busy(), 178 * MS);
    assert_eq!((parse.waiting_for_input(), parse.waiting_for_output()), (20 * MS, 2 * MS));
    assert_eq!(parse.queue_fill(), 3.0);
    assert!(report.processor("write").is_none());
}

#[test]
fn two_processors_of_one_name_stay_apart() {
    let lanes = vec![lane("same", (0, 1), [0, 0]), lane("same", (0, 1), [0, 0])];
    assert_eq!(Report { lanes, elapsed: MS, ..Report::default() }.processors().count(), 2);
}

#[test]
fn quantiles_lie_in_their_bucket() {
    let lane = lane("read", (0, 1), [0, 0]);
    let (p50, p99) = (lane.step_p50().unwrap().as_nanos(), lane.step_p99().unwrap().as_nanos());
    assert!((1 << 10..1 << 11).contains(&p50), "{p50}");
    assert!((1 << 20..1 << 21).contains(&p99), "{p99}");
    assert_eq!(LaneReport { step_histogram: [0; BUCKETS], ..lane }.step_p50(), None);
}

#[test]
fn the_busiest_workers_are_the_bottleneck_and_not_the_most() {
    let report = report();
    assert_eq!(report.bottleneck().unwrap().name(), "parse");
    let mut lanes = report.lanes;
    lanes[0].waiting_for_output = 2 * MS;
    let one_busier_than_two = Report { lanes, elapsed: 100 * MS, ..Report::default() };
    assert_eq!(one_busier_than_two.bottleneck().unwrap().name(), "read");
    assert!(Report::default().bottleneck().is_none());
}

#[test]
fn it_prints_as_an_aligned_table() {
    let expected = "\
processor     in   out  busy  no input  no room  step p50  step p99  queue
read        1000   900  40 %       0 %     60 %   1.55 us   1.57 ms    2.5
parse       2000  1800  89 %      10 %      1 %   1.55 us   1.57 ms    3.0
  worker 0  1000   900  94 %       5 %      1 %   1.55 us   1.57 ms    2.5
  worker 1  1000   900  84 %      15 %      1 %   1.55 us   1.57 ms    3.5
store       1000   900  10 %      90 %      0 %   1.55 us   1.57 ms    2.5
elapsed: 100 ms
bottleneck: `parse`, busy 89 % of the time in 2 workers";
    assert_eq!(report().to_string(), expected);
}

#[test]
fn a_run_of_a_few_milliseconds_names_no_bottleneck() {
    let text = Report { elapsed: 3 * MS, ..report() }.to_string();
    let rows: Vec<_> = text.lines().collect();
    assert_eq!(rows[1], "read        1000   900     -         -        -   1.55 us   1.57 ms    2.5");
    assert_eq!(rows[rows.len() - 1], "bottleneck: the run was too short to tell");
}

#[test]
fn who_waits_all_the_time_is_no_bottleneck() {
    let elapsed = 100 * MS + MS / 10;
    let lanes = vec![LaneReport { elapsed, ..lane("read", (0, 1), [100, 0]) }];
    let report = Report { lanes, elapsed, ..Report::default() };
    assert!(report.bottleneck().is_some(), "it has been busy");
    assert!(
        report.to_string().ends_with("bottleneck: none, every processor waits nearly all the time"),
        "{report}"
    );
}

#[test]
fn what_was_dropped_is_shown_if_anything_was() {
    let pipe = |name: &str, dropped| PipeReport { name: name.to_owned(), dropped };
    let report = Report { pipes: vec![pipe("frames", 7), pipe("calm", 0)], ..report() };
    assert_eq!(report.dropped(), 7);
    let text = report.to_string();
    let dropped: Vec<_> = text.lines().filter(|line| line.starts_with("dropped")).collect();
    assert_eq!(dropped, ["dropped: 7 in the pipe `frames`"]);
}

#[test]
fn deaths_are_shown_if_there_were_any() {
    let mut report = report();
    (report.lanes[0].replaced, report.lanes[1].replaced, report.lanes[2].replaced) = (1, 2, 3);
    report.lanes[2].left_out = 4;
    assert_eq!((report.left_out(), report.processor("parse").unwrap().replaced()), (4, 5));
    let text = report.to_string();
    let lines: Vec<_> =
        text.lines().filter(|line| line.starts_with("re") || line.starts_with("left")).skip(1).collect();
    assert_eq!(
        lines,
        [
            "replaced: a worker of `read`",
            "replaced: workers of `parse`, 5 times",
            "left out: 4 of `parse`, see the dead letters"
        ]
    );
}

#[test]
fn parked_time_is_neither_busy_nor_lost() {
    let mut parked = lane("parse", (1, 2), [10, 0]);
    parked.parked = 80 * MS;
    assert_eq!((parked.busy(), parked.at_work()), (10 * MS, 20 * MS));
    let lanes = vec![lane("read", (0, 1), [0, 20]), lane("parse", (0, 2), [0, 0]), parked];
    let width = WidthReport {
        processor: "parse".to_owned(),
        lanes: 2,
        narrowest: 1,
        widest: 2,
        mean: 1.2,
        timeline: vec![2.0, 1.0, 1.0, 1.0, 1.0],
        slice: 20 * MS,
    };
    let report = Report { lanes, widths: vec![width], elapsed: 100 * MS, ..Report::default() };
    let parse = report.processor("parse").unwrap();
    assert_eq!((parse.busy(), parse.parked()), (110 * MS, 80 * MS));
    assert!((parse.load() - 110.0 / 120.0).abs() < 1e-9, "{}", parse.load());
    // a worker that is there for a fifth of the time counts for a fifth
    assert_eq!(report.bottleneck().map(|at| at.name()), Some("parse"));
    let text = report.to_string();
    assert!(text.contains("width of `parse`: 1.2 of 2 workers, from 1 to 2  █▄▄▄▄\n"), "{text}");
}
