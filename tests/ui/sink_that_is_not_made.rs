use conveyor::{Result, Sink, pipeline};

struct Store(u64);

impl Sink for Store {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        self.0 += x;
        Ok(())
    }
}

fn main() {
    pipeline! { <u64 -> ()>; sink(Store); };
}
