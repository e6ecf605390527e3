//! Completion goes on while the declaration around the cursor, and the text at the cursor, are half-typed.

use crate::marked::MARK;
use crate::session::{Editor, editor};

const STATEMENTS: &str = "
    processor clean = Clean::new(words);
    processor vote = Vote::majority();
    clean -> pipe(16) -> replicated fork {
        processor(judge),
        processor(|sms| Verdict { spam: sms.text.is_empty(), score: words.len() as f32 }),
    } -> pipe -> join zip -> vote;
";

/// What is being typed (in place of what), and what must be offered.
type Typed = (&'static str, &'static str, &'static [&'static str]);

const CONSTRUCTOR: Typed = ("Clean::new(words)", "Clean::$0", &["new", "with_defaults"]);
const PARAMETER: Typed = ("score: words.len()", "score: wo$0", &["words"]);
const FIELD: Typed = ("spam: sms.text.is_empty()", "spam: sms.$0", &["text", "sender", "clone"]);
const ELEMENT: Typed = ("join zip -> vote;", "join zip -> vo$0;", &["vote", "clean"]);
const FIRST: Typed = ("clean -> pipe(16)", "cl$0 -> pipe(16)", &["clean", "vote"]);

const EVERYWHERE: [Typed; 5] = [CONSTRUCTOR, PARAMETER, FIELD, ELEMENT, FIRST];

#[test]
fn in_a_complete_declaration() {
    let closure = "|sms| Verdict { spam: sms.text.is_empty(), score: words.len() as f32 }";
    let more: [Typed; 16] = [
        ("Clean::new(words)", "Clean::wi$0", &["with_defaults"]),
        ("Clean::new(words)", "Clean::new(wo$0)", &["words"]),
        ("Clean::new(words)", "Clean::new(wo$0", &["words"]),
        ("processor(judge)", "processor(ju$0)", &["judge"]),
        (closure, "|sms: Sms| sms.$0", &["text", "sender", "clone"]),
        (closure, "|sms| sms.$0", &["text", "sender", "clone"]),
        (closure, "{ let n = 3; move |sms| sms.$0 }", &["text", "sender", "clone"]),
        (closure, "|sms| { let length = sms.text.$0; judge(sms) }", &["len", "chars"]),
        ("score: words.len()", "score: words.$0", &["len", "iter"]),
        (closure, "|sms: Sms| Verdict { sp$0 }", &["spam"]),
        ("pipe(16)", "pipe(wo$0)", &["words"]),
        ("join zip -> vote;", "join zip -> $0;", &["vote", "clean"]),
        ("join zip -> vote;", "join zip -> vo$0", &["vote", "clean"]),
        ("join zip -> vote;", "join zip -> $0", &["vote", "clean"]),
        ("processor(judge),", "cl$0,", &["clean", "vote"]),
        ("<Sms -> Verdict>", "<Sms -> Ver$0>", &["Verdict"]),
    ];
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for typed in EVERYWHERE.into_iter().chain(more) {
        for source in forms(STATEMENTS) {
            offers(editor, &source, typed);
        }
    }
}

#[test]
fn while_something_else_is_half_typed() {
    let before =
        |text: &str| STATEMENTS.replacen("    processor vote", &format!("{text}    processor vote"), 1);
    let behind = |text: &str| format!("{STATEMENTS}{text}");
    let broken = [
        ("an unfinished declaration in front", before("    processor\n;\n")),
        ("a declaration without a value", before("    processor late = ;\n")),
        ("a declaration without its `;`", STATEMENTS.replace("Vote::majority();", "Vote::majority()")),
        ("an unclosed constructor", STATEMENTS.replace("Vote::majority();", "Vote::majority(;")),
        (
            "an unclosed constructor without its `;`",
            STATEMENTS.replace("Vote::majority();", "Vote::majority("),
        ),
        ("a half path", STATEMENTS.replace("Vote::majority()", "Vote::")),
        ("an arrow without an end", behind("    clean ->\n")),
        ("a chain that has only begun", before("    clean -> pipe ->;\n")),
        ("a missing arrow", behind("    clean pipe vote;\n")),
        ("a wrong arrow", behind("    clean => vote;\n")),
        ("a join without a kind", behind("    clean -> pipe -> join;\n")),
        ("a misspelt element", behind("    clean -> pipe -> procesor(judge);\n")),
        ("an unclosed closure at the end", behind("    clean -> pipe -> processor(|sms| sms.\n")),
        ("an unknown name", behind("    clean -> pipe -> claen -> pipe -> vote;\n")),
        ("a name declared twice", before("    processor clean = judge;\n")),
        ("a broken rule", behind("    clean -> pipe -> pipe -> vote;\n")),
        ("a cycle", behind("    vote -> pipe -> clean;\n")),
        ("types that disagree", STATEMENTS.replace("processor(judge)", "processor(|number: u64| number)")),
    ];
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for (what, statements) in broken {
        assert_ne!(statements, STATEMENTS, "{what}");
        for typed in EVERYWHERE {
            for source in forms(&statements) {
                offers(editor, &source, typed);
            }
        }
    }
}

fn forms(statements: &str) -> [String; 2] {
    let uses = "use crate::stages::*;\nuse conveyor::pipeline;\n";
    let header = "<Sms -> Verdict>(words: Vec<String>)";
    [
        format!(
            "{uses}pub fn declared(words: Vec<String>) {{ drop(pipeline! {{ {header};{statements}}}); }}\n"
        ),
        format!("{uses}pipeline! {{ pub Spam{header};{statements}}}\n"),
    ]
}

#[test]
fn of_pipelines_inside_and_of_pools() {
    let inside: [Typed; 4] = [
        ("Judged(words.clone())", "Judged(wo$0)", &["words"]),
        ("Judged(words.clone())", "Judged(words.$0)", &["clone", "len"]),
        ("Judged(words.clone())", "Ju$0", &["Judged"]),
        ("clean -> pipe -> inner", "clean -> pipe -> in$0", &["inner", "clean"]),
    ];
    let pools: [Typed; 2] =
        [("chunks.clone()", "chunks.$0", &["take", "clone"]), ("chunks.clone()", "chu$0", &["chunks"])];
    let statements = "
    pool chunks(2) of [u8; 16];
    processor clean = { let _ = chunks.clone(); |sms: Sms| sms };
    pipeline inner = Judged(words.clone());
    clean -> pipe -> inner;
";
    let judged = "conveyor::pipeline! { pub Judged<Sms -> Verdict>(_words: Vec<String>); processor(crate::stages::judge); }\n";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for typed in inside.into_iter().chain(pools) {
        for source in forms(statements) {
            offers(editor, &format!("{judged}{source}"), typed);
        }
    }
}

#[track_caller]
fn offers(editor: &mut Editor, source: &str, (replaced, typed, wanted): Typed) {
    assert!(typed.contains(MARK) && source.contains(replaced), "{replaced} in {source}");
    let source = source.replacen(replaced, typed, 1);
    let at = editor.open(&source)[0];
    let offered = editor.completions(at);
    for name in wanted {
        assert!(
            offered.iter().any(|offer| offer == name),
            "`{name}` is not offered: {offered:?}\nin {source}"
        );
    }
}
