//! Proof that the protocol survives a death at any instruction: see `docs/RELIABILITY.md`.
//!
//! A death leaves shared memory as some prefix of the victim's instructions has left it. So the victim is stopped after
//! every instruction that changes the memory (`victim`), and what is there is copied and recovered (`every`). All other
//! lanes run in this thread, one at a time (`course`), on the product's own plan, layout and code; so does the caller, who
//! sets flush marks (`caller`). `really` lets the victim die among neighbours that live on. `pipelines` has the shapes,
//! `mutants` the mistakes that must be found.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod caller;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod course;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod every;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod life;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod mutants;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod pipelines;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod really;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod runner;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod scribbled;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod shapes;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod stages;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod stepped;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod victim;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn main() -> std::process::ExitCode {
    std::panic::set_hook(Box::new(|_| ())); // what panics in a lane is reported as its failure
    life::take_the_strings();
    let mut tests = runner::Tests::default();
    let shapes = std::rc::Rc::new(pipelines::all());
    shapes.tests(&mut tests);
    stepped::tests(&mut tests);
    mutants::tests(&shapes, &mut tests);
    tests.run()
}

/// There are no processes elsewhere.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn main() {}
