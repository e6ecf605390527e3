//! `start` and what follows from it.

use super::engine::{Fake, failure};
use crate::pipeline::{RecvError, RecvTimeoutError, Running, SendTimeoutError, TryRecvError, TrySendError};
use crate::{Error, ErrorKind};
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(1);

fn start(
    rooms: (usize, usize),
    work: impl FnMut(u64) -> Result<Vec<u64>, Error> + Send + 'static,
) -> (Running<u64, u64>, Fake) {
    let fake = Fake::new(rooms, work);
    (Running::new(fake.engine()), fake)
}

fn echo(x: u64) -> Result<Vec<u64>, Error> {
    Ok(vec![x])
}

fn drained(running: &mut Running<u64, u64>) -> Vec<u64> {
    running.drain().collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_is_sent_is_visible_at_once_and_comes_out() {
    let (mut running, _) = start((4, 4), echo);
    assert!(matches!(running.try_recv(), Err(TryRecvError::Empty)));
    running.send(1).unwrap();
    running.try_send(2).unwrap();
    running.send_timeout(3, SHORT).unwrap();
    assert_eq!(running.recv().unwrap(), 1);
    assert_eq!(running.try_recv().unwrap(), 2);
    assert_eq!(running.recv_timeout(SHORT).unwrap(), 3);
    assert!(matches!(running.recv_timeout(SHORT), Err(RecvTimeoutError::Timeout)));
}

#[test]
fn a_full_pipeline_gives_the_message_back() {
    let (mut running, _) = start((1, 1), echo);
    running.send(1).unwrap();
    let Err(TrySendError::Full(2)) = running.try_send(2) else {
        panic!("there is no room before it has waited")
    };
    let sent = (2..).find_map(|x| running.send_timeout(x, SHORT).err().map(|error| (x, error)));
    let Some((x, SendTimeoutError::Timeout(back))) = sent else { panic!("it is full at last") };
    assert_eq!(x, back);
    assert_eq!(drained(&mut running), (1..x).collect::<Vec<_>>());
}

#[test]
fn sending_past_the_capacity_is_an_error_and_loses_nothing() {
    let (mut running, _) = start((3, 2), echo);
    let refused = (0..).find_map(|x| running.send(x).err()).unwrap();
    assert_eq!(refused.error().kind(), ErrorKind::WouldDeadlock);
    assert!(refused.to_string().contains("`recv`"), "{refused}");
    let message = refused.into_message();
    assert!(message >= 5, "only a full pipeline refuses, but there was no room for {message}");
    assert_eq!(running.recv().unwrap(), 0);
    running.send(message).unwrap();
    let (rest, _) = running.finish().unwrap();
    assert_eq!(rest, (1..=message).collect::<Vec<_>>());
}

#[test]
fn a_slow_pipeline_is_waited_for() {
    // it drops everything: so it is never full for long, and nothing ever comes out
    let (mut running, _) = start((1, 1), |_| Ok(vec![]));
    (0..100).for_each(|x| running.send(x).unwrap());
    assert!(drained(&mut running).is_empty());
}

#[test]
fn drain_ends_after_what_was_sent_and_the_run_goes_on() {
    let mut sum = 0;
    let (mut running, fake) = start((10, 10), move |x| {
        sum += x;
        Ok(vec![sum])
    });
    for (batch, expected) in [(vec![1, 2], vec![1, 3]), (vec![], vec![]), (vec![3], vec![6])] {
        batch.into_iter().for_each(|x| running.send(x).unwrap());
        assert_eq!(drained(&mut running), expected);
    }
    assert_eq!(fake.world().marks, 3);
    let mut drain = running.drain();
    assert!(drain.next().is_none() && drain.next().is_none());
}

#[test]
fn a_drain_that_was_dropped_leaves_its_rest_and_no_mark() {
    let (mut running, fake) = start((10, 10), echo);
    (0..4).for_each(|x| running.send(x).unwrap());
    assert_eq!(running.drain().next().unwrap().unwrap(), 0);
    running.send(4).unwrap();
    assert_eq!(running.recv().unwrap(), 1);
    assert_eq!(drained(&mut running), [2, 3, 4], "what was sent after the dropped drain belongs to this one");
    let mut drain = running.drain();
    assert!(drain.next().is_none());
    assert_eq!(fake.world().marks, 3);

    // `recv` passes over the mark that nobody waits for any more
    running.send(5).unwrap();
    assert_eq!(running.drain().next().unwrap().unwrap(), 5);
    running.send(6).unwrap();
    assert_eq!(running.recv().unwrap(), 6);
}

#[test]
fn a_failure_reaches_every_call() {
    let (mut running, _) = start((1, 4), |x| if x == 1 { Err(failure("one")) } else { Ok(vec![x]) });
    running.send(0).unwrap();
    assert!(running.error().is_none());
    assert_eq!(running.recv().unwrap(), 0);
    running.send(1).unwrap();
    let Err(RecvError::Failed(error)) = running.recv() else { panic!("the run has failed") };
    assert_eq!(error.cause(), "one");
    assert_eq!(running.send(2).unwrap_err().error().cause(), "one");
    let Err(TrySendError::Ended(failed)) = running.try_send(2) else { panic!("the run has failed") };
    assert_eq!(failed.into_message(), 2);
    assert!(matches!(running.try_recv(), Err(TryRecvError::Failed(_))));
    let mut drain = running.drain();
    assert!(drain.next().is_some_and(|item| item.is_err()));
    assert!(drain.next().is_none(), "an error is given once");
    assert_eq!(running.error().unwrap().cause(), "one");
    assert_eq!(running.finish().unwrap_err().cause(), "one");
}

#[test]
fn a_closed_head_takes_nothing_and_the_rest_comes_out() {
    let (mut running, _) = start((4, 1), echo);
    (0..3).for_each(|x| running.send(x).unwrap());
    running.close();
    let refused = running.send(3).unwrap_err();
    assert_eq!((refused.error().kind(), refused.into_message()), (ErrorKind::Stopped, 3));
    for x in 0..3 {
        assert_eq!(running.recv().unwrap(), x);
    }
    assert!(matches!(running.recv(), Err(RecvError::Ended)));
    assert!(matches!(running.try_recv(), Err(TryRecvError::Ended)));
    assert!(running.finish().unwrap().0.is_empty());
}

#[test]
fn stop_and_drop_end_the_run_without_its_rest() {
    let (mut running, fake) = start((4, 4), echo);
    running.send(1).unwrap();
    running.stop().unwrap();
    assert_eq!(fake.world().joined_after, Some(2));
    let (mut running, fake) = start((4, 4), echo);
    running.send(1).unwrap();
    drop(running);
    assert!(fake.world().stopped && fake.world().joined_after == Some(2));
}

#[test]
fn the_sender_closes_and_the_receiver_gets_the_rest() {
    let (running, fake) = start((4, 4), echo);
    let (mut sender, mut receiver) = running.split();
    (0..3).for_each(|x| sender.send(x).unwrap());
    assert_eq!(receiver.recv().unwrap(), 0);
    drop(sender);
    assert_eq!(receiver.iter().collect::<Result<Vec<_>, _>>().unwrap(), [1, 2]);
    assert!(matches!(receiver.recv(), Err(RecvError::Ended)));
    drop(receiver);
    assert!(!fake.world().stopped, "it had ended by itself");
}

#[test]
fn without_a_receiver_the_sender_is_told() {
    let (running, fake) = start((4, 4), echo);
    let (mut sender, receiver) = running.split();
    sender.send(0).unwrap();
    drop(receiver);
    assert!(fake.world().stopped);
    assert_eq!(sender.send(1).unwrap_err().error().kind(), ErrorKind::Stopped);
}

#[test]
fn a_failure_is_the_last_item_of_the_receiver() {
    let (running, _) = start((4, 4), |x| if x == 1 { Err(failure("one")) } else { Ok(vec![x]) });
    let (mut sender, mut receiver) = running.split();
    (0..2).for_each(|x| sender.send(x).unwrap());
    let items: Vec<_> = receiver.iter().collect();
    assert_eq!(items.last().unwrap().as_ref().unwrap_err().cause(), "one");
    assert_eq!(items.iter().filter(|item| item.is_err()).count(), 1);
    assert_eq!(receiver.stop().unwrap_err().cause(), "one");
}

#[test]
fn errors_say_what_has_happened_and_pass_the_cause_on() {
    let (mut running, _) = start((1, 1), |_| Err(failure("broken")));
    assert_eq!(running.try_recv().unwrap_err().to_string(), "nothing has come out yet");
    running.send(1).unwrap();
    let error = Error::from(running.recv().unwrap_err());
    assert_eq!(error.to_string(), "`worker` failed: broken");
    let failed = running.send(2).unwrap_err();
    assert_eq!(format!("{failed:?}"), "SendError(`worker` failed: broken)");
    assert_eq!(Error::from(failed).kind(), ErrorKind::Failed);
    assert_eq!(Error::from(RecvError::Ended).kind(), ErrorKind::Stopped);
}
