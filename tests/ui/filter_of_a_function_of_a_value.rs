use conveyor::pipeline;

fn is_long(text: String) -> bool {
    text.len() > 3
}

fn main() {
    pipeline! { <String -> String>; filter(is_long); };
}
