//! The ends of a run as a sink and a stream, and maps as streams: in every context, under tokio, and without any runtime.

use conveyor::map::AnswerStream;
use conveyor::{
    Context, ErrorKind, Failure, Map, Pipeline, Receiver, RecvStream, SendSink, Sender, SharedArray, Workers,
    pipeline,
};
use futures::executor::block_on;
use futures::stream::FusedStream;
use futures::{FutureExt, SinkExt, StreamExt, TryStreamExt};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver as Watched, Sender as Watcher, channel};
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};
use std::time::Duration;

const CONTEXTS: [Context; 3] = [Context::Serial, Context::Threads, Context::Processes];
const COUNT: u64 = 5000;

/// It holds few messages, so that both ends wait.
fn narrow() -> Pipeline<u64, u64> {
    pipeline! { <u64 -> u64>; processor(|x| x * 2) -> pipe(2) -> processor(|x| x + 1) -> pipe(2) }
}

fn ends<In: Send + 'static, Out: Send + 'static>(
    (sender, receiver): (Sender<In>, Receiver<Out>),
) -> (SendSink<In>, RecvStream<Out>) {
    (sender.into_sink(), receiver.into_stream())
}

async fn feed(mut sink: SendSink<u64>) -> conveyor::Result<()> {
    for x in 0..COUNT {
        sink.send(x).await?;
    }
    sink.close().await?;
    Ok(())
}

fn expected() -> Vec<u64> {
    (0..COUNT).map(|x| x * 2 + 1).collect()
}

#[test]
fn without_a_runtime() {
    for context in CONTEXTS {
        let (sink, mut stream) = ends(narrow().context(context).start().unwrap().split());
        let (fed, outputs) =
            block_on(async { futures::join!(feed(sink), stream.by_ref().try_collect::<Vec<u64>>()) });
        fed.unwrap();
        assert_eq!(outputs.unwrap(), expected(), "{context:?}");
        assert!(stream.is_terminated());
        assert_eq!(stream.metrics().processors().next().unwrap().messages_in(), COUNT);
        assert!(block_on(stream.next()).is_none(), "a stream that has ended stays at its end");
    }
}

#[test]
fn under_tokio() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    for context in [Context::Threads, Context::Processes] {
        let (sink, stream) = ends(narrow().context(context).start().unwrap().split());
        let outputs = runtime.block_on(async {
            // one thread for both tasks: an end that waited in it would stop the other
            let feeding = tokio::spawn(feed(sink));
            let outputs = tokio::spawn(stream.try_collect::<Vec<u64>>()).await.unwrap();
            feeding.await.unwrap().unwrap();
            outputs
        });
        assert_eq!(outputs.unwrap(), expected(), "{context:?}");
    }
}

#[test]
fn serially_under_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (sink, stream) = ends(narrow().context(Context::Serial).start().unwrap().split());
    let (fed, outputs) =
        runtime.block_on(async { futures::join!(feed(sink), stream.try_collect::<Vec<u64>>()) });
    fed.unwrap();
    assert_eq!(outputs.unwrap(), expected());

    let (_sink, mut stream) = ends(narrow().context(Context::Serial).start().unwrap().split());
    let elsewhere = std::thread::spawn(move || block_on(stream.next())).join().unwrap();
    let error = elsewhere.unwrap().unwrap_err();
    assert!(error.to_string().contains("in the thread that has started it"), "{error}");
}

/// Sends until there is no room, and says how often there was.
fn fill(sink: &mut SendSink<u64>) -> u64 {
    let mut sent = 0;
    while let Some(fed) = sink.feed(1).now_or_never() {
        fed.unwrap();
        sent += 1;
    }
    sent
}

#[test]
fn the_task_does_not_wait_itself() {
    for context in CONTEXTS {
        let (mut sink, mut stream) = ends(narrow().context(context).start().unwrap().split());
        assert!(stream.next().now_or_never().is_none(), "nothing has been sent");
        block_on(sink.send(4)).unwrap();
        assert_eq!(block_on(stream.next()).unwrap().unwrap(), 9);
        // nobody takes anything: sooner or later it is full
        fill(&mut sink);
        assert_eq!(block_on(stream.next()).unwrap().unwrap(), 3);
    }
}

#[test]
fn a_stream_goes_to_another_task_while_it_waits() {
    for context in [Context::Threads, Context::Processes] {
        let (mut sink, mut stream) = ends(narrow().context(context).start().unwrap().split());
        assert!(stream.next().now_or_never().is_none(), "nothing has been sent");
        let elsewhere = std::thread::spawn(move || (block_on(stream.next()), stream));
        block_on(sink.send(4)).unwrap();
        let (first, mut stream) = elsewhere.join().unwrap();
        // a `next` that was given up has lost nothing
        assert_eq!(first.unwrap().unwrap(), 9);
        block_on(sink.send(5)).unwrap();
        assert_eq!(block_on(stream.next()).unwrap().unwrap(), 11);
    }
}

