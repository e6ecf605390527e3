//! The graph: as the macro writes it out (`table`), as types (`ports`, `facts`), and as the user's values change it
//! (`settings`); `drawing` shows it.

pub(crate) mod drawing;
pub(crate) mod facts;
pub(crate) mod ports;
pub(crate) mod settings;
pub(crate) mod table;
