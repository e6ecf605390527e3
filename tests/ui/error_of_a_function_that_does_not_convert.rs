use conveyor::pipeline;

fn root(x: f64) -> Result<f64, &'static str> {
    if x < 0.0 { Err("negative") } else { Ok(x.sqrt()) }
}

fn main() {
    pipeline! {
        <f64 -> f64>;
        try_map(root) -> pipe -> processor(f64::abs);
    };
}
