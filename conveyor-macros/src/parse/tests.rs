//! Syntax errors at their line and column: all statements are read, whatever is wrong with one.
//!
//! What is missing is blamed on the place behind a token. Outside of a compiler there is no such place, and the token
//! itself stands in.

use crate::testing::says;

#[test]
fn every_statement_is_read() {
    says(
        "<u64 -> u64>;\nprocessor a = ;\nprocessor(b c) -> pipe;\na -> ;",
        &["2:15 expected an expression", "3:13 expected `)`", "4:3 CV001: nothing follows this `->`"],
    );
}

#[test]
fn comments_and_line_breaks_may_stand_anywhere() {
    says("/* a */ <u64 -> u64>; // b\nprocessor(a) // c\n-> // d\npipe\n-> processor(b); // e", &[]);
}

#[test]
fn misspelt_elements() {
    let meant = |word: &str, meant: &str| {
        let text = format!("1:17 CV001: `{word}` is not a Conveyor element; did you mean `{meant}`?");
        says(&format!("processor(a) -> {word}(b);"), &[&text]);
    };
    meant("procesor", "processor");
    meant("sorce", "source");
    meant("pip", "pipe");
    meant("filtermap", "filter_map");
    says(
        "processor(a) -> replicate fork { b };",
        &["1:17 CV001: `replicate` is not a Conveyor element; did you mean `replicated fork`?"],
    );
    says(
        "processor(a) -> balance fork(2) { b };",
        &["1:17 CV001: `balance` is not a Conveyor element; did you mean `balanced fork`?"],
    );
    says(
        "processor(a) -> joinn merge;",
        &["1:17 CV001: `joinn` is not a Conveyor element; did you mean `join`?"],
    );
    says("processor(a) -> replicated frok { b };", &["1:28 CV001: expected `fork`: write `replicated fork`"]);
    says(
        "processor(a) -> join zap;",
        &["1:22 no join is called `zap`; there are `zip`, `merge` and `ordered`"],
    );
}

#[test]
fn misspelt_declarations() {
    says(
        "procesor a = A; a -> pipe;",
        &["1:1 CV001: `procesor` declares nothing; did you mean `processor`?"],
    );
    says("sorce a [stdin] = A; a -> pipe;", &["1:1 CV001: `sorce` declares nothing; did you mean `source`?"]);
    says("piep a(3); b -> a;", &["1:1 CV001: `piep` declares nothing; did you mean `pipe`?"]);
    says("poool a(3) of [u8; 4]; b -> a;", &["1:1 CV001: `poool` declares nothing; did you mean `pool`?"]);
    says("replicate fork a; b -> a;", &["1:1 CV001: `replicate` is not a Conveyor element"]);
    says("fork a; b -> a;", &["1:1 CV001: `fork` is not a Conveyor element; write `replicated fork`"]);
    says("join marge a; b -> a;", &["1:6 no join is called `marge`"]);
}

#[test]
fn words_that_need_another() {
    says("a -> fork { b };", &["1:6 CV001: `fork` is not a Conveyor element; write `replicated fork`"]);
    says("a -> replicated { b };", &["1:6 CV001: expected `fork`: write `replicated fork`"]);
    says("a -> pipe -> join;", &["1:14 a join has a kind: write `join merge`, `join zip` or `join ordered`"]);
    says("a -> pipe -> join(merge);", &["1:14 a join has a kind"]);
    says("a -> pipe -> merge;", &["1:14 CV001: `merge` is a kind of join; write `join merge`"]);
    says("a -> map(b);", &["1:6 CV001: `map` is not a Conveyor element; write `processor(..)`"]);
    says("a -> queue(3);", &["1:6 CV001: `queue` is not a Conveyor element; write `pipe`"]);
    says(
        "a -> double(b);",
        &[
            "1:6 CV001: `double` is not a Conveyor element; user code stands behind a keyword: `processor(double(..))`",
        ],
    );
    says(
        "a -> Foo::new();",
        &["1:6 CV001: `Foo` is not a Conveyor element; user code stands behind a keyword"],
    );
}

