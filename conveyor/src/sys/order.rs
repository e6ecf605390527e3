//! What one worker is to do, and its text form, in which it travels in an environment variable.
//!
//! The text begins with what every version of this crate must be able to read: which file the program is, and which
//! process started it. Then comes whose text it is (version and place of the hook), and only then what is to be done.

use super::executable::{File, image};
use super::segment::{Segment, Ticket};
use crate::Error;
use std::fmt;

/// What a worker runs, with the run's segment; it returns the exit code.
pub(crate) type Main = fn(Order, Segment) -> i32;

/// What one worker is to do.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The stage's name.
    pub(crate) name: String,
    /// The stage.
    pub(crate) stage: u32,
    /// The worker among the workers of that stage, from 0.
    pub(crate) lane: u32,
    /// How many workers that stage has.
    pub(crate) lanes: u32,
    /// The stage reads the program's own standard input.
    pub(crate) claims_stdin: bool,
    /// A hash of the graph that the program must declare again.
    pub(crate) graph: u64,
    /// For a replacement: the messages during which the worker before it has died.
    pub(crate) suspect: Option<Suspect>,
    /// What the worker runs. It lies in the main program.
    pub(crate) main: Main,
}

/// Messages of which one may have ended a worker. A replacement takes messages singly until it has passed them, so that
/// its own death tells which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Suspect {
    /// Which of the rings that the lane reads; 0 for a source, whose messages are those that it gives.
    pub(crate) ring: u32,
    /// The position behind the last one.
    pub(crate) end: u64,
    /// The last one is the culprit: it is left out.
    pub(crate) skip: bool,
}

impl Suspect {
    /// As one word of an order.
    fn write(suspect: Option<Suspect>) -> String {
        match suspect {
            None => "-".to_owned(),
            Some(Suspect { ring, end, skip }) => format!("{ring}:{end}:{}", u8::from(skip)),
        }
    }

    fn read(word: &str) -> Option<Option<Suspect>> {
        if word == "-" {
            return Some(None);
        }
        let mut numbers = word.splitn(3, ':').map(|number| number.parse::<u64>().ok());
        let [ring, end, skip] = [numbers.next()??, numbers.next()??, numbers.next()??];
        Some(Some(Suspect { ring: u32::try_from(ring).ok()?, end, skip: skip != 0 }))
    }
}

impl fmt::Display for Order {
    /// As `stage#lane`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.name, self.lane)
    }
}

/// The beginning of a text: whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) file: File,
    pub(super) parent: u32,
}

/// An order that has been read.
pub(super) struct Letter {
    pub(super) order: Order,
    pub(super) ticket: Ticket,
}

/// Why a text could not be obeyed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is for another copy of this crate in the same program.
    NotMine,
    /// It is of another build of the program.
    OtherBuild,
    /// It makes no sense.
    Damaged,
}

const TAG: &str = "conveyor";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Any function of this copy of the crate: two copies have it in two places.
fn anchor() -> usize {
    anchor as fn() -> usize as usize
}

/// The order as text for a child of the process `address.parent`.
pub(super) fn write(order: &Order, address: &Address, ticket: &Ticket) -> Result<String, Error> {
    let image = image();
    let Address { file, parent } = address;
    let (anchor, main) = (image.offset_of(anchor())?, image.offset_of(order.main as usize)?);
    let Order { name, stage, lane, lanes, claims_stdin, graph, suspect, main: _ } = order;
    Ok(format!(
        "{TAG} {} {} {parent} {VERSION} {anchor} {} {main} {graph} {stage} {lane} {lanes} {} {} {ticket} {name}",
        file.device,
        file.inode,
        image.build,
        u8::from(*claims_stdin),
        Suspect::write(*suspect),
    ))
}

/// Whom a text is for.
pub(super) fn read_address(text: &str) -> Result<Address, Unreadable> {
    let mut words = Words(text);
    if words.next()? != TAG {
        return Err(Unreadable::Damaged);
    }
    let file = File { device: words.number()?, inode: words.number()? };
    Ok(Address { file, parent: words.number()? })
}

