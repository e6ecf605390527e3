use conveyor::{Processor, Result, pipeline};

struct Name;

impl Processor for Name {
    type In = u64;
    type Out = &'static str;
    fn process(&mut self, _: u64) -> Result<&'static str> {
        Ok("name")
    }
}

fn main() {
    pipeline! { <u64 -> String>; processor(Name); };
}
