//! The handle against a fake engine: one that has no threads, in which things only move when the handle waits, and
//! which panics where a real one would hang.

mod by_hand;
mod engine;
mod over_inputs;
