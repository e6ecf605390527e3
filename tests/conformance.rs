//! One suite, run in every context: what a pipeline promises holds wherever it runs. Every test checks that messages
//! are conserved: none lost, none twice, and in order where order is promised.

#[macro_use]
#[path = "conformance/harness.rs"]
mod harness;

mod conformance {
    mod acquisition;
    mod again;
    mod buffers;
    mod counts;
    mod elements;
    mod faults;
    mod flush;
    mod full;
    mod fusion;
    mod handle;
    mod joins;
    mod names;
    mod nested;
    mod panics;
    mod pipelines;
    mod policy;
    mod pools;
    mod proc;
    mod sizes;
    mod stuck;
    mod widths;
    mod workers;
}
