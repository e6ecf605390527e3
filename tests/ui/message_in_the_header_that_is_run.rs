use conveyor::pipeline;

struct Invoice {
    cents: u64,
}

fn main() {
    let invoices = pipeline! { <Invoice -> u64>; processor(|invoice: Invoice| invoice.cents); };
    for cents in invoices.run([Invoice { cents: 3 }]) {
        println!("{}", cents.unwrap());
    }
}
