use conveyor::pipeline;

struct Zero;

fn main() {
    pipeline! {
        <u64 -> u64>;
        try_map(|x| if x == 0 { Err(Zero) } else { Ok(100 / x) });
    };
}
