use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

fn cents(invoice: InvoiceView<'_>) -> u64 {
    *invoice.cents
}

fn main() {
    pipeline! {
        <u64 -> u64>;
        processor(|cents| Invoice { cents }) -> pipe -> processor(cents);
    };
}
