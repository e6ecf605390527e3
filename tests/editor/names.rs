//! Names can be pointed at, followed and changed.

use crate::marked::Place;
use crate::session::{Editor, editor};

/// Both forms of one declaration: as an expression in a function, and as an item.
fn forms(header: &str, statements: &str) -> [String; 2] {
    let uses = "use crate::stages::*;\nuse conveyor::pipeline;\n\n";
    let expression = format!(
        "{uses}pub fn declared(list: Vec<String>) {{\n    let made = pipeline! {{\n        {header};\n{statements}\n    }};\n    drop(made);\n}}\n"
    );
    let item =
        format!("{uses}pipeline! {{\n    pub Spam{};\n{statements}\n}}\n", header.replace(" = list", ""));
    [expression, item]
}

const HEADER: &str = "<Sms -> Verdict>(words: Vec<String> = list)";

/// The names of elements, each marked wherever it stands.
#[test]
fn elements() {
    let text = "
        processor |clean| = Clean::new(words);
        replicated fork |split|;
        join zip |both|;
        pipe |wide|(4096);
        processor |vote| = Vote::majority();
        |clean| -> |wide| -> |split|;
        |split| -> processor(judge) -> pipe -> |both|;
        |split| -> processor(|sms| Verdict { spam: sms.sender == 0, score: 1.0 }) -> pipe -> |both|;
        |both| -> |vote|";
    let shown = [
        ("clean", "Node<Sms, Sms>"),
        ("wide", "Node<Sms, Sms>"),
        ("split", "Node<Sms, Sms>"),
        ("both", "Node<(Verdict, Verdict), (Verdict, Verdict)>"),
        ("vote", "Node<(Verdict, Verdict), Verdict>"),
    ];
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for (name, types) in shown {
        let marked = text.replace(&format!("|{name}|"), &format!("$0{name}"));
        let marked = shown.iter().fold(marked, |text, (name, _)| text.replace(&format!("|{name}|"), name));
        for source in forms(HEADER, &marked) {
            stands_for_one_thing(editor, &source, name, &format!("let {name}: {types}"));
        }
    }
}

#[test]
fn parameters() {
    let text = "
        processor clean = Clean::new($0words);
        clean -> pipe($0words.len()) -> processor(|sms| Verdict { spam: $0words.contains(&sms.text), score: 1.0 })";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for source in forms(&HEADER.replace("words", "$0words"), text) {
        stands_for_one_thing(editor, &source, "words", "words: &Vec<String>");
    }
}

/// At the header its name means both the local around the macro and the variable inside of code.
#[test]
fn a_parameter_that_is_a_local() {
    let source = "use crate::stages::*;
pub fn declared($0words: Vec<String>) {
    drop(conveyor::pipeline! {
        <Sms -> Verdict>($0words: Vec<String>);
        processor(Clean::new($0words)) -> pipe -> processor(judge)
    });
}
";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    let [local, declared, used] = editor.open(source)[..] else { panic!("{source}") };
    assert_eq!(editor.references(declared), [local, declared, used]);
    assert_eq!(editor.renamed(declared, "fresh"), renamed(source, "words"));
}

/// A pipeline that is used inside, by the name it has there and by the path of its declaration.
#[test]
fn a_pipeline_inside() {
    let declared = "conveyor::pipeline! { pub Judged<Sms -> Verdict>(_words: Vec<String>); processor(crate::stages::judge); }\n";
    let text = "
        processor clean = Clean::new(words);
        pipeline inner = Judged(words.clone());
        clean -> pipe -> inner";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for (name, shown) in [("inner", "let inner: Node<Sms, Verdict>"), ("Judged", "pub struct Judged")] {
        let marked = |text: &str| text.replace(name, &format!("$0{name}"));
        for source in forms(HEADER, &marked(text)) {
            stands_for_one_thing(editor, &format!("{}{source}", marked(declared)), name, shown);
        }
    }
}

#[test]
fn pools() {
    let text = "
        pool $0chunks(2) of [u8; 16];
        processor({
            let pool = $0chunks.clone();
            move |sms: Sms| Verdict { spam: pool.elements() > 3, score: 0.5 }
        }) -> pipe -> processor({
            let most = $0chunks.chunks();
            move |verdict: Verdict| if most > 3 { verdict.clone() } else { verdict }
        })";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for source in forms(HEADER, text) {
        stands_for_one_thing(editor, &source, "chunks", "chunks: &Pool<u8>");
    }
}

