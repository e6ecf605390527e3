use conveyor::pipeline;

pipeline! { Store<u64 -> ()>; sink(|_| ()); }

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline store = Store;
        processor(|x| x) -> pipe -> store -> pipe -> processor(|x: u64| x);
    };
}
