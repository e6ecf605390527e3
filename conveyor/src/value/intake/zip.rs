//! `join zip`: the messages that stem from one input of the fork, side by side.
//!
//! Every branch gives exactly one message for every input, in the order of the inputs. So the parts of a tuple come at
//! the same place of all channels. A message that was dropped on the way has left a tombstone there, and its tuple is
//! one too.

use super::line::Side;
use super::{Intake, Next, Notes, Pause};
use crate::Message;
use crate::ring::tags::Tags;
use crate::value::kit::{AnyPort, typed};
use crossbeam_channel::Select;

/// A tuple that can be gathered from the channels of its parts.
pub trait Gather: Message {
    /// Its intake, from one channel for each part; so many regions are open around it.
    #[doc(hidden)]
    fn gather(lines: Vec<AnyPort>, notes: Notes, depth: usize) -> AnyPort;
}

/// [`Gather::gather`] of some tuple.
pub(crate) type GatherParts = fn(Vec<AnyPort>, Notes, usize) -> AnyPort;

struct Zip<S> {
    sides: S,
    notes: Notes,
    /// Tag columns of the regions around.
    depth: usize,
    passed: u64,
}

macro_rules! gather {
    ($($t:ident $n:tt)+) => {
        impl<$($t: Message),+> Gather for ($($t,)+) {
            fn gather(lines: Vec<AnyPort>, notes: Notes, depth: usize) -> AnyPort {
                let mut lines = lines.into_iter();
                let mut line = || lines.next().expect("the plan has a ring for every part");
                let sides = ($(Side::<$t>::new(typed(line())),)+);
                let intake: Box<dyn Intake<Self>> = Box::new(Zip { sides, notes, depth, passed: 0 });
                Box::new(intake)
            }
        }

        #[allow(non_snake_case)] // the types' names serve as the values', too
        impl<$($t: Message),+> Intake<($($t,)+)> for Zip<($(Side<$t>,)+)> {
            fn next(&mut self, tags: &mut Tags) -> Next<($($t,)+)> {
                let Zip { sides, notes, depth, passed } = self;
                let seen = [$(sides.$n.seen()),+];
                if let Some(epoch) = notes.between(|part| seen[part], |part| [$(sides.$n.has_ended()),+][part]) {
                    return Next::Flush(epoch);
                }
                loop {
                    let there = [$(sides.$n.look()),+];
                    if there == [true; [$($n),+].len()] {
                        // the tags of all parts are the same: they come from the one input. Only a part that was
                        // written in front of the fork has none of this region
                        let sent = sides.0.sent();
                        let parts = ($(sides.$n.take().map(|(_, part)| part.open(tags)),)+);
                        tags.truncate(*depth);
                        let position = Some(*passed);
                        *passed += 1;
                        let value = match parts {
                            ($(Some(Some($t)),)+) => Some(($($t,)+)),
                            _ => None,
                        };
                        return Next::Message { position, sent, value };
                    }
                    if there.contains(&true) {
                        return Next::Empty;
                    }
                    match notes.pause(|part| [$(sides.$n.has_ended()),+][part]) {
                        Pause::Look => {}
                        Pause::Flush(epoch) => return Next::Flush(epoch),
                        Pause::Ended => return Next::Ended,
                        Pause::Empty => return Next::Empty,
                    }
                }
            }

            fn rest(&mut self) -> bool {
                [$(self.sides.$n.rest()),+].contains(&true)
            }

            fn watch<'a>(&'a self, select: &mut Select<'a>) {
                $(self.sides.$n.watch(select);)+
                self.notes.watch(select);
            }

            fn waiting(&self) -> usize {
                [$(self.sides.$n.waiting()),+].into_iter().max().unwrap_or(0)
            }
        }
    };
}
gather!(A 0 B 1);
gather!(A 0 B 1 C 2);
gather!(A 0 B 1 C 2 D 3);
gather!(A 0 B 1 C 2 D 3 E 4);
gather!(A 0 B 1 C 2 D 3 E 4 F 5);
gather!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
gather!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
gather!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
gather!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
gather!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
gather!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
