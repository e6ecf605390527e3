//! The graph: as the macro writes it out (`written`), as data (`table`), as types (`ports`, `facts`), and as the user's values change it
//! (`settings`, `options`), with the pipelines inside of it taken apart (`flatten`); what follows from all of it (`plan`,
//! `recovery`),
//! and how it looks (`picture`, `drawing`).

pub(crate) mod drawing;
pub(crate) mod facts;
pub(crate) mod flatten;
mod kind;
pub(crate) mod options;
mod picture;
pub(crate) mod plan;
pub(crate) mod ports;
pub(crate) mod recovery;
pub(crate) mod settings;
pub(crate) mod table;
pub(crate) mod written;
