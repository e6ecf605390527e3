#[derive(conveyor::Message)]
struct Shared {
    id: u64,
    count: std::rc::Rc<u64>,
}

fn main() {}
