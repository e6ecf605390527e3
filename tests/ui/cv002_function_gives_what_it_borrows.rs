use conveyor::pipeline;

fn trim(text: &str) -> &str {
    text.trim()
}

fn main() {
    pipeline! { <String -> String>; processor(trim); };
}
