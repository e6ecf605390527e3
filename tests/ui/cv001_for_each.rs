use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> ()>; for_each(|x| println!("{x}")); };
}