/// Reads a text that is for this process.
pub(super) fn read(text: &str) -> Result<Letter, Unreadable> {
    let image = image();
    let mut words = Words(text.splitn(5, ' ').nth(4).ok_or(Unreadable::Damaged)?);
    if words.next()? != VERSION || image.address_at(words.number()?) != Some(anchor()) {
        return Err(Unreadable::NotMine);
    }
    if words.number::<u64>()? != image.build {
        return Err(Unreadable::OtherBuild);
    }
    let main = image.address_at(words.number()?).ok_or(Unreadable::Damaged)?;
    // SAFETY: the program is the same file and the same build as the one that wrote the text (both checked), so at
    // the offset of the `Main` that was written there lies that same `Main`.
    let main = unsafe { std::mem::transmute::<usize, Main>(main) };
    let graph = words.number()?;
    let (stage, lane, lanes) = (words.number()?, words.number()?, words.number()?);
    let claims_stdin = words.number::<u8>()? != 0;
    let suspect = Suspect::read(words.next()?).ok_or(Unreadable::Damaged)?;
    let ticket = words.next()?.parse().map_err(|_| Unreadable::Damaged)?;
    let name = words.0.to_owned();
    Ok(Letter { order: Order { name, stage, lane, lanes, claims_stdin, graph, suspect, main }, ticket })
}

/// What is left of a text; each word ends with a blank.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn next(&mut self) -> Result<&'a str, Unreadable> {
        let (word, rest) = self.0.split_once(' ').ok_or(Unreadable::Damaged)?;
        self.0 = rest;
        Ok(word)
    }

    fn number<T: std::str::FromStr>(&mut self) -> Result<T, Unreadable> {
        self.next()?.parse().map_err(|_| Unreadable::Damaged)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn main(_: Order, _: Segment) -> i32 {
        0
    }

    const SUSPECT: Option<Suspect> = Some(Suspect { ring: 2, end: u64::MAX, skip: true });

    fn text(address: Address) -> String {
        let order = Order {
            name: "a name".to_owned(),
            stage: 3,
            lane: 1,
            lanes: 4,
            claims_stdin: true,
            graph: u64::MAX,
            suspect: SUSPECT,
            main,
        };
        write(&order, &address, &Ticket::Stdin { len: 4096 }).unwrap()
    }

    /// For a child of the process `parent`.
    #[cfg(not(loom))]
    pub(crate) fn text_for(parent: u32) -> String {
        text(Address { file: crate::sys::executable::file().unwrap(), parent })
    }

    const ADDRESS: Address = Address { file: File { device: 5, inode: 6 }, parent: 7 };

    #[test]
    fn what_is_written_is_read() {
        let text = text(ADDRESS);
        assert_eq!(read_address(&text), Ok(ADDRESS), "{text}");
        let Letter { order, ticket } = read(&text).ok().unwrap();
        assert_eq!(ticket, Ticket::Stdin { len: 4096 });
        assert_eq!((order.name.as_str(), order.stage, order.lane, order.lanes), ("a name", 3, 1, 4));
        assert_eq!((order.claims_stdin, order.graph, order.suspect), (true, u64::MAX, SUSPECT));
        assert_eq!(Suspect::read(&Suspect::write(None)), Some(None));
        assert_eq!(order.main as usize, main as fn(Order, Segment) -> i32 as usize);
        assert_eq!(order.to_string(), "a name#1");
    }

    #[test]
    fn other_copies_other_builds_and_damage_are_told_apart() {
        let text = text(ADDRESS);
        let with = |index: usize, word: &str| {
            let mut words: Vec<_> = text.split(' ').collect();
            words[index] = word;
            read(&words.join(" ")).err()
        };
        assert_eq!(with(4, "0.0.0"), Some(Unreadable::NotMine));
        assert_eq!(with(5, "1"), Some(Unreadable::NotMine));
        assert_eq!(with(6, "1"), Some(Unreadable::OtherBuild));
        assert_eq!(with(7, "0"), Some(Unreadable::Damaged), "no code lies at the very start of a program");
        assert_eq!(with(9, "x"), Some(Unreadable::Damaged));
        for nonsense in ["x", "1:2", "1:2:x", "4294967296:2:0"] {
            assert_eq!(with(13, nonsense), Some(Unreadable::Damaged), "{nonsense}");
        }
        assert_eq!(with(14, "x"), Some(Unreadable::Damaged));
        assert_eq!(read("").err(), Some(Unreadable::Damaged));
        assert_eq!(read_address("other 1 2 3 4"), Err(Unreadable::Damaged));
    }
}
