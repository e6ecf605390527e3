//! Unsafe code is a place, not a style.

use crate::source::{Source, code_lines, has_word, refuse, rust_sources};

/// The only files of the crates that may have any. Tests may, too.
const FILES: &[&str] = &[
    // elements are what somebody promises they are, and lie where others may map them
    "conveyor/src/array/attach.rs",
    "conveyor/src/array/element.rs",
    "conveyor/src/array/handle.rs",
    "conveyor/src/array/memory.rs",
    "conveyor/src/array/strided.rs",
    "conveyor/src/array/writable.rs",
    // the caller's ends look at slots, and so does who keeps what was left out
    "conveyor/src/context/processes/ends.rs",
    "conveyor/src/context/processes/letter.rs",
    // outputs are written in place
    "conveyor/src/element/outlet.rs",
    // a word of shared memory that others read only after the death of its writer
    "conveyor/src/element/watched.rs",
    // spans of slots, and when they may be reused
    "conveyor/src/lane/intake/merge.rs",
    "conveyor/src/lane/intake/mod.rs",
    "conveyor/src/lane/intake/ordered.rs",
    "conveyor/src/lane/intake/share.rs",
    "conveyor/src/lane/intake/whole.rs",
    "conveyor/src/lane/intake/zip.rs",
    "conveyor/src/lane/mod.rs",
    "conveyor/src/lane/outlet.rs",
    "conveyor/src/lane/stretch.rs",
    "conveyor/src/worker/stage.rs",
    // buffers by address
    "conveyor/src/memory/chunk.rs",
    "conveyor/src/memory/heap.rs",
    "conveyor/src/memory/map.rs",
    "conveyor/src/memory/shared.rs",
    "conveyor/src/memory/shared/originals.rs",
    "conveyor/src/memory/shared/undo.rs",
    // plain values as bytes, and bytes as plain values
    "conveyor/src/message/checked.rs",
    "conveyor/src/message/decoder.rs",
    "conveyor/src/message/encoded.rs",
    "conveyor/src/message/encoder.rs",
    "conveyor/src/message/plain.rs",
    "conveyor/src/message/tuple.rs",
    "conveyor/src/message/unit.rs",
    "conveyor/src/ring/reader.rs",
    "conveyor/src/ring/slots.rs",
    "conveyor/src/ring/span.rs",
    // the system
    "conveyor/src/sys/clock.rs",
    "conveyor/src/sys/executable.rs",
    "conveyor/src/sys/hook/constructor.rs",
    "conveyor/src/sys/hook/worker.rs",
    "conveyor/src/sys/interrupt.rs",
    "conveyor/src/sys/order.rs",
    "conveyor/src/sys/segment/mapping.rs",
    "conveyor/src/sys/segment/mod.rs",
    "conveyor/src/sys/segment/named.rs",
    "conveyor/src/sys/signals.rs",
    "conveyor/src/sys/stack.rs",
    // functions by number, and the kernel of a map, made again out of nothing: it captures nothing
    "conveyor/src/map/entry.rs",
    // each share of a map writes its own part of an array
    "conveyor/src/map/axes.rs",
    "conveyor/src/map/outputs.rs",
    "conveyor/src/map/own_part.rs",
    "conveyor/src/map/share.rs",
    "conveyor/src/map/written.rs",
    // the wiring closure, made again out of nothing: it captures nothing
    "conveyor/src/wiring/entry.rs",
];

#[test]
fn unsafe_code_is_where_it_is_listed() {
    let sources = rust_sources();
    let with_unsafe: Vec<&str> =
        sources.iter().filter(|source| is_unsafe(source)).map(|source| &*source.path).collect();
    let strangers = with_unsafe.iter().filter(|path| !FILES.contains(path));
    refuse(
        strangers.map(|path| format!("{path} has unsafe code: do without, or add it to FILES with a reason")),
    );
    let stale = FILES.iter().filter(|path| !with_unsafe.contains(path));
    refuse(stale.map(|path| format!("{path} has no unsafe code any more: take it out of FILES")));
}

fn is_unsafe(source: &Source) -> bool {
    let is_test = source.path.split('/').any(|part| part.trim_end_matches(".rs").ends_with("tests"));
    !is_test && code_lines(&source.text).any(|(_, line)| has_word(line, "unsafe"))
}

#[test]
fn unsafe_code_is_found() {
    let of = |path: &str, text: &str| is_unsafe(&Source { path: path.to_owned(), text: text.to_owned() });
    assert!(of("conveyor/src/a.rs", "fn f() {\n    unsafe { g() }\n}"));
    assert!(!of("conveyor/src/a.rs", "#![forbid(unsafe_code)]\n// unsafe"));
    assert!(!of("conveyor/src/a/tests.rs", "unsafe {}"));
}
