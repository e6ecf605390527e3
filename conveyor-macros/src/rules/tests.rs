//! Each rule at its line and column, and nothing but it.

use crate::testing::says;

const HEAD: &str = "<u64 -> u64>;";

#[track_caller]
fn body(chains: &str, expected: &[&str]) {
    says(&format!("{HEAD}\n{chains}"), expected);
}

#[test]
fn valid_graphs_say_nothing() {
    body("processor(a) -> pipe -> processor(b);", &[]);
    body("processor(a) -> pipe -> replicated fork { processor(b), pipe } -> pipe -> join zip;", &[]);
    body(
        "processor(a) -> pipe -> balanced fork(auto) [max = 3] { processor(b) -> pipe -> processor(c) } -> pipe -> join ordered;",
        &[],
    );
    body(
        "processor(a) -> pipe -> balanced fork { processor(b), processor(c) } -> pipe -> join merge -> pipe -> processor(d);",
        &[],
    );
    body(
        "processor a = A; replicated fork f; join zip j; a -> pipe -> f; f -> processor(b) -> pipe -> j; f -> processor(c) -> pipe -> j; j -> processor(d);",
        &[],
    );
    says("source(a) -> pipe -> replicated fork { sink(b), processor(c) -> pipe -> sink(d) };", &[]);
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), balanced fork(2) { processor(c) } -> pipe -> join ordered } -> pipe -> join zip;",
        &["2:57 CV005"],
    );
}

#[test]
fn named_elements_stand_in_the_braces_that_are_around_all_their_uses() {
    body("processor b = B; processor(a) -> pipe -> balanced fork(2) { b } -> pipe -> join merge;", &[]);
    body(
        "join merge all; processor(a) -> pipe -> balanced fork(2) { processor(b) -> pipe -> all }; all -> processor(c);",
        &[],
    );
    body(
        "processor b = B; processor(a) -> pipe -> balanced fork(2) { b };\nb -> pipe -> processor(c);",
        &["2:61 CV008", "2:42 CV008"],
    );
    body(
        "replicated fork f; processor(a) -> pipe -> balanced fork(2) { processor(b) -> pipe -> f };\nf -> sink(c); f -> processor(d);",
        &["2:87 CV008", "2:44 CV008"],
    );
}

#[test]
fn pipelines_are_elements_with_ends_that_only_the_compiler_knows() {
    let inner = |chains: &str, expected: &[&str]| {
        body(&format!("pipeline s = S; pipeline t = T;\n{chains}"), expected);
    };
    inner("s -> pipe -> t;", &[]);
    inner("s -> pipe -> replicated fork { t, pipe } -> pipe -> join zip;", &[]);
    // sources and sinks beside the open ends
    inner(
        "join merge m; processor(a) -> pipe -> m; s -> pipe -> m; m -> pipe -> replicated fork { t, processor(b) };",
        &[],
    );
    inner("join merge m; s -> pipe -> m; t -> pipe -> m; m -> processor(a);", &[]);
    inner("processor(a) -> pipe -> balanced fork(2) { s -> pipe -> t };", &[]);
    inner("processor(a) -> pipe -> replicated fork { s, t };", &[]);
    says("Name; pipeline s = S; s -> pipe -> sink(a);", &[]);
    // the rules for processors
    inner("s -> t;", &["3:3 warning: CV004"]);
    inner("s -> pipe -> pipe -> t;", &["3:11 CV014"]);
    inner("s -> replicated fork { t, processor(a) } -> pipe -> join zip;", &["3:3 CV005"]);
    inner("s -> pipe -> processor(a);", &["2:26 CV010"]);
    inner("s -> pipe -> replicated fork { t, t };", &["3:32 CV019", "3:35 CV019"]);
    inner("s -> pipe -> t -> pipe -> s;", &["3:3 CV009", "3:11 CV009", "3:16 CV009", "3:24 CV009"]);
    inner("s; processor(a) -> pipe -> t;", &["3:4 CV010"]);
    says(
        "<A -> B>; pipeline s [max = 3] = S; s;",
        &["1:23 `[max]` is an option of `balanced fork(auto)`, not of this pipeline"],
    );
    says("<A -> B>; pipeline s = S; processor s = A; s;", &["1:20 CV012", "1:37 CV012"]);
    says("Name; pipeline s = S; s -> pipe -> processor(a);", &["1:1 `Name` has an open end"]);
    says("Name<u8 -> u64>; pipeline s = Name; s;", &["1:31 CV009"]);
    says("Name<In -> Out>; pipeline s = other::Name; s;", &[]);
}

