use conveyor::pipeline;

fn main() {
    pipeline! { source(|| Some(3)) -> pipe -> sink(|x: u64| println!("{x}")); };
}
