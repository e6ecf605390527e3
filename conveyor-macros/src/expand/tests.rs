//! Expansions as text: what an editor sees, what stands where.

use super::Paths;
#[cfg(feature = "svg")]
use super::{Plan, picture::picture};
use crate::expansion;
#[cfg(feature = "svg")]
use crate::{complete::complete, diagnostics::Diagnostics, parse, resolve};
use proc_macro2::{Ident, Span};

fn expand(source: &str, in_editor: bool) -> String {
    let krate = Ident::new("conveyor", Span::call_site());
    expansion(&Paths::new(krate.into()), source.parse().expect("a test writes tokens"), in_editor).to_string()
}

#[test]
fn user_code_is_written_once_and_in_source_order() {
    let source = "<A -> B>; processor last = third(); \
                  processor(first()) -> pipe(room) -> filter(|x| second(x)) -> pipe -> last;";
    let expansion = expand(source, false);
    let (expansion, _) = expansion.split_once("static __TABLE").expect("its text stands behind the code");
    for code in ["third ()", "first ()", "second (x)", "room"] {
        assert_eq!(expansion.matches(code).count(), 1, "{code} in {expansion}");
    }
    let place = |code: &str| expansion.find(code).expect("it is there");
    assert!(place("third ()") < place("first ()"), "{expansion}");
}

#[test]
fn a_half_typed_expression_changes_nothing_before_the_cursor() {
    let around = |typed: &str| {
        format!(
            "<A -> B>; processor(first()) -> pipe -> processor(|x| x.{typed}) -> pipe -> processor(last());"
        )
    };
    let (broken, guessed) = (expand(&around(""), true), expand(&around("guess"), true));
    let (before, _) = guessed.split_once("guess").expect("the guess is kept");
    assert!(broken.starts_with(before.trim_end()), "{broken}\n{guessed}");
    assert!(broken.ends_with("declared }"), "{broken}");
    assert!(broken.contains("compile_error"), "{broken}");
}

#[test]
fn an_unknown_name_is_kept_for_an_editor_only() {
    let source = "<A -> B>; processor clean = Clean::new(); cle -> pipe -> processor(|x| x.len());";
    let kept = expand(source, true);
    for part in ["Clean :: new ()", "let clean = names . 0 ;", "let _ = cle ;", "x . len ()"] {
        assert!(kept.contains(part), "{part} in {kept}");
    }
    let minimal = expand(source, false);
    assert!(minimal.starts_with(":: core :: compile_error"), "{minimal}");
    assert!(!minimal.contains("Clean"), "{minimal}");
}

#[test]
fn arguments_of_a_pipeline_are_kept_like_other_code() {
    let source =
        "<A -> B>(by: u64); processor(first()) -> pipe -> inner; pipeline inner = parts::Inner(*by, rest());";
    let expansion = expand(source, false);
    let call = |itself: &str| format!("nested :: < {itself} , _ , _ , _ >");
    let checked = call("< parts :: Inner as conveyor :: private :: Acyclic > :: Itself");
    for once in [&*checked, "params (* by , rest ())", "Pipeline inner"] {
        assert_eq!(expansion.matches(once).count(), 1, "{once} in {expansion}");
    }
    let kept = expand(&source.replace("pipe ->", "pip ->"), true);
    for part in ["(* by , rest ())", &call("parts :: Inner"), "let _ = inner ;"] {
        assert!(kept.contains(part), "{part} in {kept}");
    }
    let half_typed = expand(&source.replace("rest()", "rest."), true);
    assert!(half_typed.contains("params (* by , rest .)"), "{half_typed}");
}

#[test]
fn an_item_has_its_graph() {
    let item = expand(
        "/// Doc.\npub Name<In -> Out>(key: u64); processor(first()) -> pipe -> processor(second());",
        false,
    );
    for part in [
        "pub use __Name_2_4 :: Name ;",
        "pub struct Name",
        "pub fn pipeline (key : u64)",
        "pub fn graph ()",
        "Doc.",
    ] {
        assert!(item.contains(part), "{part} in {item}");
    }
}

/// Only for rustdoc, which is not the program that runs this test.
#[test]
fn nobody_else_waits_for_a_picture() {
    assert!(!expand("pub Name<In -> Out>; processor(first());", false).contains("svg"));
}

/// The run-time has stored what it draws of the README's pipeline.
#[cfg(feature = "svg")]
#[test]
fn the_picture_is_that_of_the_run_time() {
    let source = "Words<String -> (u64, String)>; processor clean = |line| line; processor count = |line| line; \
                  clean -> pipe(256) -> replicated fork { count, processor(longest) } -> pipe -> join zip;";
    let mut diagnostics = Diagnostics::default();
    let declaration = parse::declaration(source.parse().expect("a test writes tokens"), &mut diagnostics);
    let mut graph = resolve::graph(&declaration, &mut diagnostics);
    let sorted = complete(&mut graph);
    let paths = Paths::new(Ident::new("conveyor", Span::call_site()).into());
    let picture = picture(&Plan::new(&paths, &declaration, &graph, sorted, false), "Words");
    let stored = include_str!("../../../docs/pictures/words.svg");
    assert_eq!(picture, format!("<div>{stored}</div>"));
    assert!(!picture.contains("\n\n"), "Markdown would end the picture at an empty line");
}

/// Whatever is written, the macro answers. Tokens of large declarations are left out, doubled and swapped.
#[test]
fn nothing_makes_the_macro_panic() {
    const SEEDS: [&str; 4] = [
        "#![init = a::b] pub Name<In -> Out>(key: u64, room: usize); pool frames(8) of [u8; 4]; source s [stdin] = f(frames)?; \
         sink t = |x| (); replicated fork f; join zip j; pipe wide(3) [limit_bytes = 4]; s -> wide -> f; f -> processor(g) \
         -> pipe -> j; f -> filter_map(|x| x.ok()) -> pipe -> j; j -> pipe -> t;",
        "Name<In -> Out>(n: usize); pipeline s = a::S(n , 3); pipeline t [x] = T; s -> pipe -> replicated fork { s, t } -> pipe \
         -> join zip -> t; t -> pipe -> balanced fork(2) { s };",
        "<A -> B>(n: usize = 3); processor(a) -> pipe(n) -> replicated fork { pipe, processor(b) -> pipe -> balanced \
         fork(auto) [max = n] { processor(c) -> processor(d) } -> pipe -> join ordered, balanced fork { a, b } -> pipe -> \
         join merge } -> pipe -> join zip -> sink({ move |x| y });",
        "processor a = A; processor b = B; join merge m; a -> pipe -> m; b -> pipe -> m; m -> b -> pipe -> a; m -> c;",
    ];
    let mut random = 1u64;
    let mut below = |limit: usize| {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (random >> 33) as usize % limit.max(1)
    };
    for round in 0..1000 {
        let mut words: Vec<&str> = SEEDS[round % SEEDS.len()].split(' ').collect();
        for _ in 0..=below(4) {
            let (at, other) = (below(words.len()), below(words.len()));
            match below(3) {
                0 => drop(words.remove(at)),
                1 => words.insert(at, words[other]),
                _ => words.swap(at, other),
            }
        }
        // What is no token stream never reaches a macro.
        if let Ok(tokens) = words.join(" ").parse() {
            let krate = Ident::new("conveyor", Span::call_site());
            expansion(&Paths::new(krate.into()), tokens, round % 2 == 0);
        }
    }
}
