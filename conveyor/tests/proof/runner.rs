//! Runs the tests one after the other in the main thread: a process that forks should have no other.

use std::process::ExitCode;
use std::time::Instant;

/// What a test says when it has passed, or why it has not.
pub(crate) type Outcome = Result<String, String>;

/// Tests by name.
#[derive(Default)]
pub(crate) struct Tests<'t>(Vec<(String, Box<dyn Fn() -> Outcome + 't>)>);

impl<'t> Tests<'t> {
    pub(crate) fn add(&mut self, name: impl Into<String>, test: impl Fn() -> Outcome + 't) {
        self.0.push((name.into(), Box::new(test)));
    }

    /// Runs those whose name contains an argument; all, if there is none. Understands what test runners ask.
    pub(crate) fn run(self) -> ExitCode {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        if has("--ignored") {
            return ExitCode::SUCCESS;
        }
        if has("--list") {
            self.0.iter().for_each(|(name, _)| println!("{name}: test"));
            return ExitCode::SUCCESS;
        }
        let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
        let is_wanted = |name: &str| {
            let fits = |part: &&String| if has("--exact") { name == **part } else { name.contains(&***part) };
            wanted.is_empty() || wanted.iter().any(fits)
        };
        let mut failed = 0;
        for (name, test) in self.0.iter().filter(|(name, _)| is_wanted(name)) {
            let started = Instant::now();
            let outcome = test();
            let seconds = started.elapsed().as_secs_f64();
            match outcome {
                Ok(said) => println!("ok     {name} ({seconds:.1} s): {said}"),
                Err(said) => {
                    failed += 1;
                    println!("FAILED {name} ({seconds:.1} s): {said}");
                }
            }
        }
        println!("test result: {failed} failed");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
