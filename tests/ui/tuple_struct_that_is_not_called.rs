use conveyor::{Processor, Result, pipeline};

struct Scale(f64);

impl Processor for Scale {
    type In = f64;
    type Out = f64;
    fn process(&mut self, x: f64) -> Result<f64> {
        Ok(x * self.0)
    }
}

fn main() {
    pipeline! { <f64 -> f64>; processor scale = Scale; scale; };
}
