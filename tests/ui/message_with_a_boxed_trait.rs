use conveyor::Message;

#[derive(Message)]
struct Task {
    run: Box<dyn Fn()>,
}

fn main() {}