#[test]
fn cv003_a_pipeline_starts_with_a_processor() {
    body("pipe -> processor(a);", &["2:1 CV003"]);
    body("pipe -> replicated fork { processor(a), processor(b) } -> pipe -> join zip;", &["2:1 CV003"]);
    says("<u64 -> u64>;", &["1:2 CV003"]);
    says("pub Empty<u64 -> u64>;", &["1:5 CV003"]);
    says("", &["1:1 CV003"]);
}

#[test]
fn cv004_a_missing_pipe_is_a_warning_at_the_arrow() {
    body("processor(a) -> processor(b);", &["2:14 warning: CV004"]);
    says("#![allow(implicit_pipe)] <u64 -> u64>; processor(a) -> processor(b);", &[]);
}

#[test]
fn cv005_cv006_forks_and_joins_need_pipes() {
    body(
        "processor(a) -> replicated fork { processor(b), processor(c) } -> pipe -> join zip;",
        &["2:14 CV005"],
    );
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), processor(c) } -> join zip;",
        &["2:72 CV006"],
    );
}

#[test]
fn cv006_says_nothing_about_the_fork_behind_the_missing_pipe() {
    body(
        "replicated fork f; join zip j; processor(a) -> pipe -> f; f -> processor(b) -> pipe -> j;\nf -> j; j -> processor(c);",
        &["3:3 CV006"],
    );
    body(
        "processor(a) -> pipe -> replicated fork { pipe -> balanced fork(2) { processor(b) } -> pipe -> join ordered, pipe }\n\
         -> join zip;",
        &["3:1 CV006"],
    );
}

#[test]
fn cv007_a_branch_reaches_nothing() {
    body(
        "replicated fork f; join merge j;\nprocessor(a) -> pipe -> f;\nf -> processor(b) -> pipe -> j; f -> processor(c) -> pipe -> j; f -> processor(d);\nj -> processor(e);",
        &["4:70 CV007", "3:25 CV007"],
    );
}

#[test]
fn cv008_open_branches_come_together() {
    let fork = "processor(a) -> pipe -> replicated fork { processor(b), processor(c) }";
    body(&format!("{fork} -> pipe -> processor(d);"), &["2:83 CV008", "2:25 CV008"]);
    body(&format!("{fork};"), &["2:57 CV008", "2:25 CV008"]);
    body(
        "processor(a) -> pipe -> balanced fork(2) { processor(b) } -> pipe -> processor(c);",
        &["2:70 CV008", "2:25 CV008"],
    );
    body("processor(a) -> pipe -> balanced fork(2) { processor(b) };", &["2:44 CV008", "2:25 CV008"]);
}

#[test]
fn cv009_a_cycle_is_shown_at_every_arrow() {
    body(
        "processor a = A; processor b = B;\na -> pipe -> b -> pipe -> a;",
        &["3:3 CV009", "3:11 CV009", "3:16 CV009", "3:24 CV009"],
    );
}

#[test]
fn cv010_everything_is_connected() {
    body("processor a = A; processor b = B; b -> pipe -> processor(c);", &["2:11 CV010"]);
    body("processor(a) -> pipe -> processor(b);\nsource(c) -> pipe -> sink(d);", &["3:1 CV010"]);
    body("pool frames(2) of [u8; 4]; processor(a);", &["2:6 CV010"]);
    body("replicated fork f; processor(a) -> pipe -> f;", &["2:44 CV010"]);
    says("source(a) -> pipe -> replicated fork { sink(b), sink(c) } -> pipe -> sink(d);", &["1:59 CV010"]);
}

#[test]
fn cv011_cv012_names() {
    body(
        "processor clean = A; claen -> pipe -> processor(b);",
        &["2:22 CV011: no element named `claen`; declared here: `clean`"],
    );
    body(
        "processor(a) -> pip -> processor(b);",
        &["2:17 CV011: no element named `pip`; did you mean `pipe`?"],
    );
    body(
        "processor clean = A; clean -> pip -> processor(b);",
        &["2:31 CV011: no element named `pip`; did you mean `pipe`? declared here: `clean`"],
    );
    body("double -> pipe -> processor(b);", &["2:1 CV011: no element named `double`: declare it"]);
    body(
        "replicated fork split; processor(a) -> pipe -> splt; split -> sink(b); split -> processor(c);",
        &["2:48 CV011: no element named `splt`; declared here: `split`"],
    );
    body(
        "Inner -> pipe -> processor(b);",
        &["2:1 CV011: no element named `Inner`: declare it, `pipeline name"],
    );
    body("processor a = A; processor a = B; a -> pipe -> processor(c);", &["2:11 CV012", "2:28 CV012"]);
    says("<u64 -> u64>(a: u64); processor a = A; a -> pipe -> processor(c);", &["1:14 CV012", "1:33 CV012"]);
}