#[test]
fn an_error_is_the_last_item() {
    let failing = pipeline! {
        <String -> u64>;
        try_map(|text: &str| text.parse::<u64>())
    };
    for context in CONTEXTS {
        let (mut sink, mut stream) = ends(failing.clone().context(context).start().unwrap().split());
        block_on(sink.send("17".into())).unwrap();
        assert_eq!(block_on(stream.next()).unwrap().unwrap(), 17);
        block_on(sink.send("x".into())).unwrap();
        let error = block_on(stream.next()).unwrap().unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(1)));
        assert!(block_on(stream.next()).is_none());
        let refused = block_on(sink.send("18".into())).unwrap_err();
        assert_eq!(refused.error().kind(), ErrorKind::Failed);
        assert_eq!(refused.into_message(), "18");
    }
}

#[test]
fn dropped_ends_leave_nothing() {
    for context in CONTEXTS {
        // both ends are waiting when the stream is dropped
        let (mut sink, mut stream) = ends(narrow().context(context).start().unwrap().split());
        fill(&mut sink);
        while stream.next().now_or_never().is_some() {}
        fill(&mut sink);
        drop(stream);
        let refused = block_on(async {
            loop {
                if let Err(refused) = sink.send(1).await {
                    return refused;
                }
            }
        });
        assert_eq!(refused.error().kind(), ErrorKind::Stopped);

        // a sink that waits for room: what it was given comes out all the same
        let (mut sink, stream) = ends(narrow().context(context).start().unwrap().split());
        let sent = fill(&mut sink);
        drop(sink);
        let outputs: Vec<u64> = block_on(stream.try_collect()).unwrap();
        assert_eq!(outputs, vec![3; sent as usize]);
    }
}

#[test]
fn a_stopped_run_ends_its_stream() {
    for context in CONTEXTS {
        let (_sink, mut stream) = ends(narrow().context(context).start().unwrap().split());
        assert!(stream.next().now_or_never().is_none(), "nothing has been sent");
        stream.stop();
        let next = block_on(stream.next());
        assert!(next.is_none(), "{context:?}: {next:?}");
    }
}

/// Few are under way, so that either side waits.
fn squares(context: Context) -> AnswerStream<u64> {
    let map = Map::over(0..COUNT).context(context).number(2).share_len(3).ahead(4).in_order();
    map.start(|job| job.item * job.item).unwrap().into_stream()
}

async fn taken(map: AnswerStream<u64>) -> conveyor::Result<Vec<u64>> {
    Ok(map.map_ok(|answer| answer.value).try_collect().await?)
}

#[test]
fn maps_without_a_runtime() {
    let expected: Vec<u64> = (0..COUNT).map(|x| x * x).collect();
    for context in CONTEXTS {
        let (one, two) = (squares(context), squares(context));
        let (one, two) = block_on(async { futures::join!(taken(one), taken(two)) });
        assert_eq!((one.unwrap(), two.unwrap()), (expected.clone(), expected.clone()), "{context:?}");
    }
}

#[test]
fn maps_under_tokio() {
    let expected: Vec<u64> = (0..COUNT).map(|x| x * x).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    for context in CONTEXTS {
        // one thread for both tasks: a map that waited in it would stop the other
        let maps = [squares(context), squares(context)].map(|map| runtime.spawn(taken(map)));
        for map in maps {
            assert_eq!(runtime.block_on(map).unwrap().unwrap(), expected, "{context:?}");
        }
    }
}

