use conveyor::pipeline;

async fn ask(x: u64) -> u64 {
    x
}

fn main() {
    pipeline! { <u64 -> u64>; processor(|x| async move { ask(x).await }); };
}
