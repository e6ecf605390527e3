mod shapes {
    #[derive(conveyor::Message)]
    struct Point {
        x: f64,
    }

    conveyor::pipeline! {
        pub Points<f64 -> Point>;
        processor(|x| Point { x });
    }
}

fn main() {
    shapes::Points::graph();
}
