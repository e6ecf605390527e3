//! What all of these tests need.

use conveyor::{Context, Error, Pipeline};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// A test that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a test in every context, and fails instead of hanging.
pub(crate) fn everywhere(test: impl Fn(Context) + Clone + Send + 'static) {
    in_contexts(&[Context::Serial, Context::Threads, Context::Processes], test);
}

/// The same for a test whose stages share memory with it, or whose sizes are those of values.
pub(crate) fn in_one_process(test: impl Fn(Context) + Clone + Send + 'static) {
    in_contexts(&[Context::Serial, Context::Threads], test);
}

/// For what only threads can do: wait for each other.
pub(crate) fn in_threads(test: impl Fn(Context) + Clone + Send + 'static) {
    in_contexts(&[Context::Threads], test);
}

fn in_contexts(contexts: &[Context], test: impl Fn(Context) + Clone + Send + 'static) {
    for context in contexts.iter().copied() {
        let (done, watch) = channel::<()>();
        let test = test.clone();
        let thread = std::thread::spawn(move || {
            test(context);
            drop(done);
        });
        if let Err(RecvTimeoutError::Timeout) = watch.recv_timeout(PATIENCE) {
            panic!("the test hangs in {context:?}");
        }
        if let Err(panic) = thread.join() {
            eprintln!("in {context:?}");
            std::panic::resume_unwind(panic);
        }
    }
}

/// All outputs for these inputs.
pub(crate) fn outputs<In: conveyor::Message, Out: conveyor::Message>(
    pipeline: Pipeline<In, Out>,
    context: Context,
    inputs: impl IntoIterator<Item = In>,
) -> Result<Vec<Out>, Error> {
    pipeline.context(context).run(inputs).collect()
}

/// The same, when their order is not promised.
pub(crate) fn sorted<In: conveyor::Message, Out: conveyor::Message + Ord>(
    pipeline: Pipeline<In, Out>,
    context: Context,
    inputs: impl IntoIterator<Item = In>,
) -> Vec<Out> {
    let mut outputs = outputs(pipeline, context, inputs).expect("the run succeeds");
    outputs.sort();
    outputs
}
