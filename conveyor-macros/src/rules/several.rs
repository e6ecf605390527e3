//! Several mistakes in one graph: each is said, and nothing that only follows from another one.

use crate::testing::says;

#[track_caller]
fn body(chains: &str, expected: &[&str]) {
    says(&format!("<u64 -> u64>;\n{chains}"), expected);
}

/// A mistake that is seen wherever it stands.
const CLOSURE: &str = "processor(|x, y| x)";

#[test]
fn an_unused_name_hides_nothing_that_does_not_need_it() {
    let unused = "processor a = A;";
    let both = |chains: &str, expected: &[&str]| {
        let expected: Vec<_> = ["2:11 CV010"].iter().chain(expected).copied().collect();
        body(&format!("{unused}\n{chains}"), &expected);
    };
    both(
        "processor(b) -> pipe -> replicated fork { processor(c), processor(d) } -> pipe -> processor(e);",
        &["3:83 CV008", "3:25 CV008"],
    );
    both(
        "processor(b) -> pipe -> replicated fork { processor(c), processor(d) } -> pipe -> join ordered;",
        &["3:83 CV013", "3:25 CV013"],
    );
    both("processor(b) -> pipe -> source(c) -> pipe -> processor(d);", &["3:22 CV019"]);
    both(
        "join merge j; processor(b) -> pipe -> j; processor(c) -> pipe -> j; j -> processor(d);",
        &["3:15 CV023", "3:42 CV023"],
    );
    both(
        "replicated fork f; processor(b) -> pipe -> f; f -> processor(c); f -> processor(d);",
        &["3:52 CV007", "3:44 CV007", "3:71 CV007", "3:44 CV007"],
    );
}

#[test]
fn user_code_is_looked_at_whatever_the_graph_is() {
    says(
        &format!("<u64 -> u64>; processor a = A;\n{CLOSURE} -> pipe -> filter(B::new());"),
        &["2:11 the closure behind", "2:39 `filter` takes a closure", "1:25 CV010"],
    );
    body(&format!("{CLOSURE} -> pipe -> nobody;"), &["2:32 CV011", "2:11 the closure behind"]);
    body(
        &format!("processor a = A; a -> pipe -> {CLOSURE} -> pipe -> a;"),
        &["2:41 the closure", "2:20 CV009", "2:28 CV009", "2:51 CV009", "2:59 CV009"],
    );
}

#[test]
fn two_heads_and_two_ends() {
    body(
        "join merge j; balanced fork f; processor(a) -> pipe -> j; processor(b) -> pipe -> j; j -> pipe -> f;\n\
         f -> processor(c); f -> processor(d);",
        &["2:32 CV023", "2:59 CV023", "3:6 CV007", "2:99 CV007", "3:25 CV007", "2:99 CV007"],
    );
}

#[test]
fn before_and_behind_one_element() {
    body(
        "processor a = A; processor(b) -> pipe -> a; source(c) -> pipe -> a;\na -> pipe -> sink(d); a -> pipe -> sink(e);",
        &["2:39 CV019", "2:63 CV019", "3:3 CV019", "3:25 CV019"],
    );
}

#[test]
fn a_use_too_many_is_one_mistake() {
    body(
        "processor a = A; join merge j; processor(b) -> pipe -> replicated fork { a -> pipe -> j, a -> pipe -> j };",
        &["2:74 CV019", "2:90 CV019"],
    );
    body(
        "processor a = A; join merge j; processor(b) -> pipe -> replicated fork { a -> pipe -> j, a -> pipe -> j };\n\
         a -> pipe -> sink(c);",
        &["2:74 CV019", "2:90 CV019", "2:76 CV019", "2:92 CV019", "3:3 CV019"],
    );
}

#[test]
fn a_filter_that_is_none_is_one_mistake() {
    says("filter(A::new());", &["1:8 `filter` takes a closure"]);
    says("filter({ |x| x });", &["1:8 `filter` takes a closure"]);
    says("filter(|x, y| x);", &["1:8 the closure behind `filter`"]);
}

#[test]
fn a_cycle_hides_only_what_lies_on_it() {
    body(
        "processor a = A; processor b = B; join zip z; source(s) -> pipe -> a -> pipe -> b -> pipe -> a;\n\
         b -> pipe -> balanced fork { processor(c) -> pipe -> z, processor(d) -> pipe -> z }; z -> processor(e);",
        &["2:70 CV009", "2:78 CV009", "2:83 CV009", "2:91 CV009", "3:54 CV013", "3:14 CV013"],
    );
}

