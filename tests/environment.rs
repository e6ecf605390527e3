//! The environment variables `CONVEYOR_CONTEXT`, `CONVEYOR_WORKERS`, `CONVEYOR_FUSE` and `CONVEYOR_GRAPH`, which any
//! program obeys: here it is this test, started again.

use conveyor::pipeline;
use std::process::{Command, Output};

pipeline! {
    /// The processes that have seen the messages.
    Seen<u64 -> u32>;
    processor relay = |x: u64| x;
    processor same = |x: u64| x;
    processor seen = |_: u64| std::process::id();
    relay -> pipe -> balanced fork(auto) { same -> pipe -> seen } -> pipe -> join merge;
}

/// The same as a part of another pipeline.
fn workers_inside() -> usize {
    let outer = pipeline! { pipeline inside = Seen; inside -> pipe -> processor(|id| id); };
    let mut run = outer.run(0..10);
    assert_eq!(run.by_ref().filter(Result::is_ok).count(), 10);
    run.report().processor("inside/seen").expect("it is declared").lanes().len()
}

#[test]
fn a_program() {
    let mut run = Seen::pipeline().run(0..100);
    let ids: Vec<u32> = run.by_ref().collect::<Result<_, _>>().expect("the run succeeds");
    assert_eq!(ids.len(), 100);
    let here = ids.iter().filter(|id| **id == std::process::id()).count();
    let workers = run.report().processor("seen").expect("it is declared").lanes().len();
    println!("here: {here}, workers: {workers}");
    println!("inside: {}", workers_inside());
}

#[test]
fn a_program_that_panics() {
    let panics = pipeline! { <u64 -> u64>; processor panics = |x: u64| 10 / x; panics };
    let error = panics.run([0]).find_map(Result::err).expect("it divides by 0");
    println!("lines of the error: {}", error.to_string().lines().count());
}

fn program(variables: &[(&str, &str)]) -> Output {
    started("a_program", variables)
}

fn started(program: &str, variables: &[(&str, &str)]) -> Output {
    let me = std::env::current_exe().expect("a test has a file");
    let mut command = Command::new(me);
    for name in ["CONVEYOR_CONTEXT", "CONVEYOR_WORKERS", "CONVEYOR_FUSE", "CONVEYOR_GRAPH"] {
        command.env_remove(name);
    }
    command.args(["--exact", program, "--nocapture"]).envs(variables.iter().copied());
    command.output().expect("it can be started")
}

fn says(output: &Output, what: &str) -> bool {
    [&output.stdout, &output.stderr].iter().any(|text| String::from_utf8_lossy(text).contains(what))
}

#[test]
fn the_context_is_chosen() {
    for (context, here) in [("serial", "here: 100,"), ("threads", "here: 100,")] {
        let output = program(&[("CONVEYOR_CONTEXT", context)]);
        assert!(output.status.success() && says(&output, here), "{context}: {output:?}");
    }
    if cfg!(target_os = "linux") {
        for variables in [&[][..], &[("CONVEYOR_CONTEXT", "processes")]] {
            let output = program(variables);
            assert!(output.status.success() && says(&output, "here: 0,"), "{output:?}");
        }
    }
    let output = program(&[("CONVEYOR_CONTEXT", "cloud")]);
    assert!(!output.status.success(), "{output:?}");
    assert!(says(&output, "`serial`, `threads`, `processes`"), "it says what is possible: {output:?}");
}

#[test]
fn the_workers_are_counted() {
    for (workers, expected) in [("1", "workers: 1\n"), ("5", "workers: 5\n")] {
        let output = program(&[("CONVEYOR_WORKERS", workers)]);
        assert!(output.status.success() && says(&output, expected), "{output:?}");
        assert!(says(&output, &format!("inside: {workers}\n")), "{output:?}");
    }
    let output = program(&[("CONVEYOR_WORKERS", "0")]);
    assert!(!output.status.success() && says(&output, "CONVEYOR_WORKERS"), "{output:?}");
}

#[test]
fn neighbours_are_fused() {
    let plan =
        |fuse| program(&[("CONVEYOR_FUSE", fuse), ("CONVEYOR_WORKERS", "64"), ("CONVEYOR_GRAPH", "plan")]);
    assert!(says(&plan("all"), "same + seen#63"), "{:?}", plan("all"));
    assert!(says(&plan("none"), "  same#63"), "{:?}", plan("none"));
    let output = program(&[("CONVEYOR_FUSE", "all")]);
    assert!(output.status.success() && says(&output, "workers: "), "{output:?}");
    let output = program(&[("CONVEYOR_FUSE", "some")]);
    assert!(!output.status.success() && says(&output, "`none`, `auto`, `all`"), "{output:?}");
}

#[test]
fn the_graph_is_printed_instead() {
    for (form, what) in [("dot", "digraph"), ("mermaid", "flowchart"), ("svg", "<svg"), ("plan", "seen")] {
        let output = program(&[("CONVEYOR_GRAPH", form), ("CONVEYOR_WORKERS", "2")]);
        assert!(output.status.success(), "{output:?}");
        assert!(says(&output, what) && says(&output, "relay"), "{form}: {output:?}");
        assert!(!says(&output, "here:"), "nothing has run: {output:?}");
    }
}

#[test]
fn a_backtrace_is_no_part_of_the_error() {
    let output = started("a_program_that_panics", &[("RUST_BACKTRACE", "1")]);
    assert!(says(&output, "lines of the error: 1\n") && says(&output, "stack backtrace:"), "{output:?}");
}
