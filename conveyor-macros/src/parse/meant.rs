//! What was meant by a word that is none of this language: one that is misspelt, that other libraries have, or that is
//! Rust's.

use super::advice::{ahead, error};
use super::words::{self, Front};
use crate::ast::Role;
use crate::at::At;
use crate::diagnostics::{is_near, listed, nearest};
use syn::parse::ParseStream;
use syn::{Ident, Token, token};

/// What to write where an element is called `text`; behind it stands `input`.
pub(super) fn instead(text: &str, input: ParseStream<'_>) -> String {
    if let Some(here) = of_others(text) {
        return here.to_owned();
    }
    let elements = words::elements();
    let keywords = elements.iter().map(|element| element.split(' ').next().unwrap_or(element));
    let keyword = nearest(text, keywords).into_iter().next().filter(|keyword| is_near(text, keyword));
    let meant = elements
        .iter()
        .find(|element| keyword.is_some_and(|keyword| element.split(' ').next() == Some(keyword)));
    match meant {
        Some(element) => format!("did you mean `{element}`?"),
        None if input.peek(token::Paren) && text.starts_with(char::is_uppercase) => {
            format!(
                "user code stands behind a keyword, `processor({text}(..))`, and a pipeline is declared, \
                 `pipeline name = {text}(..);`"
            )
        }
        None if input.peek(token::Brace) && text.starts_with(char::is_uppercase) => {
            format!("user code stands behind a keyword: `processor({text} {{ .. }})`")
        }
        None if input.peek(token::Paren)
            && Front::of(&ahead(input)).group(0).is_some_and(|arguments| arguments.is_empty()) =>
        {
            format!(
                "user code stands behind a keyword: `processor({text})` if it is a function of a message, \
                 `processor({text}())` if it makes one"
            )
        }
        None if input.peek(token::Paren) => {
            format!("user code stands behind a keyword: `processor({text}(..))`")
        }
        None if input.peek(Token![::]) => {
            format!(
                "user code stands behind a keyword, `processor({text}::..)`, and a pipeline is declared, \
                 `pipeline name = {text}::..;`"
            )
        }
        None => format!("there are {}", listed(&elements, "and")),
    }
}

/// What other libraries have by this name.
fn of_others(word: &str) -> Option<&'static str> {
    Some(match word {
        "fork" => {
            "write `replicated fork` (every branch gets every message) or `balanced fork` (the branches share them)"
        }
        "pipeline" => "a pipeline is declared first, `pipeline name = Path;`, and stands here by that name",
        "map" | "stage" | "step" | "task" | "transform" => {
            "write `processor(..)`, or `try_map(..)` where it may fail"
        }
        "inspect" => "write `processor(|x| { ..; x })`",
        "queue" | "buffer" | "channel" => "write `pipe`, or `pipe(n)` for one of at most `n` messages",
        "source_iter" | "source_stream" | "from_iter" | "iter" | "input" | "producer" => "write `source(..)`",
        "for_each" | "output" | "consumer" => "write `sink(..)`",
        "parallel" | "par_map" | "par_iter" | "workers" => {
            "write `balanced fork(n) { processor(..) }`: it has `n` workers"
        }
        "tee" | "broadcast" | "split" | "fan_out" => {
            "write `replicated fork { .., .. }`: every branch gets every message"
        }
        "route" | "switch" | "partition" | "demux" => {
            "write `replicated fork { .., .. }` with a `filter(..)` in front of each branch"
        }
        "union" | "gather" | "fan_in" | "concat" => "write `join merge`",
        "fold" | "reduce" | "scan" | "sum" | "count" => {
            "a processor may have a state, `processor({ let mut sum = 0; move |x| .. })`; the outputs are an iterator, too"
        }
        "collect" | "take" | "skip" => "the outputs are an iterator: leave it out here, and call it there",
        _ => return None,
    })
}

/// Is this a word that begins an item or a statement of Rust?
pub(super) fn is_rust(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "let", "fn", "use", "const", "static", "struct", "enum", "impl", "if", "for", "while", "loop",
        "match", "mod",
    ];
    WORDS.contains(&word)
}

/// A statement that begins with a word of Rust.
pub(super) fn rust_item(word: &Ident, input: ParseStream<'_>) -> Option<syn::Error> {
    let text = word.to_string();
    if text == "mut" || text == "return" {
        return Some(error(At::of(word), format!("leave `{text}` out: a pipeline is no code of Rust")));
    }
    if text == "pub" {
        let text = "leave `pub` out: only the header's name is seen from outside";
        return Some(error(At::of(word), text));
    }
    if text == "let" {
        let next = Front::of(&ahead(input));
        if next.is_punct(1, '=') && next.word(2).is_some_and(|word| Role::of(&word).is_some()) {
            let text = "a declaration begins with its keyword: `processor name = ..;`";
            return Some(error(At::of(word), text));
        }
    }
    is_rust(&text).then(|| {
        let text = format!(
            "`{text}` is Rust: it stands in front of `pipeline!`, where the code of elements sees it"
        );
        error(At::of(word), text)
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::says;

    #[test]
    fn words_of_other_libraries() {
        says(
            "<u8 -> u8>;\na() -> pipe -> tee { b, c } -> pipe -> join merge;",
            &[
                "2:1 CV001: `a` is not a Conveyor element; user code stands behind a keyword: `processor(a)`",
                "2:16 CV001: `tee` is not a Conveyor element; write `replicated fork { .., .. }`",
            ],
        );
        says(
            "<u8 -> u8>;\nprocessor(a) -> pipe -> tee { b, c };",
            &["2:25 CV001: `tee` is not a Conveyor element; write `replicated fork { .., .. }`"],
        );
        says("reduce(a);", &["1:1 CV001: `reduce` is not a Conveyor element; a processor may have a state"]);
    }

    #[test]
    fn a_name_may_be_any_of_them() {
        says("<u8 -> u8>;\nprocessor map = a;\nprocessor tee = b;\nmap -> pipe -> tee;", &[]);
    }

    #[test]
    fn words_of_rust() {
        says("<u8 -> u8>;\nmut processor a = b;", &["2:1 leave `mut` out"]);
        says("<u8 -> u8>;\npub processor a = b;\na;", &["2:1 leave `pub` out"]);
        says("use a::b;\n<u8 -> u8>;\nprocessor(b);", &["1:1 `use` is Rust"]);
    }
}
