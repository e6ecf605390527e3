use conveyor::{Message, pipeline};

struct Cents(u64);

#[derive(Message)]
struct Invoice {
    number: u64,
    cents: Cents,
}

fn main() {
    pipeline! { <Invoice -> Invoice>; filter(|invoice| *invoice.number > 100); };
}
