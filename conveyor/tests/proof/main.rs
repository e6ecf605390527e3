//! Proof that the protocol survives a death at any instruction: see `docs/RELIABILITY.md`.
//!
//! A death leaves shared memory as some prefix of the victim's instructions has left it. So the victim is stopped after
//! every instruction that changes the memory (`victim`), and what is there is copied and recovered (`every`). All other
//! lanes run in this thread, one at a time (`course`), on the product's own plan, layout and code. `shapes` has the
//! pipelines, `mutants` the mistakes that must be found.

#[cfg(target_os = "linux")]
mod course;
#[cfg(target_os = "linux")]
mod every;
#[cfg(target_os = "linux")]
mod life;
#[cfg(target_os = "linux")]
mod runner;
#[cfg(target_os = "linux")]
mod shapes;
#[cfg(target_os = "linux")]
mod victim;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    std::panic::set_hook(Box::new(|_| ())); // what panics in a lane is reported as its failure
    life::take_the_strings();
    let mut tests = runner::Tests::default();
    shapes::tests(&mut tests);
    tests.run()
}

/// There are no processes elsewhere.
#[cfg(not(target_os = "linux"))]
fn main() {}
