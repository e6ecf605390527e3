//! A draft as a module of a generated crate.

use crate::draft::Draft;
use crate::layout::{Layout, Place};
use crate::value::Ty;
use crate::write::PARAMS;
use fastrand::Rng;
use std::collections::BTreeMap;

/// A module, where its marks are, and what they mark.
pub(crate) struct Module {
    pub(crate) text: String,
    pub(crate) places: BTreeMap<usize, Place>,
    pub(crate) texts: BTreeMap<usize, String>,
}

/// Its function `run` makes the pipeline and runs it.
pub(crate) fn module(draft: &Draft, seed: u64, rng: &mut Rng) -> Module {
    let mut layout = Layout::new(rng);
    layout.raw(&format!(
        "// made from seed {seed}\nuse crate::library::{{self, *}};\nuse crate::program::*;\n"
    ));
    layout.raw("use conveyor::pipeline;\nuse std::path::PathBuf;\n\n");
    let header = &draft.header;
    for item in draft.parts.iter().chain(header.name.as_ref().map(|_| draft)) {
        layout.raw("pipeline! {\n        ");
        layout.draft(item);
        layout.raw("\n}\n\n");
    }
    layout.raw("pub(crate) fn run(call: &Call) {\n");
    if let Some(inner) = header.generic.as_ref().map(Ty::written) {
        layout.raw(&format!("    run_of::<Option<{inner}>>(call);\n}}\n\n"));
        layout.raw(&format!("fn run_of<T: Wraps<Inner = {inner}>>(call: &Call) {{\n"));
    }
    layout.raw("    let around = 3;\n    let _ = around;\n");
    for param in header.params.iter().filter(|param| param.value.is_none()) {
        let value =
            PARAMS.iter().find(|(name, ..)| *name == param.name.text).map_or("0", |(_, _, value)| *value);
        layout.raw(&format!("    let {} = {value};\n", param.name.text));
    }
    match &header.name {
        Some(name) => {
            let arguments: Vec<_> = header.params.iter().map(|param| param.name.text.as_str()).collect();
            layout.raw(&format!("    let pipeline = {}::pipeline({});\n", name.text, arguments.join(", ")));
        }
        None => {
            layout.raw("    let pipeline = pipeline! {\n        ");
            layout.draft(draft);
            layout.raw("\n    };\n");
        }
    }
    layout
        .raw(&format!("    call.run(pipeline, {});\n}}\n", if header.is_open { "samples()" } else { "()" }));
    Module { text: layout.text, places: layout.places, texts: layout.texts }
}
