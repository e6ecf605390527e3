use conveyor::pipeline;

struct Raw {
    x: f64,
}

struct Cooked {
    x: f64,
}

fn prepare(x: f64) -> Raw {
    Raw { x }
}

fn cook(raw: Raw) -> Cooked {
    Cooked { x: raw.x }
}

fn serve(cooked: Cooked) -> f64 {
    cooked.x
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        processor(prepare) -> pipe -> processor(cook) -> pipe -> processor(serve);
    };
}
