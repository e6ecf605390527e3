//! The pictures in `docs/pictures` are those of real pipelines. After a change, `CONVEYOR_PICTURES=overwrite` in the
//! environment of this test writes them anew; then look at them.
#![cfg(feature = "svg")]

use conveyor::{Context, Graph, pipeline};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

mod elements {
    use super::pipeline;

    pipeline! { pub(super) Processor<String -> String>; processor parse = |line| line; parse; }
    pipeline! { pub(super) Source<() -> String>; source lines = std::iter::empty::<String>(); lines -> pipe; }
    pipeline! { pub(super) Sink<String -> ()>; sink store = |_line: String| {}; store; }
    pipeline! { pub(super) Filter<String -> String>; filter keep = |line| !line.is_empty(); keep; }
    pipeline! { pub(super) FilterMap<String -> char>; filter_map initial = |line: &str| line.chars().next(); initial; }
    pipeline! { pub(super) FlatMap<String -> u8>; flat_map bytes = |line: String| line.into_bytes(); bytes; }
    pipeline! { pub(super) TryMap<String -> u64>; try_map read = |line: &str| line.parse::<u64>(); read; }
    pipeline! { pub(super) Pipe; source lines = std::iter::empty::<String>(); sink store = |_line: String| {}; lines -> pipe(64) -> store; }
    pipeline! {
        #![allow(implicit_pipe)]
        pub(super) Implicit;
        source lines = std::iter::empty::<String>();
        sink store = |_line: String| {};
        lines -> store;
    }
    pipeline! {
        pub(super) ReplicatedFork;
        source lines = std::iter::empty::<String>();
        sink show = |_line: String| {};
        sink store = |_line: String| {};
        lines -> pipe -> replicated fork { show, store };
    }
    pipeline! {
        pub(super) BalancedFork;
        source lines = std::iter::empty::<String>();
        sink show = |_line: String| {};
        sink store = |_line: String| {};
        lines -> pipe -> balanced fork { show, store };
    }
    pipeline! {
        pub(super) Workers;
        source lines = std::iter::empty::<String>();
        sink store = |_line: String| {};
        lines -> pipe -> balanced fork(4) { store };
    }
    pipeline! {
        pub(super) Auto;
        source lines = std::iter::empty::<String>();
        sink store = |_line: String| {};
        lines -> pipe -> balanced fork(auto) { store };
    }
    pipeline! {
        pub(super) BarePipe<() -> (String, String)>;
        source lines = std::iter::empty::<String>();
        processor parse = |line| line;
        lines -> pipe -> replicated fork { parse, pipe } -> pipe -> join zip;
    }
    pipeline! {
        pub(super) Merge;
        source here = std::iter::empty::<String>();
        source there = std::iter::empty::<String>();
        sink store = |_line: String| {};
        join merge both;
        here -> pipe -> both;
        there -> pipe -> both;
        both -> store;
    }
    pipeline! {
        pub(super) Zip<() -> (String, String)>;
        source lines = std::iter::empty::<String>();
        processor parse = |line| line;
        processor check = |line| line;
        lines -> pipe -> replicated fork { parse, check } -> pipe -> join zip;
    }
    pipeline! {
        pub(super) Ordered;
        source lines = std::iter::empty::<String>();
        processor parse = |line| line;
        sink store = |_line: String| {};
        lines -> pipe -> balanced fork(4) { parse } -> pipe -> join ordered -> store;
    }
    pipeline! {
        pub(super) Relay;
        source here = std::iter::empty::<String>();
        source there = std::iter::empty::<String>();
        sink show = |_line: String| {};
        sink store = |_line: String| {};
        join merge both;
        here -> pipe -> both;
        there -> pipe -> both;
        both -> pipe -> replicated fork { show, store };
    }
    pipeline! {
        pub(super) Read<() -> String>;
        source lines = std::iter::empty::<String>();
        filter full = |line| !line.is_empty();
        lines -> pipe -> full;
    }
    pipeline! {
        pub(super) Pipelines;
        pipeline here = Read;
        pipeline there = Read;
        sink store = |_line: String| {};
        join merge both;
        here -> pipe -> both;
        there -> pipe -> both;
        both -> store;
    }
}

// That of the README.
mod readme {
    use super::pipeline;

    pipeline! {
        /// Counts the words of a line and finds the longest one, at the same time.
        pub(super) Words<String -> (u64, String)>;

        processor clean = |line: String| line.replace(|c: char| c.is_ascii_punctuation(), "");
        processor count = |line: &str| line.split_whitespace().count() as u64;

        clean -> pipe(256) -> replicated fork { count, processor(longest) } -> pipe -> join zip;
    }

    fn longest(line: &str) -> String {
        line.split_whitespace().max_by_key(|word| word.len()).unwrap_or_default().to_owned()
    }
}

