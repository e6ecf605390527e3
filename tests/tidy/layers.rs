//! The layers of the run-time: arrows point down only.

use crate::source::{Source, code_lines, refuse, rust_sources};
use std::collections::BTreeMap;

/// From the bottom to the top, as in docs/ARCHITECTURE.md. Modules in one row may know each other; a module belongs to
/// the row that names it most precisely.
const LAYERS: &[&[&str]] = &[
    &["sync"],
    &["error"],
    &["sys", "meter"],
    &["message", "ring", "memory"],
    &["element", "files"],
    &["value", "lane"],
    &["graph"],
    &["memory::layout", "memory::map"],
    &["array", "context::choice"],
    &["wiring", "worker"],
    &["supervise", "report", "width"],
    &["context"],
    &["pipeline"],
    &["map"],
];

/// The list of what the crate shows, and the door for the macro: they name everything.
const DOORS: [&str; 2] = ["", "private"];

#[test]
fn arrows_point_down() {
    let sources = rust_sources();
    let names = names_at_the_root(
        &sources.iter().find(|source| source.path == "conveyor/src/lib.rs").expect("the crate's root").text,
    );
    let mut upward = Vec::new();
    for Source { path, text } in &sources {
        let Some(module) = module_of(path) else { continue };
        for (line, target) in paths_in(text, &module, &names) {
            if points_up(&module, &target).is_some() {
                upward.push(format!("{path}:{line}: `{module}` knows `{target}`, which lies above it"));
            }
        }
    }
    refuse(upward);
}

#[test]
fn every_module_has_a_layer() {
    refuse(rust_sources().iter().filter_map(|source| {
        let module = module_of(&source.path)?;
        layer_of(&module).is_none().then(|| format!("{}: write its module into LAYERS", source.path))
    }));
}

/// The page shows the same rows as the table.
#[test]
fn the_page_agrees() {
    let page = include_str!("../../docs/ARCHITECTURE.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let from_the_top: Vec<&str> =
        rows.iter().filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    let expected: Vec<String> = LAYERS
        .iter()
        .rev()
        .map(|row| row.iter().map(|module| format!("`{module}`")).collect::<Vec<_>>().join(", "))
        .collect();
    assert_eq!(from_the_top, expected);
}

/// `ring::bell` of `conveyor/src/ring/bell.rs`; nothing for doors, tests, and files elsewhere.
fn module_of(path: &str) -> Option<String> {
    let inside = path.strip_prefix("conveyor/src/")?.strip_suffix(".rs")?;
    let module = inside.strip_suffix("/mod").unwrap_or(inside).replace('/', "::");
    let module = if module == "lib" { String::new() } else { module };
    let is_test = module.split("::").any(|part| part.ends_with("tests"));
    (!is_test && !DOORS.contains(&module.as_str())).then_some(module)
}

/// The number of the layer, and the entry that names it.
fn layer_of(module: &str) -> Option<(usize, &'static str)> {
    let rows =
        LAYERS.iter().enumerate().flat_map(|(number, row)| row.iter().map(move |entry| (number, *entry)));
    let fitting = rows.filter(|(_, entry)| {
        module.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    fitting.max_by_key(|(_, entry)| entry.len())
}

/// The entry above, if the target lies above the module.
fn points_up(module: &str, target: &str) -> Option<&'static str> {
    let (from, (to, entry)) = (layer_of(module)?.0, layer_of(target)?);
    (to > from).then_some(entry)
}

/// What `lib.rs` re-exports, and from where: `Outlet` is `element::outlet`.
fn names_at_the_root(lib: &str) -> BTreeMap<String, String> {
    let uses = uses_in(lib).into_iter().filter(|path| !path.starts_with("crate") && path.contains("::"));
    let names = uses.filter_map(|path| {
        let (module, name) = path.rsplit_once("::")?;
        let name = name.rsplit_once(" as ").map_or(name, |(_, name)| name);
        Some((name.to_owned(), module.to_owned()))
    });
    names.collect()
}

/// The modules that a text mentions, each with its line, as paths from the root.
fn paths_in(text: &str, module: &str, names: &BTreeMap<String, String>) -> Vec<(usize, String)> {
    let code: String = code_lines(without_tests(text)).map(|(_, line)| format!("{line}\n")).collect();
    let is_in_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let (before, behind) = code.split_at(at);
        // the middle of a path that has been seen, or `$crate` in a macro
        if before.ends_with(|c: char| is_in_path(c) || c == '$') {
            continue;
        }
        let end = match before.trim_end().ends_with("use") {
            true => behind.find(';'),
            false => behind.find(|c: char| !is_in_path(c)),
        };
        let tree = &behind[..end.unwrap_or(behind.len())];
        let line = before.matches('\n').count() + 1;
        found.extend(
            leaves(tree).into_iter().filter_map(|path| Some((line, absolute(&path, module, names)?))),
        );
    }
    found
}

fn absolute(path: &str, module: &str, names: &BTreeMap<String, String>) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        let first = path.split("::").next()?;
        return Some(names.get(first).cloned().unwrap_or_else(|| path.to_owned()));
    }
    let (mut parent, mut rest) = (module, path);
    while let Some(shorter) = rest.strip_prefix("super::") {
        parent = parent.rsplit_once("::")?.0;
        rest = shorter;
    }
    Some(format!("{parent}::{rest}"))
}