#[test]
fn what_is_no_element() {
    says("a -> 3;", &["1:6 CV001: a value is no element"]);
    says("|x| x -> a;", &["1:1 CV001: user code stands behind a keyword: `processor(|x| ..)`"]);
    says("(a -> b);", &["1:1 CV001: elements stand without parentheses"]);
    says("let x = 3;", &["1:1 `let` is Rust: it stands in front of `pipeline!`"]);
    says("let x = processor(a);", &["1:1 a declaration begins with its keyword: `processor name = ..;`"]);
    says("x = processor(a);", &["1:3 a declaration begins with its keyword"]);
    says("a -> + -> b;", &["1:6 CV001: expected an element"]);
}

#[test]
fn arrows() {
    says("a => b;", &["1:3 elements are connected by `->`"]);
    says("a - b;", &["1:3 elements are connected by `->`"]);
    says("a - > b;", &["1:3 elements are connected by `->`"]);
    says("a > b;", &["1:3 elements are connected by `->`"]);
    says("a --> b;", &["1:3 elements are connected by `->`"]);
    says("# first\na -> b;", &["1:1 `#` begins no comment here: write `//`"]);
    says("a | b;", &["1:3 elements are connected by `->`"]);
    says("a <- b;", &["1:3 elements are connected by `->`, from the left to the right"]);
    says("-> a;", &["1:1 CV001: an element is missing in front of this `->`"]);
    says("a -> -> b;", &["1:6 CV001: an element is missing between two arrows"]);
    says("a ->;", &["1:3 CV001: nothing follows this `->`"]);
    says("a ->", &["1:3 CV001: nothing follows this `->`"]);
}

#[test]
fn semicolons() {
    says("a -> pipe -> b\nc -> pipe -> d;", &["1:14 expected `->` to the next element, or `;` at the end"]);
    says("processor a = A::new()\nprocessor b = B;", &["1:22 expected `;`: a declaration ends here"]);
    says("processor a = A::new() -> pipe;", &["1:24 expected `;`: a declaration ends here; chains are"]);
    says("replicated fork f\na -> pipe -> f;", &["1:17 expected `;`: a declaration ends here"]);
    says("<u64 -> u64>\nprocessor(a);", &["1:12 expected `;` behind the header"]);
    says("<u64 -> u64>, processor(a);", &["1:13 expected `;` behind the header"]);
    says("processor a = A, processor b = B;", &["1:16 expected `;`: a declaration ends here"]);
    says("a -> b, b -> c;", &["1:7 a statement ends with `;`, not with `,`"]);
}

#[test]
fn user_code() {
    says("processor { a } -> pipe;", &["1:11 user code stands in parentheses: `processor(..)`"]);
    says("processor |x| x;", &["1:11 user code stands in parentheses: `processor(..)`"]);
    says("processor -> pipe;", &["1:1 `processor` needs user code: write `processor(..)`"]);
    says("processor() -> pipe;", &["1:10 user code is missing here: `processor(..)`"]);
    says("a -> f(x).g -> pipe;", &["1:6 CV001: `f` is not a Conveyor element"]);
    says("a.clone() -> pipe;", &["1:2 an element in a chain is its name alone"]);
    says("a -> vec![1] -> pipe;", &["1:6 CV001: no macro makes an element"]);
    says("processor(a, b) -> pipe;", &["1:12 expected `)`: one piece of code stands here"]);
    says("processor x: Foo; x -> pipe;", &["1:12 expected `=` and user code: `processor x = ..;`"]);
    says("processor x; x -> pipe;", &["1:11 expected `=` and user code: `processor x = ..;`"]);
    says("processor x(a); x -> pipe;", &["1:12 expected `=` and user code: `processor x = ..;`"]);
}

