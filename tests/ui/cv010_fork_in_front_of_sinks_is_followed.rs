use conveyor::pipeline;

fn main() {
    pipeline! { source(0..3) -> pipe -> replicated fork { sink(show), sink(show) } -> pipe -> sink(show) };
}

fn show(number: u64) {
    println!("{number}");
}
