//! What a lane tells about itself (`desk`), how many messages it takes at once (`pace`), how long parts of it take
//! (`own_time`, of messages that `sampler` chooses) and how long it waits (`looks`), and what it knows of itself
//! (`lane_id`) and of the message it works on (`at_work`). All contexts use them.

pub(crate) mod at_work;
mod desk;
mod lane_id;
mod looks;
mod own_time;
mod pace;
mod sampler;

pub(crate) use desk::{BUCKETS, Desk, Phase, WORDS as DESK_WORDS};
pub use lane_id::{LaneId, lane};
pub(crate) use lane_id::{enter, inside};
pub(crate) use looks::Looks;
pub(crate) use own_time::own_time;
pub(crate) use pace::Pace;
pub(crate) use sampler::Sampler;
