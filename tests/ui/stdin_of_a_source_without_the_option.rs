use conveyor::pipeline;

fn main() {
    pipeline! {
        source lines = std::io::stdin().lines().map_while(Result::ok);
        lines -> pipe -> sink(|line: String| println!("{line}"));
    };
}
