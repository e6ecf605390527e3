use conveyor::pipeline;

struct Invoice {
    cents: u64,
}

fn main() {
    pipeline! {
        <u64 -> Invoice>;
        processor(|cents| Invoice { cents }) -> pipe -> filter(|invoice| *invoice.cents > 1);
    };
}
