use conveyor::pipeline;

fn main() {
    pipeline! { <String -> String>; processor(|text: &str| text.trim()); };
}
