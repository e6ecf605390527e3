//! What rust-analyzer finds wrong by itself, without rustc.

use crate::session::editor;

/// One of everything: none of it is an error.
const CORRECT: &str = r#"
use crate::stages::*;
use conveyor::{Context, Error, Failure, Message, Pipeline, pipeline};

pub fn generic<T: Message + Clone + std::ops::Add<Output = T>>(by: T) -> Pipeline<T, T> {
    pipeline! { <T -> T>(by: T); processor(|x| x + by.clone()) -> pipe -> processor(|x: T| x) }
}

pub fn declared(files: Vec<String>, workers: usize) -> Result<(), Error> {
    let key = 3u64;
    let lines = pipeline! {
        #![allow(implicit_pipe)]
        (files: Vec<String>, workers: usize = workers, key: u64);
        pool frames(8) of [u8; 1024];
        source lines [stdin = false] = files.clone().into_iter();
        sink store = |n: u64| drop(n);
        sink bad = {
            let mut n = 0;
            move |_: String| n += 1
        };
        replicated fork parsed;
        lines -> pipe(*workers * 2) [limit_bytes = 1 << 20] -> balanced fork(*workers) {
            processor(|line: String| {
                let _ = frames.take();
                line.len() as u64 * key
            }) -> processor(u64::count_ones)
        } -> pipe -> join ordered -> pipe -> parsed;
        parsed -> filter_map(|n| n.checked_mul(2).map(u64::from)) -> pipe -> store;
        parsed -> filter(|n| n % 2 == 0) -> flat_map(|n| [n.to_string(), String::new()])
            -> try_map(|s: String| if s.is_empty() { Err(Failure::new("empty")) } else { Ok(s) }) -> pipe -> bad;
    };
    lines.context(Context::Serial).run_to_end([])?;
    let lengths = pipeline! { <String -> usize>; processor(|text: &str| text.len()) };
    let _: Vec<usize> = lengths.run(["a".to_string()]).collect::<Result<_, _>>()?;
    let auto = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> balanced fork(auto) [max = 6] { processor(|x| x) } -> pipe -> join merge
    };
    drop(auto.graph());
    Ok(())
}

pipeline! {
    /// Three of them.
    pub Numbers<() -> u64>(count: u64);
    source numbers = 0..*count;
    numbers -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join zip -> processor(|(x, y)| x + y);
}

pub fn items() {
    drop((Numbers::pipeline(3), Numbers::graph()));
    let _ = judge;
}
"#;

#[test]
fn correct_declarations_have_none() {
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    editor.open(CORRECT);
    assert_eq!(editor.errors(), []);
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for (statement, told) in [
        ("clean -> pipe -> claen;", "CV011: no element named `claen`"),
        ("clean -> pipe -> pipe;", "CV014"),
        ("clean -> pipe => processor(judge);", "elements are connected by `->`"),
        ("clean -> pipe -> processor(|sms| sms.);", "expected identifier"),
        ("clean -> pipe -> ;", "CV001"),
    ] {
        let source = format!(
            "use crate::stages::*;
pub fn declared() {{
    drop(conveyor::pipeline! {{
        <Sms -> _>;
        processor clean = Clean::with_defaults();
        {statement}
    }});
}}
"
        );
        editor.open(&source);
        let errors = editor.errors();
        let is_told = matches!(&errors[..], [(5, text)] if text.contains(told));
        assert!(is_told, "{statement}: {told} is wrong, and nothing else; said is {errors:?}");
    }
}
