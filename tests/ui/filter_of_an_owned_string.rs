use conveyor::pipeline;

fn main() {
    pipeline! { <String -> String>; filter(|text: String| text.len() > 3); };
}
