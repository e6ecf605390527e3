use conveyor::pipeline;

fn main() {
    let lengths = pipeline! { <String -> usize>; processor(|line: &str| line.len()); };
    for length in lengths.run(["a line"]) {
        println!("{}", length.unwrap());
    }
}
