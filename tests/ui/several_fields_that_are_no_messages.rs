use conveyor::{Message, pipeline};

struct Point {
    x: f64,
}

#[derive(Message)]
struct Line {
    from: Point,
    name: String,
}

#[derive(Message)]
enum Shape {
    Shared(std::rc::Rc<Line>),
    Borrowed { name: &'static str },
}

fn line(x: f64) -> Line {
    Line { from: Point { x }, name: String::new() }
}

fn main() {
    pipeline! {
        <f64 -> Shape>(_origin: Line = line(0.0));
        processor(line) -> pipe -> processor(|line| line.name) -> pipe
            -> processor(|name: String| Shape::Borrowed { name: name.leak() });
    };
}
