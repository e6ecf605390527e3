use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! { <Invoice -> u64>; processor(|invoice: InvoiceView| *invoice.cents); };
}
