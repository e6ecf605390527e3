#[derive(conveyor::Message)]
struct Pair<T> {
    left: T,
    right: Vec<T>,
}

fn sendable<T: conveyor::Message>() {}

fn main() {
    sendable::<Pair<std::rc::Rc<u64>>>();
}
