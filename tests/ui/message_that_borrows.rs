use conveyor::{Message, pipeline};

#[derive(Message)]
struct Page<'a> {
    text: &'a str,
}

fn main() {
    pipeline! { <u64 -> u64>; processor(|_| Page { text: "" }) -> pipe -> processor(|page: Page| page.text.len() as u64); };
}
