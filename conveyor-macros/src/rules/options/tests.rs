//! Each mistake in an option at its line and column, and nothing but it.

use super::table::{ROWS, Row, Value};
use super::written;
use crate::testing::says;

#[track_caller]
fn body(chains: &str, expected: &[&str]) {
    says(&format!("<u64 -> u64>;\n{chains}"), expected);
}

#[test]
fn a_join_of_the_wrong_kind_is_all_that_is_said() {
    says(
        "<u64 -> u64>;\nprocessor(a) -> pipe -> balanced fork(2) [window = 3] { processor(b) } -> pipe -> join zip;",
        &["2:83 CV013", "2:25 CV013"],
    );
}

#[test]
fn options_behind_code() {
    says(
        "source jobs = 0..10u64 [deterministic];\njobs -> pipe -> sink(|_| ());",
        &["1:25 options stand before the `=`: `source jobs [deterministic] = ..`"],
    );
    body(
        "processor(a [restart = empty]);",
        &["2:14 options stand behind the parentheses: `processor(..) [restart = empty]`"],
    );
    body("processor(a[n]);", &[]);
}

#[test]
fn every_option_at_its_place() {
    body(
        "processor(a) [stateless, deterministic, restart = on_crash(3), deadline = d(), on_poison = skip, fuse = none] -> \
         pipe(4) [limit_bytes = n, when_full = block, batch = n] -> filter(|x| b) [restart = empty, on_poison = stop] -> \
         pipe [when_full = drop_oldest] -> balanced fork(auto) [max = n, policy = round_robin, window = 8] { processor(c) \
         [fuse = next, restart = never, deadline = d] -> pipe -> processor(d) } -> pipe [when_full = drop_newest] -> join ordered;",
        &[],
    );
    says(
        "source(a) [stdin, deterministic, restart = on_crash(n), fuse = none] -> pipe -> balanced fork [policy = free] { \
         sink(b) [stateless, deadline = d, on_poison = skip], sink(c) [restart = on_crash(2)] };",
        &[],
    );
}

#[test]
fn an_unknown_option_lists_those_that_are_known() {
    body(
        "processor(a) -> pipe [limit_byte = 3] -> processor(b);",
        &["2:23 `[limit_byte]` is no option of this pipe: there are `limit_bytes`, `"],
    );
    body(
        "processor(a) [statless] -> pipe -> processor(b);",
        &["2:15 `[statless]` is no option of this processor: there are `stateless`, `"],
    );
    body(
        "processor(a) -> pipe -> replicated fork [branches = 2] { processor(b), pipe } -> pipe -> join zip;",
        &["2:42 `[branches]` is no option of this replicated fork: there are none"],
    );
}

#[test]
fn a_wrong_place_names_the_right_one() {
    let wrong = |element: &str, at: &str, place: &str| {
        body(element, &[&format!("{at} is an option of {place}, not of this ")]);
    };
    wrong("processor(a) [when_full = block] -> pipe;", "2:15 `[when_full]`", "a pipe");
    wrong("processor(a) [batch = 2] -> pipe;", "2:15 `[batch]`", "a pipe");
    wrong("processor(a) -> pipe [stateless];", "2:23 `[stateless]`", "a processor or a sink");
    wrong("processor(a) -> pipe [deadline = d];", "2:23 `[deadline]`", "a processor or a sink");
    wrong("processor(a) -> pipe [fuse = next];", "2:23 `[fuse]`", "a processor or a source");
    wrong("processor(a) [stdin] -> pipe;", "2:15 `[stdin]`", "a source");
    wrong("processor(a) -> pipe [restart = never];", "2:23 `[restart]`", "a processor, a source or a sink");
    wrong(
        "processor(a) -> pipe -> balanced fork(2) [max = 3] { processor(b) } -> pipe -> join merge;",
        "2:43 `[max]`",
        "`balanced fork(auto)`",
    );
    wrong("processor(a) -> pipe [window = 2];", "2:23 `[window]`", "a balanced fork");
    wrong(
        "processor(a) -> pipe -> replicated fork [policy = free] { processor(b), pipe } -> pipe -> join zip;",
        "2:42 `[policy]`",
        "a balanced fork",
    );
    says(
        "source(a) [deadline = d] -> pipe -> sink(b) [fuse = next];",
        &[
            "1:12 `[deadline]` is an option of a processor or a sink",
            "1:46 `[fuse]` is an option of a processor",
        ],
    );
}

