//! What the system tells of a process.

use std::fs;

/// The name of the calling thread below `/proc`.
pub(crate) const THIS_THREAD: &str = "thread-self";

/// A line of `/proc/PID/stat`, from the state on.
pub(crate) struct Stat(Vec<String>);

impl Stat {
    /// None if there is no such process.
    pub(crate) fn of(process: &str) -> Option<Stat> {
        let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // the name, in parentheses, may hold anything
        let (_, fields) = line.rsplit_once(')')?;
        Some(Stat(fields.split_ascii_whitespace().map(str::to_owned).collect()))
    }

    /// It has ended, and nobody has asked how.
    pub(crate) fn is_zombie(&self) -> bool {
        ["Z", "X"].contains(&&*self.0[0])
    }

    /// Clock ticks that it has used, in user code and in the system.
    pub(crate) fn ticks(&self) -> u64 {
        self.number(11) + self.number(12)
    }

    /// Pages that the system has given it without reading them from anywhere.
    #[allow(dead_code, reason = "not every test that has this file asks for them")]
    pub(crate) fn faults(&self) -> u64 {
        self.number(7)
    }

    /// When it was started, which tells it from another one with the same number.
    pub(crate) fn birth(&self) -> u64 {
        self.number(19)
    }

    fn number(&self, field: usize) -> u64 {
        self.0[field].parse().expect("the system writes a number")
    }
}

/// Workers and threads that have nothing to do for so long do nothing.
pub(crate) fn rests(everyone: &[String], meanwhile: impl FnOnce()) {
    let ticks = || everyone.iter().map(|one| Stat::of(one).expect("it lives").ticks()).collect::<Vec<_>>();
    let before = ticks();
    meanwhile();
    for ((who, before), after) in everyone.iter().zip(before).zip(ticks()) {
        assert!(after <= before + 1, "{who} has used {} ticks", after - before);
    }
}
