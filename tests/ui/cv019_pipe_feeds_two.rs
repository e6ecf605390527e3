use conveyor::pipeline;

fn main() {
    pipeline! {
        pipe wide(64);
        source(0..3) -> wide;
        wide -> sink(show);
        wide -> sink(show);
    };
}

fn show(number: u64) {
    println!("{number}");
}
