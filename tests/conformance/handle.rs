//! What the caller does with a pipeline.

use crate::harness::{Place, Scratch, sorted};
use conveyor::{
    ErrorKind, Failure, Pipeline, RecvTimeoutError, Result, Sink, TryRecvError, TrySendError, pipeline,
};
use std::time::{Duration, Instant};

in_every_context! {
    it_runs_any_number_of_times it_runs_twice_at_once it_runs_on_many_threads_of_a_busy_program
    runs_dropped_half_way runs_dropped_untouched by_hand what_is_sent_comes_out_at_once two_threads
    a_dropped_receiver_stops_the_sender a_pipe_holds_as_many_as_it_says try_and_timeout closing stopping
    the_report_adds_up metrics_while_it_runs a_pipeline_of_one_processor inputs_slower_than_the_pipeline
    inputs_for_a_source_are_refused what_breaks_off_is_not_finished
}

fn row() -> Pipeline<u64, u64> {
    pipeline! {
        <u64 -> u64>;
        processor first = |x: u64| x + 1;
        processor second = |x: u64| x * 2;
        first -> pipe -> second;
    }
}

pub(super) fn narrow() -> Pipeline<u64, u64> {
    pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(2) -> balanced fork(2) { processor(|x| x) } -> pipe(2)
    -> join merge }
}

fn expected(inputs: std::ops::Range<u64>) -> Vec<u64> {
    inputs.map(|x| (x + 1) * 2).collect()
}

fn it_runs_any_number_of_times(place: Place) {
    let row = row();
    for _ in 0..10 {
        assert_eq!(place.outputs(row.clone(), 0..100), expected(0..100));
    }
}

fn it_runs_twice_at_once(place: Place) {
    let row = place.of(row());
    let (mut one, mut other) = (row.run(0..3000), row.run(5000..8000));
    let mut outputs = (Vec::new(), Vec::new());
    loop {
        match (one.next(), other.next()) {
            (None, None) => break,
            (from_one, from_other) => {
                outputs.0.extend(from_one.map(|output| output.expect("it succeeds")));
                outputs.1.extend(from_other.map(|output| output.expect("it succeeds")));
            }
        }
    }
    assert_eq!(outputs, (expected(0..3000), expected(5000..8000)));
}

fn it_runs_on_many_threads_of_a_busy_program(place: Place) {
    let row = row();
    let busy = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        // it allocates and starts programs all the time
        scope.spawn(|| {
            while busy.load(std::sync::atomic::Ordering::Relaxed) {
                let noise: Vec<String> = (0..1000).map(|x| x.to_string()).collect();
                std::hint::black_box(noise);
                let status = std::process::Command::new("true").status();
                assert!(status.expect("`true` is everywhere").success());
            }
        });
        let runs: Vec<_> = (0..4)
            .map(|thread| {
                let row = row.clone();
                scope.spawn(move || {
                    for round in 0..3 {
                        let from = thread * 1000 + round * 100;
                        assert_eq!(place.outputs(row.clone(), from..from + 500), expected(from..from + 500));
                    }
                })
            })
            .collect();
        let outcomes: Vec<_> = runs.into_iter().map(|run| run.join()).collect();
        busy.store(false, std::sync::atomic::Ordering::Relaxed);
        assert!(outcomes.iter().all(Result::is_ok));
    });
}

fn runs_dropped_half_way(place: Place) {
    for taken in [1, 2, 100] {
        for pipeline in [row(), narrow()] {
            let mut run = place.of(pipeline).run(0..);
            let outputs: Vec<u64> =
                run.by_ref().take(taken).map(|output| output.expect("it succeeds")).collect();
            assert_eq!(outputs.len(), taken);
        }
    }
}

fn runs_dropped_untouched(place: Place) {
    for pipeline in [row(), narrow()] {
        let pipeline = place.of(pipeline);
        drop(pipeline.run(0..));
        drop(pipeline.start().expect("it starts"));
        let mut running = pipeline.start().expect("it starts");
        running.send(1).expect("there is room");
        drop(running);
        drop(pipeline.start().expect("it starts").split());
    }
}

fn by_hand(place: Place) {
    let mut running = place.of(row()).start().expect("it starts");
    for x in 0..1000 {
        running.send(x).expect("there is room");
        assert_eq!(running.recv().expect("it comes out"), (x + 1) * 2);
    }
    assert!(running.error().is_none());
    running.send(5).expect("there is room");
    let (rest, report) = running.finish().expect("it ends well");
    assert_eq!(rest, [12]);
    assert_eq!(report.processor("first").expect("it is declared").messages_in(), 1001);
}

