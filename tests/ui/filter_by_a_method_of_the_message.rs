use conveyor::{Message, pipeline};

#[derive(Message)]
struct Invoice {
    cents: u64,
}

impl Invoice {
    fn is_large(&self) -> bool {
        self.cents > 100
    }
}

fn main() {
    pipeline! { <Invoice -> Invoice>; filter(|invoice| invoice.is_large()); };
}
