use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! {
        <Invoice -> u64>;
        processor({
            let mut sum = 0;
            move |invoice: &Invoice| {
                sum += invoice.cents;
                sum
            }
        });
    };
}
