use conveyor::pipeline;

fn main() {
    pipeline! {
        <Vec<u64> -> Vec<u64>>;
        filter(|rows: &mut Vec<u64>| rows.pop().is_some());
    };
}