#[test]
fn a_word_that_is_none_lists_those_that_are() {
    body(
        "processor(a) -> pipe [when_full = drop_newset] -> processor(b);",
        &["2:35 `[when_full]` is `drop_newest`, `drop_oldest` or `block`"],
    );
    body(
        "processor(a) -> pipe [when_full = 3] -> processor(b);",
        &["2:35 `[when_full]` is `block`, `drop_newest` or `drop_oldest`"],
    );
    body(
        "processor(a) [restart = on_crsh(2)] -> pipe;",
        &["2:25 `[restart]` is `on_crash(3)`, `never` or `empty`"],
    );
    body("processor(a) [on_poison = skipped] -> pipe;", &["2:27 `[on_poison]` is `skip` or `stop`"]);
    body("processor(a) [fuse = 1 + 1] -> pipe;", &["2:22 `[fuse]` is `none` or `next`"]);
    body(
        "processor(a) -> pipe -> balanced fork(2) [policy = robin] { processor(b) } -> pipe -> join merge;",
        &["2:52 `[policy]` is `"],
    );
}

#[test]
fn a_count_where_one_belongs() {
    body(
        "processor(a) [restart = on_crash] -> pipe;",
        &["2:25 `on_crash` needs a count: `[restart = on_crash(3)]`"],
    );
    body("processor(a) [restart = never(3)] -> pipe;", &["2:25 `never` takes no count: `[restart = never]`"]);
    body(
        "processor(a) [restart = on_crash(0)] -> pipe;",
        &["2:34 CV015: the count of `on_crash` is at least 1"],
    );
    body("processor(a) [restart = on_crash(1, 2)] -> pipe;", &["2:25 `[restart]` is `"]);
}

#[test]
fn a_value_too_few_or_too_many() {
    body("processor(a) -> pipe [limit_bytes] -> processor(b);", &["2:23 `[limit_bytes]` needs a value"]);
    body(
        "processor(a) -> pipe [when_full] -> processor(b);",
        &["2:23 `[when_full]` needs a value: `[when_full = drop_oldest]`"],
    );
    body("processor(a) [deadline] -> pipe;", &["2:15 `[deadline]` needs a value"]);
    body("processor(a) [stateless = true] -> pipe;", &["2:27 `[stateless]` takes no value"]);
    body("processor(a) [deterministic = 1] -> pipe;", &["2:31 `[deterministic]` takes no value"]);
}

#[test]
fn no_number_is_0() {
    body("processor(a) -> pipe [batch = 0] -> processor(b);", &["2:31 CV015: `batch` is at least 1"]);
    body(
        "processor(a) -> pipe -> balanced fork(auto) [max = 0, window = 0] { processor(b) } -> pipe -> join ordered;",
        &["2:52 CV015: `max`", "2:64 CV015: `window`"],
    );
}

#[test]
fn an_option_given_twice_is_shown_twice() {
    body(
        "processor(a) -> pipe [limit_bytes = 1, limit_bytes = 2] -> processor(b);",
        &["2:23 `[limit_bytes]` is given twice", "2:40 `[limit_bytes]` is given again"],
    );
}

#[test]
fn contradictions_are_shown_at_both_options() {
    body(
        "processor(a) [restart = never, on_poison = skip] -> pipe;",
        &[
            "2:15 `[restart = never]` contradicts `[on_poison = skip]`",
            "2:32 `[on_poison = skip]` is given here (2/2)",
        ],
    );
    body(
        "processor(a) [restart = empty, stateless] -> pipe;",
        &[
            "2:32 `[stateless]` contradicts `[restart = empty]`",
            "2:15 `[restart = empty]` is given here (2/2)",
        ],
    );
    body("processor(a) [restart = on_crash(2), on_poison = skip, stateless] -> pipe;", &[]);
}

