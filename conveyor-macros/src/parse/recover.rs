//! Where a chain goes on behind a mistake, so that the next one in the same statement is said in the same build.
//!
//! Only where it is plain: a wrong guess would be a second error that the first has caused.

use super::words;
use crate::ast::Role;
use crate::diagnostics::{is_near, nearest};
use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative as _;
use syn::{Ident, Token, token};

/// The first word of the element that was meant by a misspelt one, if what stands behind it is that element's.
pub(super) fn keyword(text: &str, input: ParseStream<'_>) -> Option<&'static str> {
    let keywords = words::elements().into_iter().filter_map(|element| element.split(' ').next());
    let meant = nearest(text, keywords).into_iter().next().filter(|keyword| is_near(text, keyword))?;
    let is_followed = match meant {
        "replicated" | "balanced" => {
            input.peek(Ident::peek_any)
                && (input.peek2(token::Brace) || input.peek2(token::Paren) || input.peek2(token::Bracket))
        }
        "join" => input.peek(Ident::peek_any) && !input.peek2(Ident::peek_any),
        keyword => input.peek(token::Paren) && (keyword == "pipe" || Role::of(keyword).is_some()),
    };
    is_followed.then_some(meant)
}

/// syn says at the end of a statement that something has been left in one of its groups: that is where a mistake was.
pub(super) fn is_left_over(error: &syn::Error) -> bool {
    error.to_string().starts_with("unexpected token, expected `")
}

/// Goes to the next arrow and tells whether there is one. Marks that are no arrow's may make one part of something else
/// (a closure, a type), and a new line may begin a new statement.
pub(super) fn to_the_next_arrow(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let mut line = None;
    while !ahead.is_empty() {
        if ahead.peek(Token![->]) {
            input.advance_to(&ahead);
            return true;
        }
        let Ok(token) = ahead.parse::<TokenTree>() else { return false };
        let is_on_the_next_line = line.is_some_and(|line| line < token.span().start().line);
        if is_on_the_next_line || matches!(&token, TokenTree::Punct(mark) if mark.as_char() != ':') {
            return false;
        }
        line = Some(token.span().end().line);
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::testing::says;

    #[test]
    fn several_mistakes_in_one_statement() {
        says(
            "<u8 -> u8>;\nprocesor(a) => pip(3) -> balancd fork(2) { processr(b) } -> pipe -> jion merge;",
            &[
                "2:1 CV001: `procesor` is not a Conveyor element; did you mean `processor`?",
                "2:13 elements are connected by `->`",
                "2:16 CV001: `pip` is not a Conveyor element; did you mean `pipe`?",
                "2:26 CV001: `balancd` is not a Conveyor element; did you mean `balanced fork`?",
                "2:44 CV001: `processr` is not a Conveyor element; did you mean `processor`?",
                "2:69 CV001: `jion` is not a Conveyor element; did you mean `join`?",
            ],
        );
        says(
            "<u8 -> u8>;\nprocessor -> pipe -> balanced frok(2) { processor() } -> pipe -> join mrge;",
            &[
                "2:1 `processor` needs user code",
                "2:31 CV001: expected `fork`: write `balanced fork`",
                "2:50 user code is missing here",
                "2:71 no join is called `mrge`",
            ],
        );
    }

    #[test]
    fn one_mistake_causes_no_second() {
        says(
            "<u8 -> u8>;\nprocessor |x| x -> u8 { x } -> pipe;",
            &["2:11 user code stands in parentheses: `processor(..)`"],
        );
        says("<u8 -> u8>;\ntry_map<A -> B>(c) -> pipe;", &["2:8 types follow from the code"]);
        says(
            "<u8 -> u8>;\nprocessor a = b;\na -> foo(3)\nb -> pip(3)",
            &[
                "3:6 CV001: `foo` is not a Conveyor element; user code stands behind a keyword",
                "4:6 CV001: `pip` is not a Conveyor element; did you mean `pipe`?",
            ],
        );
    }
}
