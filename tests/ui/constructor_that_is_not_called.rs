use conveyor::{Processor, Result, pipeline};

struct Count(u64);

impl Count {
    fn new() -> Count {
        Count(0)
    }
}

impl Processor for Count {
    type In = u64;
    type Out = u64;
    fn process(&mut self, _: u64) -> Result<u64> {
        self.0 += 1;
        Ok(self.0)
    }
}

fn main() {
    pipeline! { <u64 -> u64>; processor(Count::new); };
}
