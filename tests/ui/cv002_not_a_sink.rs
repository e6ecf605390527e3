use conveyor::pipeline;

struct Store;

fn main() {
    pipeline! { <u64 -> ()>; sink store = Store; store };
}
