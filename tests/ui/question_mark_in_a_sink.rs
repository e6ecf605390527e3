use conveyor::pipeline;

fn main() {
    pipeline! { <String -> ()>; sink(|text: &str| std::fs::write("text", text)?); };
}
