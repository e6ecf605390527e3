use conveyor::pipeline;

fn main() {
    pipeline! {
        <u64 -> String>;
        processor(|_| {
            let mut line = String::new();
            let _ = std::io::stdin().read_line(&mut line);
            line
        });
    };
}