/// What user code sees besides: arguments, functions, constructors, fields.
#[test]
fn user_code() {
    let text = "
        processor clean = Clean::$0new(words);
        clean -> pipe -> processor(|$0sms| Sms { text: $0sms.$0text, sender: 3 }) -> pipe -> processor($0judge)";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for source in forms(HEADER, text) {
        let [new, declared, used, field, function] = editor.open(&source)[..] else { panic!("{source}") };
        let of_stages = |editor: &mut Editor, at, line: &str| {
            assert_eq!(editor.definitions(at), [Err(line.to_owned())], "{source}");
        };
        of_stages(editor, new, "pub fn new(words: &[String]) -> Clean {");
        of_stages(editor, field, "pub text: String,");
        of_stages(editor, function, "pub fn judge(sms: Sms) -> Verdict {");
        assert_eq!(editor.definitions(used), [Ok(declared)], "{source}");
        assert_eq!(editor.references(declared), [declared, used], "{source}");
        for (at, shown) in [
            (new, "pub fn new(words: &[String]) -> Clean"),
            (declared, "sms: Sms"),
            (used, "sms: Sms"),
            (field, "text: String"),
            (function, "pub fn judge(sms: Sms) -> Verdict"),
        ] {
            shows(editor, at, shown);
        }
    }
}

#[test]
fn words_of_the_language_show_nothing_of_the_expansion() {
    let text = "
        $0processor clean = Clean::new(words);
        clean -> $0pipe(3) -> $0replicated $0fork { processor(judge), processor(judge) } -> pipe -> $0join $0zip -> $0processor(Vote)";
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    for source in forms(HEADER, text) {
        for place in editor.open(&source) {
            assert_eq!(editor.hover(place), "", "at {place:?} of {source}");
        }
    }
}

#[test]
fn an_item_shows_its_doc() {
    let mut editor = editor();
    let editor = editor.as_mut().expect("it has been started");
    let source = "use crate::stages::*;
conveyor::pipeline! {
    /// Judges.
    pub $0Spam<$0Sms -> Verdict>;
    processor(judge);
}
pub fn declared() {
    let $0made = $0Spam::$0pipeline();
    drop(made);
}
";
    let [declared, message, made, used, pipeline] = editor.open(source)[..] else { panic!("{source}") };
    assert_eq!(editor.definitions(used), [Ok(declared)]);
    assert_eq!(editor.references(declared), [declared, used]);
    assert_eq!(editor.renamed(used, "fresh"), renamed(source, "Spam"));
    for at in [declared, used] {
        shows(editor, at, "Judges.");
        assert!(!editor.hover(at).contains("flowchart"), "the source of a picture is none");
    }
    shows(editor, message, "A short message.");
    shows(editor, made, "Pipeline<Sms, Verdict>");
    shows(editor, pipeline, "pub fn pipeline() -> conveyor::Pipeline<Sms, Verdict>");
}

/// The first mark is at the declaration, the others are at the uses.
#[track_caller]
fn stands_for_one_thing(editor: &mut Editor, source: &str, name: &str, shown: &str) {
    let places = editor.open(source);
    assert!(places.len() > 1, "{name} is used in {source}");
    for place in &places {
        shows(editor, *place, shown);
        assert_eq!(editor.references(*place), places, "references to `{name}` from {place:?} in {source}");
        assert_eq!(editor.renamed(*place, "fresh"), renamed(source, name), "from {place:?}");
    }
    for used in &places[1..] {
        assert_eq!(editor.definitions(*used), [Ok(places[0])], "`{name}` from {used:?} in {source}");
    }
}

/// What is shown has this in it, and nothing of what the macro writes around user code.
#[track_caller]
fn shows(editor: &mut Editor, at: Place, text: &str) {
    let hover = editor.hover(at);
    assert!(hover.contains(text), "{text} is not shown at {at:?}, but {hover}");
    for ours in ["__conveyor", "Wiring", "Scope", "private"] {
        assert!(!hover.contains(ours), "{ours} is shown at {at:?}: {hover}");
    }
}

/// Everything that is marked and called so has a new name.
fn renamed(source: &str, name: &str) -> String {
    source.replace(&format!("$0{name}"), "fresh").replace("$0", "")
}
