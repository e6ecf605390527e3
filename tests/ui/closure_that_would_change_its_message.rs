use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! {
        <Invoice -> u64>;
        processor(|invoice: &mut Invoice| {
            invoice.cents *= 2;
            invoice.cents
        });
    };
}
