use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! { <Invoice -> Invoice>; filter(|invoice: &Invoice| invoice.cents > 100); };
}