/// One message is not kept back until there are more.
fn what_is_sent_comes_out_at_once(place: Place) {
    let mut running = place.of(row()).start().expect("it starts");
    running.send(1).expect("there is room");
    assert_eq!(running.recv_timeout(Duration::from_secs(50)).expect("it comes out"), 4);
    running.try_send(2).expect("there is room");
    assert_eq!(running.recv_timeout(Duration::from_secs(50)).expect("it comes out"), 6);
}

fn two_threads(place: Place) {
    let (mut sender, mut receiver) = place.of(narrow()).start().expect("it starts").split();
    let sending = std::thread::spawn(move || (0..5000).try_for_each(|x| sender.send(x)));
    let outputs: Vec<u64> = receiver.iter().collect::<Result<_, _>>().expect("it succeeds");
    assert_eq!(sorted(outputs), (0..5000).collect::<Vec<_>>());
    assert!(sending.join().expect("no panic").is_ok());
}

fn a_dropped_receiver_stops_the_sender(place: Place) {
    let (mut sender, mut receiver) = place.of(narrow()).start().expect("it starts").split();
    let sending = std::thread::spawn(move || (0..).find_map(|x| sender.send(x).err()));
    receiver.recv().expect("it comes out");
    drop(receiver);
    let failed = sending.join().expect("no panic").expect("sending ends");
    assert_eq!(failed.error().kind(), ErrorKind::Stopped);
}

fn a_pipe_holds_as_many_as_it_says(place: Place) {
    let identity = pipeline! { <String -> String>; processor(|text| text) [fuse = none] -> pipe(1000) -> processor(|text| text) };
    let mut running = place.of(identity).start().expect("it starts");
    for number in 0..1000 {
        running.send(format!("{number:02000}")).expect("there is room");
    }
    let (outputs, _) = running.finish().expect("it ends well");
    assert!(outputs.iter().enumerate().all(|(number, text)| text.parse() == Ok(number)));
    assert_eq!(outputs.len(), 1000);
}

fn try_and_timeout(place: Place) {
    let mut running = place.of(narrow()).start().expect("it starts");
    assert!(matches!(running.try_recv(), Err(TryRecvError::Empty)));
    let started = Instant::now();
    let timeout = Duration::from_millis(30);
    assert!(matches!(running.recv_timeout(timeout), Err(RecvTimeoutError::Timeout)));
    assert!(place.is_serial() || started.elapsed() >= timeout, "it has waited for it");
    let mut sent = 0;
    let full = loop {
        match running.send_timeout(sent, timeout) {
            Ok(()) => sent += 1,
            Err(conveyor::SendTimeoutError::Timeout(message)) => break message,
            Err(ended) => panic!("{ended}"),
        }
    };
    assert_eq!(full, sent);
    assert!(matches!(running.try_send(full), Err(TrySendError::Full(message)) if message == full));
    let (rest, _) = running.finish().expect("it ends well");
    assert_eq!(sorted(rest), (0..sent).collect::<Vec<_>>());
}

fn closing(place: Place) {
    let mut running = place.of(row()).start().expect("it starts");
    running.send(1).expect("there is room");
    running.close();
    assert_eq!(running.send(2).expect_err("it is closed").error().kind(), ErrorKind::Stopped);
    assert_eq!(running.recv().expect("it comes out"), 4);
    assert!(matches!(running.recv(), Err(conveyor::RecvError::Ended)));
    assert!(running.finish().expect("it ends well").0.is_empty());
}

fn stopping(place: Place) {
    let mut running = place.of(narrow()).start().expect("it starts");
    while running.send(1).is_ok() {}
    running.stop().expect("a stop is no failure");
    let (mut sender, receiver) = place.of(narrow()).start().expect("it starts").split();
    sender.send(1).expect("there is room");
    receiver.stop().expect("a stop is no failure");
    assert!(sender.send(2).is_err());
}

