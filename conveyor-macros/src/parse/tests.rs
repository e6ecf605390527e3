//! Syntax errors at their line and column: all statements are read, whatever is wrong with one.

use crate::testing::says;

#[test]
fn every_statement_is_read() {
    says(
        "<u64 -> u64>;\nprocessor a = ;\nprocessor(b c) -> pipe;\na -> ;",
        &["2:15 expected an expression", "3:13 expected `)`", "4:6 "],
    );
}

#[test]
fn misspelt_words() {
    says(
        "procesor(a) -> pipe -> processor(b);",
        &["1:1 CV001: `procesor` is not a Conveyor element; did you mean `processor`?"],
    );
    says(
        "processor(a) -> pipe -> replicate fork { processor(b) };",
        &["1:25 CV001: `replicate` is not a Conveyor element; did you mean `replicated fork`?"],
    );
    says(
        "processor(a) -> pipe -> fork { processor(b) };",
        &["1:25 CV001: `fork` is not a Conveyor element; write `replicated fork`"],
    );
    says(
        "processor(a) -> map(b);",
        &[
            "1:17 CV001: `map` is not a Conveyor element; user code stands behind a keyword: `processor(map(..))`",
        ],
    );
    says("processor(a) -> Foo::new();", &["1:17 CV001"]);
    says("processor(a) -> pipe -> join zap;", &["1:30 no join is called `zap`; there are `zip`"]);
    says("processor(a) -> pipe -> join;", &["1:25 a join has a kind"]);
    says("processor(a) -> 3;", &["1:17 CV001"]);
}

#[test]
fn wrong_arrows_and_missing_semicolons() {
    says("processor(a) => pipe;", &["1:14 elements are connected by `->`"]);
    says("processor(a) - pipe;", &["1:14 elements are connected by `->`"]);
    says("a -> pipe -> b\nc -> pipe -> d;", &["2:1 expected `->` to the next element, or `;`"]);
    says("processor a = A::new()\nprocessor b = B;", &["2:1 expected `;`"]);
    says("processor a = A::new() -> pipe;", &["1:24 expected `;`"]);
}

#[test]
fn names() {
    says("processor pipe = A; processor(a) -> pipe;", &["1:11 `pipe` is a word of `pipeline!`"]);
    says("processor match = A; processor(a) -> pipe;", &["1:11 `match` is a keyword of Rust"]);
    says("processor a = A; a [stateless] -> pipe;", &["1:20 options stand where `a` is declared"]);
}

#[test]
fn headers() {
    says("pub Spam<u64 u64>; processor(a);", &["1:14 expected `->`"]);
    says(
        "Spam<u64 -> u64>(a: u64 = 3); processor(b);",
        &["1:25 a named pipeline takes its parameters as arguments"],
    );
    says("<u64 -> u64> processor(a);", &["1:14 expected `;` behind the header"]);
    says("#![deny(all)] processor(a);", &["1:4 unknown attribute"]);
}

#[test]
fn pipelines_inside() {
    says("<A -> B>; pipeline spam = a::Spam(3, x + y,); spam -> pipe -> processor(b);", &[]);
    says("<A -> B>; pipeline spam = crate::Spam; spam;", &[]);
    says("<A -> B>; pipeline spam Spam; spam;", &["1:25 expected `=`"]);
    says("<A -> B>; pipeline spam = Spam(3, 4 +); spam;", &["1:38 expected an expression"]);
    says("<A -> B>; pipeline spam = Spam(3 4); spam;", &["1:34 expected `,`"]);
    says("<A -> B>; pipeline spam = Spam(3) -> pipe; spam;", &["1:35 expected `;`"]);
    says("<A -> B>; pipeline spam = Spam[3]; spam;", &["1:31 expected `;`"]);
    says("<A -> B>; pipeline spam = 3; spam;", &["1:27 expected"]);
    says("<A -> B>; pipeline pipe = Spam; pipe;", &["1:20 `pipe` is a word of `pipeline!`"]);
}

#[test]
fn what_can_never_be() {
    says("#[cfg(unix)] processor a = A; a -> pipe;", &["1:1 only doc comments may stand here"]);
    says(
        "processor(a) -> pipe -> replicated fork(2) { processor(b) };",
        &["1:41 a replicated fork has no count"],
    );
}
