//! Workers that die while a run goes on, for real: who is replaced, what is left out, and what the caller hears.

#[cfg(target_os = "linux")]
#[path = "conformance/harness.rs"]
#[allow(dead_code, unused_macros, reason = "these tests need only the watchdog")]
mod harness;

#[cfg(target_os = "linux")]
mod supervision {
    mod bursts;
    mod careless;
    mod deadline;
    mod descriptors;
    mod endless;
    mod figures;
    mod forked;
    mod grandchildren;
    mod groups;
    mod handles;
    mod interrupts;
    mod names;
    mod namespaces;
    mod parts;
    mod poison;
    mod replaced;
    mod runs;
    mod slow;
    mod soak;
    mod sources;
    mod surroundings;
    mod terminal;
    mod untested;
    mod victim;
}
