//! Runs a test in every context, and makes a test that hangs fail with its name.

use conveyor::{Backend, Context, Error, Fuse, Message, Pipeline};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// A test that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(55);

/// Where a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) Context, pub(crate) Backend, pub(crate) Fuse);

impl Place {
    pub(crate) fn of<In: Message, Out: Message>(self, pipeline: Pipeline<In, Out>) -> Pipeline<In, Out> {
        pipeline.context(self.0).backend(self.1).fuse(self.2)
    }

    pub(crate) fn is_serial(self) -> bool {
        self.0 == Context::Serial
    }

    /// All outputs, in the order in which they come.
    pub(crate) fn outputs<In: Message, Out: Message>(
        self,
        pipeline: Pipeline<In, Out>,
        inputs: impl IntoIterator<Item = In>,
    ) -> Vec<Out> {
        self.of(pipeline).run(inputs).collect::<Result<_, _>>().expect("the run succeeds")
    }

    /// All outputs of a pipeline that starts with a source.
    pub(crate) fn all<Out: Message>(self, pipeline: Pipeline<(), Out>) -> Vec<Out> {
        self.of(pipeline).run(()).collect::<Result<_, _>>().expect("the run succeeds")
    }

    /// The error that ends the run, which comes once and last.
    pub(crate) fn error<In: Message, Out: Message>(
        self,
        pipeline: Pipeline<In, Out>,
        inputs: impl IntoIterator<Item = In>,
    ) -> Error {
        let mut run = self.of(pipeline).run(inputs);
        let error = run.by_ref().find_map(Result::err).expect("the run fails");
        assert!(run.next().is_none(), "nothing comes after an error");
        error
    }
}

/// For messages whose order is not promised.
pub(crate) fn sorted<T: Ord>(messages: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut messages: Vec<T> = messages.into_iter().collect();
    messages.sort();
    messages
}

/// Runs a test under the watchdog.
pub(crate) fn watched(name: &'static str, place: Place, test: fn(Place)) {
    let (done, outcome) = channel();
    let body = move || {
        let result = catch_unwind(AssertUnwindSafe(|| test(place)));
        // nobody listens any more if it was too slow
        let _ = done.send(result);
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(body).expect("a thread can be started");
    match outcome.recv_timeout(PATIENCE) {
        Ok(Ok(())) => {}
        Ok(Err(panic)) => resume_unwind(panic),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            panic!("`{name}` hangs in {place:?}")
        }
    }
}

/// Turns functions over a [`Place`] into one test for each context, with every stage alone and with all fused; those behind `processes only:` are about what only
/// processes can do.
macro_rules! in_every_context {
    ($($name:ident)+ $(, processes only: $($only:ident)+)?) => {
        in_context! { serial: Serial, Memfd, None, $($name)+ }
        in_context! { threads: Threads, Memfd, None, $($name)+ }
        in_context! { fused_threads: Threads, Memfd, All, $($name)+ }
        in_context! { memfd: Processes, Memfd, None, $($name)+ $($($only)+)? }
        in_context! { named: Processes, Named, None, $($name)+ $($($only)+)? }
        in_context! { fused: Processes, Memfd, All, $($name)+ $($($only)+)? }
    };
}

macro_rules! in_context {
    ($module:ident: $context:ident, $backend:ident, $fuse:ident, $($name:ident)+) => {
        mod $module {
            use crate::harness::{Place, watched};
            use conveyor::{Backend, Context, Fuse};
            $(
                #[test]
                fn $name() {
                    let place = Place(Context::$context, Backend::$backend, Fuse::$fuse);
                    watched(concat!(module_path!(), "::", stringify!($name)), place, super::$name);
                }
            )+
        }
    };
}

/// A directory that is removed when the test is over.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("conformance-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).expect("the name is new");
        Scratch(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what cannot be removed is the system's to clean up
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The numbers that a sink has written, one a line.
pub(crate) fn numbers_in(file: &Path) -> Vec<u64> {
    let text = std::fs::read_to_string(file).expect("the sink has made its file");
    text.lines().map(|line| line.parse().expect("a number a line")).collect()
}