#[test]
fn cv013_the_join_suits_the_fork() {
    body(
        "processor(a) -> pipe -> balanced fork { processor(b), processor(c) } -> pipe -> join zip;",
        &["2:81 CV013", "2:25 CV013"],
    );
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), processor(c) } -> pipe -> join ordered;",
        &["2:83 CV013", "2:25 CV013"],
    );
}

#[test]
fn cv014_two_pipes_in_a_row() {
    body("processor(a) -> pipe -> pipe -> processor(b);", &["2:22 CV014"]);
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), pipe(2) } -> pipe(3) -> join zip;",
        &["2:67 CV014"],
    );
    body(
        "processor(a) -> pipe -> balanced fork(2) { processor(b) } -> pipe -> pipe -> join merge;",
        &["2:67 CV014"],
    );
}

#[test]
fn cv015_numbers_that_cannot_be() {
    body("processor(a) -> pipe(0) -> processor(b);", &["2:22 CV015"]);
    body("processor(a) -> pipe(-1) -> processor(b);", &["2:22 CV015"]);
    body("processor(a) -> pipe [limit_bytes = 0] -> processor(b);", &["2:37 CV015"]);
    body(
        "processor(a) -> pipe -> balanced fork(0) { processor(b) } -> pipe(0) -> join merge;",
        &["2:39 CV015", "2:67 CV015"],
    );
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), processor(c) } -> pipe(0) -> join zip;",
        &["2:80 CV015"],
    );
}

#[test]
fn cv016_one_branch_is_a_warning() {
    body("processor(a) -> pipe -> replicated fork { processor(b) };", &["2:25 warning: CV016"]);
    body(
        "processor(a) -> pipe -> balanced fork(1) { processor(b) } -> pipe -> join merge;",
        &["2:25 warning: CV016"],
    );
    body("processor(a) -> pipe -> join merge -> processor(b);", &["2:25 warning: CV016"]);
}

#[test]
fn cv019_one_inlet_one_outlet() {
    body("processor a = A; a -> pipe -> sink(b); a -> pipe -> processor(c);", &["2:20 CV019", "2:42 CV019"]);
    body(
        "processor c = C; replicated fork f; processor(a) -> pipe -> f; f -> c; f -> pipe -> c;",
        &["2:66 CV019", "2:82 CV019"],
    );
    body("processor(a) -> pipe -> source(b) -> pipe -> processor(c);", &["2:22 CV019"]);
    says("source(a) -> pipe -> sink(b) -> pipe -> sink(c);", &["1:30 CV019"]);
}

#[test]
fn cv020_a_region_is_closed() {
    // a branch leaves
    body(
        "replicated fork f; join zip j; processor(a) -> pipe -> f; f -> processor(b) -> pipe -> j; f -> processor(c) -> pipe -> j;\nf -> sink(d); j -> processor(e);",
        &["2:88 CV020", "3:3 CV020"],
    );
    // a stream enters
    body(
        "join zip j; processor(a) -> pipe -> replicated fork { processor(b) -> pipe -> j, processor(c) -> pipe -> j };\nsource(s) -> pipe -> j; j -> processor(e);",
        &["2:79 CV020", "3:1 CV020"],
    );
    // a merge inside
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), pipe -> balanced fork(2) { processor(c) } -> pipe -> join merge }\n-> pipe -> join zip;",
        &["3:12 CV020", "2:110 CV020"],
    );
    // two forks
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), pipe -> replicated fork { processor(c), processor(d) } }\n-> pipe -> join zip;",
        &["3:12 CV020", "2:25 CV020", "2:65 CV020"],
    );
}

#[test]
fn cv023_one_head_one_end() {
    body(
        "join merge j; processor(a) -> pipe -> j; processor(b) -> pipe -> j; j -> processor(c);",
        &["2:15 CV023", "2:42 CV023"],
    );
}

#[test]
fn types_that_nothing_says() {
    says("pub Spam; processor(a);", &["1:5 `Spam` has an open end"]);
    says("processor(|x| x + 1);", &["1:11 CV017"]);
    says("processor(|x: u64| x + 1) -> pipe -> processor(|y| y);", &[]);
    says("filter(a);", &["1:8 CV017"]);
    says("source(a) -> pipe -> filter(A::new()) -> pipe -> sink(b);", &["1:29 `filter` takes a closure"]);
    says(
        "source(a) -> pipe -> processor(|x, y| x) -> pipe -> sink(b);",
        &["1:32 the closure behind `processor`"],
    );
    says(
        "source(a) -> pipe -> processor(async |x| x) -> pipe -> sink(b);",
        &["1:32 a closure behind `processor` is"],
    );
}
