use conveyor::{Processor, Result, pipeline};

struct Raw {
    id: u64,
}

struct Clean;

impl Processor for Clean {
    type In = Raw;
    type Out = u64;
    fn process(&mut self, raw: Raw) -> Result<u64> {
        Ok(raw.id)
    }
}

fn main() {
    pipeline! { <Raw -> u64>; processor(Clean) -> pipe -> processor(|x| x + 1); };
}
