use conveyor::pipeline;

fn main() {
    pipeline! { <String -> usize>; processor(|text: &String| text.len()); };
}
