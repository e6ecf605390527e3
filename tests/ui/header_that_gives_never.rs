use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> !>; sink(|number| println!("{number}")) };
}
