use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! { processor(|invoice: &Invoice| invoice.cents); };
}