#[test]
fn an_unknown_name_hides_what_it_could_be_and_nothing_else() {
    // the second part, the unused name and the open branch may all be meant
    body(
        "join merge all; processor(a) -> pipe -> replicated fork { processor(b) -> pipe -> al, processor(c) -> pipe -> all };\n\
         all -> processor(d);",
        &["2:83 CV011"],
    );
    body("processor a = A; processor(b) -> pipe -> aa; a -> pipe -> processor(c);", &["2:42 CV011"]);
    body(
        "join zip j; replicated fork f; processor(a) -> pipe -> ff; f -> processor(b) -> pipe -> j; f -> processor(c) -> pipe -> j;",
        &["2:56 CV011"],
    );
    // it may be a sink
    let fork = "processor(a) -> pipe -> replicated fork { processor(b), nobody }";
    body(&format!("{fork} -> pipe -> processor(c);"), &["2:57 CV011"]);
    body(&format!("{fork} -> pipe;"), &["2:57 CV011"]);
    // what has no name is not meant
    body(
        "processor(a) -> pipe -> nobody;\nsource(b) -> pipe -> sink(c) -> pipe -> sink(d);",
        &["2:25 CV011", "3:1 CV010", "3:30 CV019"],
    );
    body(
        "processor(a) -> pipe -> nobody;\npipe -> processor(b) -> pipe -> balanced fork(2) { processor(c) } -> pipe -> join zip;",
        &["2:25 CV011", "3:1 CV003", "3:78 CV013", "3:33 CV013"],
    );
}

#[test]
fn what_is_declared_twice_is_not_clear_and_the_rest_is() {
    body(
        "processor a = A; processor a = B;\na -> pipe -> processor(b) -> pipe -> a -> pipe -> balanced fork(2) { processor(c) } -> pipe -> processor(d);",
        &[
            "2:11 CV012",
            "2:28 CV012",
            "3:3 CV009",
            "3:11 CV009",
            "3:27 CV009",
            "3:35 CV009",
            "3:96 CV008",
            "3:51 CV008",
        ],
    );
    body(
        "processor a = A; processor a = B; processor(b) -> pipe -> a; source(c) -> pipe -> a;",
        &["2:11 CV012", "2:28 CV012"],
    );
}

#[test]
fn an_element_that_nobody_uses_may_be_what_is_missing() {
    let fork = "processor(a) -> pipe -> replicated fork { processor(b), processor(c) }";
    body(&format!("join zip both;\n{fork};"), &["2:10 CV010"]);
    body(&format!("join zip both;\n{fork} -> pipe -> processor(d);"), &["2:10 CV010"]);
    body(
        "source s = S;\njoin merge j; processor(a) -> pipe -> j; processor(b) -> pipe -> j; j -> processor(c);",
        &["2:8 CV010"],
    );
    body(
        "sink s = S; replicated fork f;\nprocessor(a) -> pipe -> f; f -> processor(b); f -> processor(c);",
        &["2:6 CV010"],
    );
}

#[test]
fn parts_of_a_graph_have_ends_of_their_own() {
    body("processor(a) -> pipe -> processor(b);\nprocessor(c) -> pipe -> processor(d);", &["3:1 CV010"]);
    body(
        "processor(a) -> pipe -> processor(b);\n\
         join merge j; processor(c) -> pipe -> j; processor(d) -> pipe -> j; j -> sink(e);",
        &["3:15 CV010", "3:15 CV023", "3:42 CV023"],
    );
}

#[test]
fn a_branch_that_leaves_a_zip_is_no_partial_join() {
    body(
        "replicated fork f; join zip j; processor(a) -> pipe -> f; f -> processor(b) -> pipe -> j; f -> processor(c) -> pipe -> j;\n\
         f -> processor(d); j -> processor(e);",
        &["2:88 CV020", "3:3 CV020"],
    );
}

#[test]
fn what_is_refused_is_said_once() {
    // neither the join nor the ends behind what reads two inlets
    body(
        "processor a = A; join zip j; processor(b) -> pipe -> replicated fork { a -> pipe -> j, processor(c) -> pipe -> j };\n\
         source(d) -> pipe -> a; j -> processor(e);",
        &["2:72 CV019", "3:19 CV019"],
    );
    body(
        "processor a = A; processor(b) -> pipe -> a; a -> pipe -> processor(c); a -> pipe -> processor(d);",
        &["2:47 CV019", "2:74 CV019"],
    );
    body(
        "processor a = A; processor(b) -> pipe -> balanced fork(2) { a -> pipe -> sink(c) };\na -> pipe -> processor(d);",
        &["2:63 CV019", "3:3 CV019"],
    );
    says("Name; processor(a) -> pipe -> source(b) -> pipe -> sink(c);", &["1:28 CV019"]);
    says("Name; pipe -> sink(c);", &["1:7 CV003"]);
    body("processor(a) [fuse = next] -> pipe -> pipe -> processor(b);", &["2:36 CV014"]);
    body(
        "processor(a) -> pipe -> balanced fork [window = 3] { processor(b), processor(c) } -> pipe -> join zip;",
        &["2:94 CV013", "2:25 CV013"],
    );
}
