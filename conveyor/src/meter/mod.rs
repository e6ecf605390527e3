//! What a lane tells about itself (`desk`), and how many messages it takes at once (`pace`). All contexts use both.

mod desk;
mod pace;

pub(crate) use desk::{BUCKETS, Desk, Phase, WORDS as DESK_WORDS};
pub(crate) use pace::Pace;
