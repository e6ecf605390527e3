use conveyor::{Message, pipeline};

#[derive(Message)]
#[message(view = Glance)]
struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! { <Invoice -> u64>; processor(|invoice: Glance| *invoice.cents); };
}