fn elements() -> [(&'static str, Graph); 19] {
    [
        ("processor", elements::Processor::graph()),
        ("source", elements::Source::graph()),
        ("sink", elements::Sink::graph()),
        ("filter", elements::Filter::graph()),
        ("filter-map", elements::FilterMap::graph()),
        ("flat-map", elements::FlatMap::graph()),
        ("try-map", elements::TryMap::graph()),
        ("pipe", elements::Pipe::graph()),
        ("implicit-pipe", elements::Implicit::graph()),
        ("replicated-fork", elements::ReplicatedFork::graph()),
        ("balanced-fork", elements::BalancedFork::graph()),
        ("workers", elements::Workers::graph()),
        ("auto", elements::Auto::graph()),
        ("bare-pipe", elements::BarePipe::graph()),
        ("merge", elements::Merge::graph()),
        ("zip", elements::Zip::graph()),
        ("ordered", elements::Ordered::graph()),
        ("relay", elements::Relay::graph()),
        ("pipelines", elements::Pipelines::graph()),
    ]
}

#[test]
fn stored_pictures_are_up_to_date() {
    for (name, graph) in elements() {
        compare(&format!("{name}.svg"), &graph.svg());
    }
    compare("words.svg", &readme::Words::graph().svg());
}

/// rustdoc shows no files: where it meets the page, the same names stand for the pictures themselves.
#[test]
fn pictures_for_rustdoc_are_up_to_date() {
    let definitions: String =
        elements().map(|(name, graph)| format!("[{name}]: {}\n", address_of(&graph.svg()))).concat();
    compare("rustdoc.md", &definitions);
}

#[test]
fn the_page_shows_every_element() {
    let page = include_str!("../docs/LANGUAGE.md");
    let elements = elements();
    for (name, _) in &elements {
        let (shown, defined) = (format!("][{name}]"), format!("\n[{name}]: pictures/{name}.svg\n"));
        assert!(page.contains(&shown) && page.contains(&defined), "docs/LANGUAGE.md does not show {name}");
    }
    let written = written_in(page);
    assert!(written.len() > 12, "the grammar is found: {written:?}");
    for element in written {
        assert!(elements.iter().any(|(name, _)| *name == element), "there is no picture of {element}");
    }
}

/// The elements of the page's grammar: its roles, the kinds of its joins, and what else an element begins with. A count of
/// workers may be `auto`.
fn written_in(page: &str) -> BTreeSet<String> {
    let quoted = |line: &str| -> Vec<String> {
        line.split('"').skip(1).step_by(2).map(|word| word.replace('_', "-")).collect()
    };
    let rule = |name: &str| page.lines().find(|line| line.starts_with(&format!("{name:<9} = "))).map(quoted);
    let elements = page.lines().skip_while(|line| !line.starts_with("element   = ")).skip(1);
    let elements = elements.take_while(|line| line.starts_with(' ')).map(quoted);
    let mut written: BTreeSet<String> = ["role", "kind"].into_iter().filter_map(rule).flatten().collect();
    for words in elements {
        let is_word = |word: &&String| word.starts_with(char::is_alphabetic) && *word != "auto";
        let name: Vec<&str> = words.iter().take_while(is_word).map(String::as_str).collect();
        written.extend(words.iter().filter(|word| *word == "auto").cloned());
        written.insert(name.join("-"));
    }
    // each has its kind, and code has its role
    written.retain(|element| element != "join" && !element.is_empty());
    written
}

/// Word for word, but for the name that the test makes visible.
#[test]
fn the_readme_shows_its_own_graph() {
    let here = include_str!("pictures.rs").replace("pub(super) ", "");
    let mut lines = include_str!("../README.md").lines().skip_while(|line| *line != "pipeline! {");
    let declaration: Vec<&str> =
        lines.by_ref().take_while(|line| *line != "}").filter(|line| !line.is_empty()).collect();
    assert!(declaration.len() > 3, "the README declares a pipeline");
    for line in declaration {
        assert!(here.contains(line), "the README's line is not in this file: {line}");
    }
    let words = readme::Words::pipeline().context(Context::Serial);
    let words: Vec<_> = words.run(["two words".to_owned()]).collect::<Result<_, _>>().expect("it runs");
    assert_eq!(words, [(2, "words".to_owned())]);
}

#[track_caller]
fn compare(file: &str, expected: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures").join(file);
    if std::env::var_os("CONVEYOR_PICTURES").is_some_and(|what| what == "overwrite") {
        fs::write(&path, expected).expect("pictures can be written");
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == expected,
        "docs/pictures/{file} has changed: CONVEYOR_PICTURES=overwrite, and look at it"
    );
}

/// A `data:` address, without anything that means something to Markdown.
fn address_of(svg: &str) -> String {
    let mut address = String::from("data:image/svg+xml,");
    for byte in svg.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'/' | b':' | b'=' | b',' | b';' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

#[test]
fn addresses_have_no_spaces() {
    assert_eq!(address_of("<a b=\"é\"/>\n"), "data:image/svg+xml,%3Ca%20b=%22%C3%A9%22/%3E%0A");
}
