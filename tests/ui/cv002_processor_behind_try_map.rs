use conveyor::{Processor, Result, pipeline};

struct Scale(u64);

impl Processor for Scale {
    type In = u64;
    type Out = u64;
    fn process(&mut self, number: u64) -> Result<u64> {
        Ok(number * self.0)
    }
}

fn main() {
    pipeline! { <u64 -> u64>; try_map(Scale(3)) };
}
