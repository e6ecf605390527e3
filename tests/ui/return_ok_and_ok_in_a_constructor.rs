use conveyor::{Processor, Result, pipeline};

struct Add(u64);

impl Processor for Add {
    type In = u64;
    type Out = u64;
    fn process(&mut self, number: u64) -> Result<u64> {
        Ok(number + self.0)
    }
}

fn main() {
    pipeline! {
        <u64 -> u64>(by: u64 = 3);
        processor({
            if *by > 3 {
                return Ok(Add(3));
            }
            Ok(Add(*by))
        });
    };
}
