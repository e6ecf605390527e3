//! Every system call that a run makes fails once, wherever it stands: a fault that strace injects into the caller and
//! into its workers. Then the program gives the right result, or ends with an error that is shown. And whoever makes a call is
//! killed at it: the caller while it starts its workers, or a worker, and each of its replacements, too. In no case does
//! anything hang, and nothing of the program stays behind.
//!
//! Its main function is its own, because it is the program, too: started again, it runs a pipeline.
//!
//! `CONVEYOR_FAULTS=all` tries every call at every place where it stands, and not only the first few.

#[cfg(target_os = "linux")]
mod faults;
#[cfg(target_os = "linux")]
#[path = "../storms/marked.rs"]
mod marked;
#[cfg(target_os = "linux")]
mod programs;
#[cfg(target_os = "linux")]
mod trace;

#[cfg(target_os = "linux")]
fn main() {
    match std::env::var(programs::PROGRAM) {
        Ok(name) => programs::run(&name),
        Err(_) => linux::inject(),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use crate::faults::{BY_CHANCE, FAULTS, NOT_FAILING, TEXTS};
    use crate::programs::{EXPECTED, PROGRAMS};
    use crate::trace::{Outcome, Traced};
    use std::collections::BTreeSet;

    /// How many places of a call are tried, unless all are.
    const PLACES: usize = 3;

    /// Is the outcome one that a user can live with?
    fn judge(outcome: &Outcome, may_be_killed: bool) -> Result<bool, String> {
        let Outcome { code, signal, stdout, stderr } = outcome;
        match (code, stdout.as_str()) {
            (Some(0), EXPECTED) => Ok(true),
            (Some(0), text) => Err(format!("a wrong result: {text:?}, {stderr}")),
            (None, "" | EXPECTED) if may_be_killed && *signal == Some(9) => Ok(false),
            // it may be its own last line that could not be written
            (_, "" | EXPECTED) if !stderr.trim().is_empty() => Ok(false),
            (_, text) => {
                Err(format!("no word of what is wrong: {code:?}, signal {signal:?}, {text:?}, {stderr:?}"))
            }
        }
    }

    /// What has come of many faults.
    #[derive(Default)]
    struct Tally {
        tried: usize,
        survived: usize,
        /// Those that have happened.
        happened: BTreeSet<String>,
        wrong: Vec<String>,
    }

    impl Tally {
        /// `fault` at one of the places of a call.
        fn inject(&mut self, traced: &Traced, fault: &str, place: usize) {
            let at = format!("{fault}:when={place}");
            let outcome = traced.inject(&at);
            self.tried += 1;
            let is_kill = fault.contains("signal=KILL");
            if traced.has_injected(is_kill) {
                self.happened.insert(fault.to_owned());
            }
            let says =
                TEXTS.iter().find(|(begins, _)| fault.starts_with(begins)).map_or("", |(_, text)| text);
            match outcome.and_then(|outcome| Ok((judge(&outcome, is_kill)?, outcome))) {
                Ok((false, Outcome { stderr, .. })) if !stderr.contains(says) => {
                    self.wrong.push(format!("{}, {at}: not `{says}`: {stderr}", traced.program()));
                }
                Ok((well, _)) => self.survived += usize::from(well),
                Err(what) => self.wrong.push(format!("{}, {at}: {what}", traced.program())),
            }
        }
    }

    pub(crate) fn inject() {
        let all = std::env::var_os("CONVEYOR_FAULTS").is_some_and(|value| value == "all");
        let most = if all { usize::MAX } else { PLACES };
        let (mut faults, mut kills) = (Tally::default(), Tally::default());
        for program in PROGRAMS {
            let traced = Traced::new(program);
            let undisturbed = traced.run(&[]).and_then(|outcome| judge(&outcome, false));
            assert_eq!(undisturbed, Ok(true), "`{program}` without a fault");
            for (call, places) in traced.places() {
                let fails = FAULTS.iter().filter(|(name, _)| *name == call);
                let errors: Vec<_> = fails.map(|(_, error)| error).collect();
                let is_known = !errors.is_empty() || NOT_FAILING.contains(&call.as_str());
                assert!(is_known, "`{call}` is called: add it to `FAULTS`, or to `NOT_FAILING`");
                for place in places.take(most) {
                    for error in &errors {
                        faults.inject(&traced, &format!("{call}:error={error}"), place);
                    }
                    kills.inject(&traced, &format!("{call}:signal=KILL"), place);
                }
            }
        }
        // what is left of memory with a name, if its owner was killed, is swept by the next one
        assert_eq!(Traced::new("files").run(&[]).and_then(|outcome| judge(&outcome, false)), Ok(true));
        for (what, Tally { tried, survived, .. }) in [("faults", &faults), ("kills", &kills)] {
            println!("{tried} {what}: {survived} runs went well all the same");
        }
        let wrong = [faults.wrong, kills.wrong].concat();
        assert!(wrong.is_empty(), "{} have gone badly:\n{}", wrong.len(), wrong.join("\n"));
        let certain = FAULTS.iter().filter(|(call, _)| !BY_CHANCE.contains(call));
        let all_faults = certain.map(|(call, error)| format!("{call}:error={error}"));
        let untried: Vec<_> = all_faults.filter(|fault| !faults.happened.contains(fault)).collect();
        assert!(untried.is_empty(), "these have not happened: {untried:?}");
        let starts = ["clone3:signal=KILL", "execve:signal=KILL", "pidfd_open:signal=KILL"];
        assert!(starts.iter().all(|kill| kills.happened.contains(*kill)), "{:?}", kills.happened);
    }
}
