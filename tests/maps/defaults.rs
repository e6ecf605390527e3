//! What is said for a whole program: so it is said in one of its own, which is this test, started again.

use crate::CONTEXTS;
use conveyor::map::map;
use conveyor::{Context, Map, Workers};
use std::process::Command;

/// Which of the contexts is the default.
const VARIABLE: &str = "CONVEYOR_TEST_DEFAULT";

/// Where a kernel runs.
fn place() -> (u32, String) {
    (std::process::id(), std::thread::current().name().unwrap_or_default().to_owned())
}

/// What the started program does; an ordinary test otherwise.
#[test]
fn the_program() {
    let Ok(which) = std::env::var(VARIABLE) else { return };
    let context = CONTEXTS[which.parse::<usize>().expect("a number")];
    Workers::builder().context(context).number(3).set_default();
    let number = if context == Context::Serial { 1 } else { 3 };

    let workers = Workers::new().expect("they start");
    assert_eq!((workers.context(), workers.number()), (context, number));
    let own = Map::over(0..10_u64).run(|job| job.item).expect("it runs");
    assert_eq!((own.values, own.report.workers.len()), ((0..10).collect(), number));

    let caller = place();
    let mapped = map(0..10_u64, |job| (job.item, place())).expect("it runs");
    assert_eq!(mapped.len(), 10);
    for (expected, (item, (pid, thread))) in (0..).zip(mapped) {
        assert_eq!(item, expected);
        let (same_process, same_thread) = (pid == caller.0, thread == caller.1);
        assert_eq!(same_process, context != Context::Processes, "item {item}");
        assert!(!same_process || same_thread == (context == Context::Serial), "item {item} in {thread}");
    }

    // what is told something else does that
    let serial = Workers::builder().context(Context::Serial).start().expect("they start");
    assert_eq!(serial.context(), Context::Serial);
    let one =
        Map::over(0..10_u64).context(Context::Threads).number(1).run(|job| job.worker).expect("it runs");
    assert_eq!((one.values, one.report.workers.len()), (vec![0; 10], 1));
    println!("all of it held");
}

#[test]
fn a_program_has_defaults_of_its_own() {
    for which in 0..CONTEXTS.len() {
        let program = Command::new(std::env::current_exe().expect("a test has a file"))
            .args(["--exact", "defaults::the_program", "--nocapture"])
            .env(VARIABLE, which.to_string())
            .env_remove("CONVEYOR_CONTEXT")
            .env_remove("CONVEYOR_WORKERS")
            .output()
            .expect("it can be started");
        let said = String::from_utf8_lossy(&program.stdout);
        let complained = String::from_utf8_lossy(&program.stderr);
        assert!(program.status.success() && said.contains("all of it held"), "{said}\n{complained}");
    }
}
