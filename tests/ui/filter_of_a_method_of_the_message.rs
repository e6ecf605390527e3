use conveyor::pipeline;

fn main() {
    pipeline! { <String -> String>; filter(String::is_empty); };
}
