//! What an editor makes of a declaration: a real rust-analyzer is asked over its protocol.
//!
//! `cargo test --test editor`. It needs the components `rust-analyzer` and `rust-src`, so a plain `cargo test` leaves it out;
//! `.ci/run` says whether it could be run.

#[path = "editor/client.rs"]
mod client;
#[path = "editor/completion.rs"]
mod completion;
#[path = "editor/errors.rs"]
mod errors;
#[path = "editor/marked.rs"]
mod marked;
#[path = "editor/names.rs"]
mod names;
#[path = "editor/session.rs"]
mod session;
