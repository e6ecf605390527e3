//! Maps: a kernel is called for every item by a pool of workers. All of it is one internal pipeline and its public face.
//!
//! - `over`, `fold`: what the caller writes; `run`: how it runs; `job`: what the kernel gets; `report`: what has been done
//! - `items`, `outputs`: what is cut into shares, on either side; `arrays`: shared arrays as both; `scope`: what they refer to
//! - `workers`: the pool, which is a pipeline; `exchange`: one run of it, shared by maps; `task`: what travels in it
//! - `deal`, `pace`: the caller's part, and how long shares are; `gather`: what comes of them
//! - `running`, `shelf`, `stop`, `unfinished`, `stream`: maps that run while the caller goes on
//! - `home`, `share`, `tally`, `entry`: the worker's part, and how it finds the kernel; `board`: what workers tell each other;
//!   `within`: which pools wait for a kernel

mod arrays;
mod axes;
mod board;
mod course;
mod deal;
mod desk;
mod entry;
mod exchange;
mod fold;
mod gather;
mod home;
mod items;
mod job;
mod outputs;
mod over;
mod own_part;
mod pace;
mod pool;
mod report;
mod run;
mod running;
mod scope;
mod share;
mod shelf;
mod stop;
#[cfg(feature = "async")]
mod stream;
mod tally;
mod task;
mod unfinished;
mod within;
mod workers;
mod written;

pub use arrays::{Parts, chunks, rows};
pub use axes::{Axis, Shaped, axis};
pub use deal::OnError;
pub use fold::{Fold, Reduced};
pub use items::Items;
pub use job::{Job, Setup};
pub use outputs::{Borrowed, Outputs};
pub use over::Map;
pub use own_part::{PerWorker, per_worker};
pub use report::{MapReport, WorkerReport};
pub use run::{Mapped, map};
pub use running::{Answer, Ended, RunningMap};
pub use scope::Scope;
pub use stop::StopHandle;
#[cfg(feature = "async")]
pub use stream::AnswerStream;
pub use unfinished::Unfinished;
pub use workers::{Workers, WorkersBuilder};
