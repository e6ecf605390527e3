use conveyor::{Message, pipeline};

struct Cents(u64);

#[derive(Message)]
struct Priced<T> {
    item: T,
    cents: Cents,
}

fn main() {
    pipeline! { <Priced<u64> -> Priced<u64>>; filter(|priced| *priced.item > 100); };
}
