//! Expansions as text: what an editor sees, what stands where.

use super::Paths;
use crate::expansion;
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
    for code in ["third ()", "first ()", "second (x)", "(room)"] {
        let code = code.trim_matches(['(', ')']);
        assert_eq!(
            expansion.matches(code).count(),
            if code == "room" { 2 } else { 1 },
            "{code} in {expansion}"
        );
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
    for part in ["Clean :: new ()", "let clean = () ;", "let _ = cle ;", "x . len ()"] {
        assert!(kept.contains(part), "{part} in {kept}");
    }
    let minimal = expand(source, false);
    assert!(minimal.starts_with("{ :: core :: compile_error"), "{minimal}");
    assert!(!minimal.contains("Clean"), "{minimal}");
}