#[test]
fn a_pipe_that_only_hands_through_has_no_options() {
    body(
        "processor(a) -> pipe -> balanced fork(2) { processor(b) } -> pipe -> join merge -> pipe [when_full = drop_newest] \
         -> processor(c);",
        &[
            "2:90 `[when_full]` cannot be obeyed here: this pipe holds nothing itself, it hands on what comes through the join",
        ],
    );
    body(
        "processor(a) -> pipe -> replicated fork { processor(b), pipe [batch = 2] } -> pipe -> join zip;",
        &[
            "2:63 `[batch]` cannot be obeyed here: this pipe holds nothing itself, it hands on what comes through the replicated",
        ],
    );
    body(
        "processor(a) -> pipe -> balanced fork(2) { pipe [limit_bytes = 9] -> processor(b) } -> pipe -> join merge;",
        &["2:50 `[limit_bytes]` cannot be obeyed here"],
    );
    // here a relay writes it
    body(
        "processor(a) -> pipe -> balanced fork { processor(b), pipe [when_full = drop_newest] } -> pipe -> join merge;",
        &[],
    );
    body(
        "processor(a) -> pipe -> balanced fork(2) { processor(b) } -> pipe -> join merge -> pipe [when_full = drop_oldest] \
         -> replicated fork { processor(c), processor(d) } -> pipe -> join zip;",
        &[],
    );
}

#[test]
fn a_window_belongs_to_an_ordered_join() {
    body(
        "processor(a) -> pipe -> balanced fork(2) [window = 4] { processor(b) } -> pipe -> join merge;",
        &[
            "2:43 `[window]` bounds how far a balanced fork runs ahead of its `join ordered`, and this fork has none",
        ],
    );
}

#[test]
fn a_stage_is_fused_with_a_stage_right_behind() {
    body(
        "processor(a) [fuse = next] -> pipe(4) -> processor(b) [fuse = next] -> pipe -> filter(|x| c);",
        &[],
    );
    body(
        "processor(a) [fuse = next] -> pipe -> replicated fork { processor(b), processor(c) } -> pipe -> join zip;",
        &[
            "2:15 `[fuse = next]` needs a processor or a sink behind its pipe, to share a process with, and there is a replicated fork",
        ],
    );
    body("processor(a) -> pipe -> processor(b) [fuse = next];", &["2:39 `[fuse = next]` needs a processor"]);
    body(
        "pipeline inner = Inner();\nprocessor(a) [fuse = next] -> pipe -> inner;",
        &["3:15 `[fuse = next]` needs a processor"],
    );
}

#[test]
fn what_is_fused_drops_and_refuses_nothing() {
    body(
        "processor(a) [fuse = next] -> pipe(1) [when_full = drop_oldest] -> processor(b);",
        &["2:15 `[fuse = next]` contradicts `[when_full]`", "2:40 `[when_full]` is given here (2/2)"],
    );
    body(
        "processor(a) [fuse = next] -> pipe [limit_bytes = 9] -> processor(b);",
        &["2:15 `[fuse = next]` contradicts `[limit_bytes]`", "2:37 `[limit_bytes]` is given here (2/2)"],
    );
    body("processor(a) [fuse = next] -> pipe(1) [when_full = block] -> processor(b);", &[]);
}

/// The first columns of the table in `docs/LANGUAGE.md`: element, option and value.
#[test]
fn the_page_has_the_same_table() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/LANGUAGE.md"));
    let page = page.expect("the page is in the repository");
    let table = page.lines().skip_while(|line| !line.starts_with("| element | option | value |")).skip(2);
    let table = table.take_while(|line| line.starts_with('|'));
    let told: Vec<Vec<&str>> = table.map(|line| line.split('|').skip(1).map(str::trim).collect()).collect();
    assert_eq!(told.len(), ROWS.len());
    for (row, told) in ROWS.iter().zip(told) {
        let Row { place, name, value, .. } = row;
        let place = place.replace(" or ", ", ");
        let place: Vec<&str> = place.split(", ").map(|kind| kind.trim_start_matches("a ")).collect();
        assert_eq!(told[0], place.join(", "), "the place of `{name}`");
        let (option, values) = match value {
            Value::Expression => (format!("`{name} = "), vec!["`usize`".to_owned(), "`Duration`".to_owned()]),
            Value::None => (format!("`{name}`"), vec![String::new()]),
            Value::Optional => (format!("`{name}`, `{name} = "), vec!["`bool`".to_owned()]),
            Value::Word(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{}`", written(word))).collect();
                (format!("`{name} = word`"), vec![words.join(", ").replace("(3)", "(n)")])
            }
        };
        assert!(told[1].starts_with(&option), "`{name}` is written {option}, and not {}", told[1]);
        assert!(
            values.iter().any(|value| value == told[2]),
            "`{name}` takes {values:?}, and not {}",
            told[2]
        );
    }
}
