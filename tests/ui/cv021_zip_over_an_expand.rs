use conveyor::{Expand, Outlet, Result, pipeline};

fn double(x: u64) -> u64 {
    x * 2
}

struct Countdown;

impl Expand for Countdown {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, from: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        (0..from).rev().try_for_each(|x| out.push(x))
    }
}

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        processor(double) -> pipe -> replicated fork { processor(double), processor(Countdown) } -> pipe -> join zip;
    };
}