fn the_report_adds_up(place: Place) {
    let counted = pipeline! {
        <u64 -> u64>;
        processor entry = |x: u64| x;
        filter even = |x| x % 2 == 0;
        flat_map twice = |x: u64| [x, x];
        entry -> pipe -> balanced fork(2) { even -> pipe -> twice } -> pipe -> join merge -> processor(|x| x);
    };
    let mut run = place.of(counted).run(0..1000);
    assert_eq!(run.by_ref().filter(Result::is_ok).count(), 1000);
    let report = run.report();
    let counts = |name: &str| {
        let processor = report.processor(name).unwrap_or_else(|| panic!("`{name}` is declared:\n{report}"));
        (processor.lanes().len(), processor.messages_in(), processor.messages_out())
    };
    assert_eq!(counts("entry"), (1, 1000, 1000), "\n{report}");
    assert_eq!(counts("even"), (2, 1000, 500), "\n{report}");
    assert_eq!(counts("twice"), (2, 500, 1000), "\n{report}");
    assert!(report.bottleneck().is_some(), "something was done:\n{report}");
    assert!(report.elapsed() > Duration::ZERO);
}

fn metrics_while_it_runs(place: Place) {
    let mut running = place.of(row()).start().expect("it starts");
    for x in 0..100 {
        running.send(x).expect("there is room");
    }
    assert_eq!(running.drain().count(), 100);
    assert_eq!(running.metrics().processor("second").expect("it is declared").messages_out(), 100);
    running.send(1).expect("there is room");
    running.recv().expect("it comes out");
}

fn a_pipeline_of_one_processor(place: Place) {
    let one = pipeline! { <u64 -> u64>; processor(|x| x + 1) };
    assert_eq!(place.outputs(one, 0..20_000), (1..=20_000).collect::<Vec<_>>());
}

/// Inputs that come slowly are not gathered: the output of one is there before the next but one is asked for.
fn inputs_slower_than_the_pipeline(place: Place) {
    let outputs = std::cell::Cell::new(0);
    let slow = (0..6_u64).inspect(|x| {
        // stands for an input device: it takes longer than messages need
        let until = Instant::now() + Duration::from_millis(100);
        while Instant::now() < until {
            std::thread::yield_now();
        }
        let seen = outputs.get();
        assert!(seen + 3 >= *x, "{x} inputs were asked for when only {seen} outputs had been given");
    });
    for output in place.of(row()).run(slow) {
        output.expect("it succeeds");
        outputs.set(outputs.get() + 1);
    }
    assert_eq!(outputs.get(), 6);
}

/// They are of type `()`, so no type says that nobody takes them.
fn inputs_for_a_source_are_refused(place: Place) {
    let closed = place.of(pipeline! { <() -> u64>; source(0..3_u64) });
    let outputs: Vec<_> = closed.run([(), ()]).collect();
    let [Err(error)] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!(error.kind(), ErrorKind::Start);
    assert!(error.to_string().contains("`.run(())`"), "{error}");
    assert_eq!(closed.run(()).count(), 3);
    assert_eq!(closed.run([]).count(), 3);
    let mut running = closed.start().expect("it starts");
    assert_eq!(running.send(()).expect_err("nobody takes it").error().kind(), ErrorKind::Stopped);
    assert_eq!(running.finish().expect("it ends").0, [0, 1, 2]);
    // an open head takes `()`, too
    let open = pipeline! { <() -> u64>; processor(|()| 7_u64) };
    assert_eq!(place.outputs(open, [(), ()]), [7, 7]);
}

/// Leaves a file when its stream has ended.
struct Finished(String);

impl Sink for Finished {
    type In = u64;
    fn consume(&mut self, _: u64) -> Result<()> {
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        std::fs::write(&self.0, "").map_err(Failure::new)
    }
}

fn refused(is_refused: bool) -> Result<impl FnMut(u64) -> u64> {
    if is_refused { Err(Failure::new("on purpose")) } else { Ok(|x| x) }
}

fn what_breaks_off_is_not_finished(place: Place) {
    let scratch = Scratch::new();
    let file = scratch.file("finished");
    let row = |is_refused: bool| -> Pipeline<u64, ()> {
        let path = file.to_str().expect("a path of letters").to_owned();
        pipeline! {
            <u64 -> ()>(path: String = path, is_refused: bool = is_refused);
            processor(refused(*is_refused)?) -> pipe -> sink(Finished(path.to_owned()))
        }
    };
    for _ in 0..20 {
        let mut running = place.of(row(false)).start().expect("it starts");
        running.send(1).expect("there is room");
        drop(running);
        let failed = place.of(row(true)).start().and_then(|running| running.finish().map(drop));
        assert!(failed.is_err());
        assert!(!file.exists());
    }
    place.of(row(false)).run(0..3).for_each(drop);
    assert!(file.exists());
}