/// One is not in order, and its first item waits until its task has taken others.
#[test]
fn maps_of_two_types_on_one_pool_under_tokio() {
    let (done, watched) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        for context in CONTEXTS {
            let workers = Workers::builder().number(2).context(context).start().unwrap();
            let waits = workers.context() != Context::Serial;
            let flag = flag();
            let map = Map::over(0..COUNT).with((flag.clone(), waits)).workers(&workers).share_len(1);
            let map = map.start(|job| {
                if job.item == 0 && job.with.1 {
                    wait_for(&job.with.0);
                }
                job.item * job.item
            });
            let mut squares = map.unwrap().into_stream();
            let words: Vec<String> = (0..100).map(|x| "x".repeat(x)).collect();
            let map = Map::over(words).workers(&workers).share_len(1).in_order();
            let mut lengths = map.start(|job| job.item.len() as u32).unwrap().into_stream();
            let squares = runtime.spawn(async move {
                let mut indices = Vec::new();
                while let Some(answer) = squares.next().await {
                    let answer = answer.unwrap();
                    assert_eq!(answer.value, (answer.index as u64).pow(2));
                    indices.push(answer.index);
                    if indices.len() == 100 {
                        raise(&flag);
                    }
                }
                indices
            });
            let lengths = runtime.spawn(async move {
                let mut sum = 0;
                while let Some(answer) = lengths.next().await {
                    sum += answer.unwrap().value;
                }
                sum
            });
            assert_eq!(runtime.block_on(lengths).unwrap(), 99 * 50, "{context:?}");
            let mut indices = runtime.block_on(squares).unwrap();
            assert!(!waits || !indices[..100].contains(&0), "{context:?}");
            indices.sort_unstable();
            assert!(indices.into_iter().eq(0..COUNT as usize), "{context:?}");
        }
        done.send(()).unwrap();
    });
    comes(&watched);
}

#[test]
fn a_map_does_not_let_its_task_wait_and_ends_with_its_error() {
    for context in CONTEXTS {
        let map = Map::over(0..100_u64).context(context).share_len(1).in_order();
        let mut map = map
            .try_start(|job| if job.item == 99 { Err(Failure::new("too much")) } else { Ok(job.item) })
            .unwrap()
            .into_stream();
        let mut next = 0;
        while next < 99 {
            // polled once, whether there is something or not
            if let Some(answer) = map.next().now_or_never() {
                assert_eq!(answer.unwrap().unwrap().value, next);
                next += 1;
            }
        }
        let error = block_on(map.next()).unwrap().unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(99)));
        assert!(map.is_terminated() && block_on(map.next()).is_none());
    }
}

/// What takes longer hangs.
fn comes(watched: &Watched<()>) {
    watched.recv_timeout(Duration::from_secs(55)).expect("nobody waits for ever");
}

fn flag() -> SharedArray<AtomicU64> {
    SharedArray::zeros(1).unwrap()
}

fn raise(flag: &SharedArray<AtomicU64>) {
    flag[[0]].store(1, Ordering::SeqCst);
}

fn wait_for(flag: &SharedArray<AtomicU64>) {
    while flag[[0]].load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
}

/// The kernel waits for what the same task does after it has asked for an answer.
#[test]
fn a_map_that_has_no_answer_yet_does_not_stop_its_task() {
    let (done, watched) = channel();
    std::thread::spawn(move || {
        for context in CONTEXTS {
            let flag = flag();
            let map = Map::over(0..2_u64).with(flag.clone()).context(context);
            let mut map = map.start(|job| wait_for(job.with)).unwrap().into_stream();
            let (answer, ()) = block_on(async { futures::join!(map.next(), async { raise(&flag) }) });
            assert!(answer.unwrap().is_ok());
            map.into_map().finish().unwrap();
        }
        done.send(()).unwrap();
    });
    comes(&watched);
}

/// Drops a map when it is woken.
struct Dropper(Mutex<Option<AnswerStream<()>>>, Mutex<Watcher<()>>);

impl Wake for Dropper {
    fn wake(self: Arc<Self>) {
        drop(self.0.lock().unwrap().take());
        self.1.lock().unwrap().send(()).unwrap();
    }
}

/// It is the map's thread that wakes whoever waits, and so it may be the one that drops the map.
#[test]
fn the_thread_of_a_map_does_not_wait_for_itself() {
    for context in CONTEXTS {
        let ((done, watched), flag) = (channel(), flag());
        let map = Map::over(0..1000_u64).share_len(1).with(flag.clone()).context(context);
        let mut map = map.start(|job| wait_for(job.with)).unwrap().into_stream();
        let dropper = Arc::new(Dropper(Mutex::default(), Mutex::new(done)));
        let waker = Waker::from(dropper.clone());
        assert!(map.poll_next_unpin(&mut std::task::Context::from_waker(&waker)).is_pending());
        *dropper.0.lock().unwrap() = Some(map);
        raise(&flag);
        comes(&watched);
    }
}

#[test]
fn the_outputs_come_behind_the_stream() {
    for context in CONTEXTS {
        let out = SharedArray::<u64>::zeros(100).unwrap();
        let map = Map::over(0..100_u64).output(out).context(context);
        let mut map = map.start(|job| *job.out = job.item).unwrap().into_stream();
        assert_eq!(block_on(map.by_ref().count()), 100);
        let out = map.into_map().finish().unwrap().out;
        assert!(out.as_slice().iter().copied().eq(0..100));
    }
}
