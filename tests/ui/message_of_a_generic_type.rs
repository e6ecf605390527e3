use conveyor::{Message, pipeline};
use std::rc::Rc;

#[derive(Message)]
struct Tagged<T> {
    tag: u32,
    value: T,
}

fn tag(x: f64) -> Tagged<Rc<f64>> {
    Tagged { tag: 1, value: Rc::new(x) }
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(tag) -> pipe -> processor(|tagged: Tagged<Rc<f64>>| *tagged.value);
    };
}
