use conveyor::{Message, pipeline};

#[derive(Message)]
#[message(packed)]
struct Invoice {
    number: u64,
}

fn main() {
    pipeline! { <Invoice -> Invoice>; filter(|invoice| *invoice.number > 100); };
}