#[test]
fn pipes_and_pools() {
    says("a -> pipe[10] -> b;", &["1:10 the capacity of a pipe stands in parentheses: `pipe(10)`"]);
    says("a -> pipe { 10 } -> b;", &["1:11 the capacity of a pipe stands in parentheses"]);
    says("a -> pipe(1, 2) -> b;", &["1:12 expected `)`: one piece of code stands here"]);
    says("a -> pipe() -> b;", &["1:10 write how many messages the pipe holds, `pipe(10)`, or leave"]);
    says("pipe p(); a -> p -> b;", &["1:7 write how many messages the pipe holds"]);
    says(
        "a -> pipe [batch = 1] (4) -> b;",
        &["1:23 what stands in parentheses stands right behind its keyword"],
    );
    says("pool f() of [u8; 4];", &["1:7 the number of chunks is missing here"]);
    says("pool f(8) [u8; 4];", &["1:9 expected `of` and what a chunk is made of"]);
    says("pool f of [u8; 4];", &["1:6 a pool has a number of chunks"]);
    says("pool f(8) of u8;", &["1:11 expected `of` and what a chunk is made of"]);
    says("pool f(8) of [u8];", &["1:15 a chunk has a number of elements"]);
}

#[test]
fn forks() {
    says("a -> replicated fork {};", &["1:6 CV010: this fork has no branches"]);
    says("a -> replicated fork;", &["1:6 expected the branches of the fork in braces"]);
    says("a -> replicated fork(b, c);", &["1:21 the branches of a fork stand in braces"]);
    says("a -> replicated fork(2) { b };", &["1:21 a replicated fork has no count"]);
    says("a -> replicated fork { b; c };", &["1:25 the branches of a fork are separated by `,`"]);
    says(
        "a -> replicated fork {\n b\n c };",
        &["2:2 expected `->` to the next element, or `,` in front of the next branch"],
    );
    says("a -> replicated fork { b,, c };", &["1:26 CV001: a branch is missing in front of this `,`"]);
    says("a -> balanced fork 2 { b };", &["1:20 the number of workers stands in parentheses"]);
    says("a -> balanced fork(2) { b, c };", &["1:28 a fork with a count has one branch"]);
    says("a -> balanced fork() { b };", &["1:19 write the number of workers, `balanced fork(2)`, or"]);
    says("replicated fork f { b }; a -> f;", &["1:19 a declared fork gets its branches from chains"]);
    says("balanced fork f(2); a -> f;", &["1:16 a declared fork has no count"]);
    says("a -> join merge { b };", &["1:17 only a fork has branches in braces"]);
    says(
        "<u64 -> u64>; processor(a) -> pipe -> replicated fork { processor(b), pipe, } -> pipe -> join zip;",
        &[],
    );
}

#[test]
fn names() {
    for word in ["pipe", "join", "merge", "ordered", "fork", "auto", "of", "processor"] {
        let text = format!("1:11 `{word}` is a word of `pipeline!`: choose another name");
        says(&format!("processor {word} = A; {word} -> pipe -> processor(b);"), &[&text]);
    }
    says("processor match = A; a -> pipe;", &["1:11 `match` is a keyword of Rust: choose another name"]);
    says("processor self.x;", &["1:11 `self` is a keyword of Rust: choose another name"]);
    says("processor a = A; a [stateless] -> pipe;", &["1:20 options stand where `a` is declared"]);
}

#[test]
fn options() {
    says(
        "a -> pipe [when_full: block] -> b;",
        &["1:21 an option has its value behind `=`: `[when_full = ..]`"],
    );
    says("a -> pipe [batch = 1; batch = 2] -> b;", &["1:21 expected `,`: options are separated by commas"]);
    says(
        "a -> pipe [batch = 1] [limit_bytes = 2] -> b;",
        &["1:23 an element has all its options in one pair"],
    );
}

#[test]
fn pipelines() {
    says("pipeline i = |x| x; i;", &["1:14 expected the path of a pipeline"]);
    says("pipeline i = Inner::pipeline(3); i;", &["1:21 the pipeline itself stands here"]);
    says("pipeline i = Inner<u64>; i;", &["1:19 a pipeline has no type parameters"]);
    says("pipeline i; i;", &["1:10 expected `=` and the path of a pipeline"]);
    says("pipeline i(Inner); i;", &["1:11 expected `=` and the path of a pipeline"]);
    says(
        "pipeline(Inner) -> pipe;",
        &["1:1 CV001: `pipeline` is not a Conveyor element; a pipeline is declared"],
    );
    says("pipline i = Inner; i;", &["1:1 CV001: `pipline` declares nothing; did you mean `pipeline`?"]);
}

