use conveyor::pipeline;

fn length(text: &String) -> usize {
    text.len()
}

fn main() {
    pipeline! { <String -> usize>; processor(length); };
}
