use conveyor::pipeline;

fn main() {
    let lengths = pipeline! { <String -> usize>; processor(|line: &str| line.len()); };
    let lines = vec!["a line".to_owned()];
    for length in lengths.run(&lines) {
        println!("{}", length.unwrap());
    }
}