/// All paths of all `use` lines.
fn uses_in(text: &str) -> Vec<String> {
    let statements = text.split(';').filter_map(|statement| Some(statement.rsplit_once("use ")?.1));
    statements.flat_map(leaves).collect()
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn leaves(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, inside)) = tree.split_once('{') else {
        let path = tree.split([',', '\n']).next().unwrap_or_default().trim();
        return if path.is_empty() { Vec::new() } else { vec![path.to_owned()] };
    };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.extend(leaves(&inside[start..at]).into_iter().map(|leaf| format!("{prefix}{leaf}")));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Tests at the end of a file may look where they like.
fn without_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code)
}

#[test]
fn use_trees_have_leaves() {
    assert_eq!(leaves("crate::a::b"), ["crate::a::b"]);
    assert_eq!(leaves("crate::{a, b::{c, d}, e}"), ["crate::a", "crate::b::c", "crate::b::d", "crate::e"]);
}

#[test]
fn names_at_the_root_are_known() {
    let names = names_at_the_root("mod a;\npub use element::outlet::{Outlet, Slot};\npub use error::Error;");
    let of = |name: &str| names.get(name).map(String::as_str);
    assert_eq!((of("Slot"), of("Error"), of("a")), (Some("element::outlet"), Some("error"), None));
}

#[test]
fn an_upward_arrow_is_found() {
    let names = names_at_the_root("pub use pipeline::Pipeline;");
    let up = |module: &str, text: &str| -> Vec<String> {
        let paths = paths_in(text, module, &names);
        paths
            .into_iter()
            .filter(|(_, target)| points_up(module, target).is_some())
            .map(|(_, target)| target)
            .collect()
    };
    assert_eq!(
        up("ring::bell", "use crate::sync::AtomicU32;\nuse super::claim::Claims;"),
        Vec::<String>::new()
    );
    assert_eq!(up("ring::bell", "use crate::lane::Lane;"), ["lane::Lane"]);
    assert_eq!(up("ring::bell", "use crate::{\n    Error,\n    Pipeline,\n};"), ["pipeline"]);
    assert_eq!(up("ring::bell", "fn f() { crate::context::start(crate::sync::new()) }"), ["context::start"]);
    assert_eq!(
        up("ring::bell", "fn f() -> crate::Pipeline {\n    crate::Pipeline { a }\n}"),
        ["pipeline"; 2]
    );
    assert_eq!(up("memory::shared", "use super::map::Map;"), ["memory::map::Map"]);
    assert_eq!(up("memory::map", "use super::shared::Pools;"), Vec::<String>::new());
    assert_eq!(
        up("ring::bell", "// crate::lane\n#[cfg(test)]\nmod tests {\nuse crate::lane::Lane;\n}"),
        Vec::<String>::new()
    );
}

#[test]
fn modules_are_named_by_their_files() {
    assert_eq!(module_of("conveyor/src/ring/bell.rs").as_deref(), Some("ring::bell"));
    assert_eq!(module_of("conveyor/src/ring/mod.rs").as_deref(), Some("ring"));
    assert_eq!(module_of("conveyor/src/lib.rs"), None);
    assert_eq!(module_of("conveyor/src/supervise/tests/deaths.rs"), None);
    assert_eq!(layer_of("memory::map"), Some((7, "memory::map")));
    assert_eq!(layer_of("memories"), None);
}
