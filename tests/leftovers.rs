//! However a run ends, nothing of it stays behind: no process, no shared memory, no file descriptor. All in one test,
//! because it looks at the whole program.

#[cfg(target_os = "linux")]
#[path = "conformance/harness.rs"]
#[allow(dead_code, unused_macros, reason = "this test needs only the watchdog")]
mod harness;

#[cfg(target_os = "linux")]
mod leftovers {
    use crate::harness::{Place, watched};
    use conveyor::{Backend, Context, Fuse, Pipeline, Result, SharedArray, pipeline};
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    /// What is left is freed a little late.
    const DEADLINE: Duration = Duration::from_secs(20);

    /// What of this program can be seen from outside.
    #[derive(Debug, PartialEq)]
    struct Traces {
        children: BTreeSet<String>,
        threads: BTreeSet<String>,
        descriptors: BTreeSet<String>,
        mappings: usize,
        names: BTreeSet<String>,
    }

    fn list(directory: &str) -> impl Iterator<Item = String> {
        let entries = fs::read_dir(directory).expect("the system lists it").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
    }

    impl Traces {
        fn now() -> Traces {
            let tasks = || list("/proc/self/task");
            let children = tasks().filter_map(|task| {
                // a thread may end while we look
                fs::read_to_string(format!("/proc/self/task/{task}/children")).ok()
            });
            let children =
                children.flat_map(|pids| pids.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
            let maps = fs::read_to_string("/proc/self/maps").expect("the system lists it");
            let mine = format!("conveyor-{}-", std::process::id());
            Traces {
                children: children.collect(),
                threads: tasks().collect(),
                descriptors: list("/proc/self/fd").filter(|fd| is_open(fd)).collect(),
                mappings: maps.lines().filter(|line| line.contains("conveyor")).filter(is_shared).count(),
                names: list("/dev/shm").filter(|name| name.starts_with(&mine)).collect(),
            }
        }
    }

    /// Without the one that lists them.
    fn is_open(fd: &str) -> bool {
        fs::read_link(format!("/proc/self/fd/{fd}")).is_ok()
    }

    /// `... rw-s ...`: a shared mapping.
    fn is_shared(line: &&str) -> bool {
        line.split_whitespace().nth(1).is_some_and(|rights| rights.ends_with('s'))
    }

    fn sweep(before: &Traces, after: &str) {
        let started = Instant::now();
        loop {
            let now = Traces::now();
            if now == *before {
                return;
            }
            assert!(started.elapsed() < DEADLINE, "{after}: before {before:#?}\nnow {now:#?}");
            std::thread::yield_now();
        }
    }

    fn farm() -> Pipeline<u64, u64> {
        pipeline! {
            <u64 -> u64>;
            pool unused(2) of [u64; 1000];
            processor(|x| x) -> pipe(4) -> balanced fork(2) { try_map(picky) } -> pipe(4) -> join ordered -> pipe
                -> replicated fork { processor(|x| x), processor({
                    let pool = unused.clone();
                    move |x: u64| x + pool.chunks() as u64
                }) } -> pipe -> join merge
        }
    }

    fn picky(x: u64) -> Result<u64> {
        match x {
            1_000_001 => Err(conveyor::Failure::new("refused")),
            1_000_002 => panic!("burst"),
            1_000_003 => std::process::exit(3),
            1_000_004 => std::process::abort(),
            _ => Ok(x),
        }
    }

    fn unmade() -> Result<fn(u64) -> u64> {
        Err(conveyor::Failure::new("cannot be made"))
    }

    fn everything_is_gone(place: Place) {
        // what the first run sets up for good is there before we look
        place.outputs(farm(), 0..10);
        let before = Traces::now();
        assert!(before.children.is_empty() && before.names.is_empty(), "{before:?}");

        assert_eq!(place.outputs(farm(), 0..1000).len(), 2000);
        sweep(&before, "a run that ends by itself");
        for culprit in 1_000_001..=1_000_004 {
            let error = place.error(farm(), (0..500).chain([culprit]).chain(0..500));
            assert!(error.processor().is_some(), "{error}");
            sweep(&before, &format!("{error}"));
        }
        let broken = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(unmade()?) };
        let error = place.error(broken, 0..10);
        sweep(&before, &format!("{error}"));

        let mut run = place.of(farm()).run(0..);
        assert!(run.next().expect("there is more").is_ok());
        drop(run);
        sweep(&before, "a run dropped half-way");
        drop(place.of(farm()).start().expect("it starts"));
        sweep(&before, "a run dropped at once");
        let (one, other) = (place.of(farm()).start(), place.of(farm()).start());
        let (mut one, other) = (one.expect("it starts"), other.expect("it starts"));
        one.send(1).expect("there is room");
        drop(other);
        assert_eq!(one.finish().expect("it ends well").0.len(), 2);
        sweep(&before, "two runs at once");
        let (sender, receiver) = place.of(farm()).start().expect("it starts").split();
        drop(receiver);
        drop(sender);
        sweep(&before, "two halves");
        place.of(farm()).start().expect("it starts").stop().expect("a stop is no failure");
        sweep(&before, "a run that is stopped");

        let array = SharedArray::<u64>::build([100, 100]).backend(place.1).zeros().expect("there is memory");
        let reading = pipeline! {
            <u64 -> u64>(array: SharedArray<u64> = array.clone());
            processor(|x| x) -> pipe -> balanced fork(2) { processor(|x| x + array[[5, 7]]) } -> pipe -> join merge
        };
        assert_eq!(place.outputs(reading, 0..100).len(), 100);
        drop(array);
        sweep(&before, "an array");
        let name = format!("leftovers-{}", std::process::id());
        drop(SharedArray::<u64>::build(10).name(&name).zeros().expect("there is memory"));
        assert!(!Path::new("/dev/shm").join(name).exists());
        sweep(&before, "an array with a name");
    }

    #[test]
    fn nothing_stays_behind() {
        for backend in [Backend::Memfd, Backend::Named] {
            watched(
                "nothing stays behind",
                Place(Context::Processes, backend, Fuse::None),
                everything_is_gone,
            );
        }
    }
}