#[test]
fn headers() {
    const TYPES: &str = "a header has two types, with an arrow between them";
    let types = |header: &str, column: usize, text: &str| {
        says(&format!("{header}; processor(a);"), &[&format!("1:{column} {text}")]);
    };
    types("pub Spam<u64 u64>", 14, TYPES);
    types("<u64, u64>", 5, TYPES);
    types("<u64>", 5, TYPES);
    types("<>", 2, TYPES);
    types("<u64 -> >", 9, TYPES);
    types("Spam<T>", 7, TYPES);
    types("pub struct P<u64 -> u64>", 5, "leave `struct` out: a header is");
    types("pub pipeline P<u64 -> u64>", 5, "leave `pipeline` out: a header is");
    types("<_ -> u64>", 2, "a type is written out here");
    types("Spam<u64 -> Vec<_>>", 13, "a type is written out here");
    says("<u64 -> _>; processor(a);", &[]);
    types("<impl Iterator -> u64>", 2, "a type is written out here");
    types("<u64 -> u64>(a: impl Into<u64>)", 17, "a type is written out here");
    types("Spam<T -> T> where T: Clone", 14, "a pipeline has no type parameters, and no bounds");
    types("<u64 => u64>", 6, "the types of a header are connected by `->`");
    types("<u64 -> u64 -> u64>", 13, "a header has two types, `<In -> Out>`: those in between");
    types("<u64 -> u64", 9, "expected `>` behind the types of the header");
    types("Spam<'a, T>(t: T)", 6, "a pipeline has no lifetimes and no type parameters");
    types("pub <u64 -> u64>", 1, "only a pipeline with a name is visible");
    types("(a: u64) <u64 -> u64>", 10, "the types stand in front of the parameters");
    says("processor(a); <u64 -> u64>;", &["1:15 a header is one statement, and the first"]);
    says("<u64 -> u64>; (a: u64); processor(a);", &["1:15 a header is one statement, and the first"]);
}

#[test]
fn nothing_that_travels_is_borrowed() {
    let text = "what crosses processes owns its data and has no lifetime";
    let instead = |owned: &str| format!("1:2 {text}: write `{owned}`");
    says("<&str -> usize>; processor(a);", &[&instead("String")]);
    says("<&'static [u8] -> usize>; processor(a);", &[&instead("Vec<u8>")]);
    says("<str -> usize>; processor(a);", &[&instead("String")]);
    says("<View<'_> -> usize>; processor(a);", &[&format!("1:2 {text}; user code may borrow it")]);
    says(
        "<Cow<'static, str> -> usize>(path: &Path); processor(a);",
        &[&format!("1:36 {text}: write `PathBuf`")],
    );
}

#[test]
fn parameters() {
    says("<u64 -> u64>(a); processor(b);", &["1:14 a parameter has a type: `a: Type`"]);
    says("<u64 -> u64>(a = 3); processor(b);", &["1:14 a parameter has a type: `a: Type`"]);
    says("<u64 -> u64>(3); processor(b);", &["1:14 expected a parameter: `name: Type`"]);
    says(
        "Spam<u64 -> u64>(a: u64 = 3); processor(b);",
        &["1:25 a named pipeline takes its parameters as arguments"],
    );
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
fn attributes() {
    says("#![deny(all)] processor(a);", &["1:4 unknown attribute"]);
    says("#![init = \"main\"] processor(a);", &["1:11 `init` names a function"]);
    says("processor(a); #![allow(implicit_pipe)]", &["1:15 attributes of the pipeline stand first"]);
    says("#[cfg(unix)] processor a = A; a -> pipe;", &["1:1 only doc comments may stand here"]);
    let text = "nothing here can be left out or changed by an attribute";
    says("a -> #[cfg(unix)] b;", &[&format!("1:6 {text}")]);
    says("a -> replicated fork { #[cfg(unix)] b };", &[&format!("1:24 {text}")]);
    says("<u64 -> u64>(#[cfg(unix)] a: u64); processor(b);", &[&format!("1:14 {text}")]);
}
