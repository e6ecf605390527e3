//! Random pipelines as Rust source: valid ones are compared with a plain interpreter in every context, broken ones are
//! refused at the token that was broken.

#[cfg(target_os = "linux")]
mod aborts;
mod breaks;
mod broken;
mod cargo;
mod catalog;
mod coverage;
mod draft;
mod grow;
mod interpret;
mod layout;
mod library;
mod model;
mod module;
mod run;
mod seed;
mod unfold;
mod valid;
mod value;
mod write;
