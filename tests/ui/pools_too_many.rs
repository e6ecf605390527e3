use conveyor::pipeline;

pipeline! {
    Many<u64 -> u64>;
    pool a(1) of [u8; 16];
    pool b(1) of [u8; 16];
    pool c(1) of [u8; 16];
    pool d(1) of [u8; 16];
    pool e(1) of [u8; 16];
    processor(|x: u64| x + (a.len() + b.len() + c.len() + d.len() + e.len()) as u64);
}

fn main() {}
