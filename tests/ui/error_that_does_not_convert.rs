use conveyor::{Processor, pipeline};

struct Missing;

struct Model;

impl Model {
    fn load() -> Result<Model, Missing> {
        Err(Missing)
    }
}

impl Processor for Model {
    type In = f64;
    type Out = f64;
    fn process(&mut self, x: f64) -> conveyor::Result<f64> {
        Ok(x)
    }
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(Model::load()?);
    };
}
