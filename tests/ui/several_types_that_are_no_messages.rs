use conveyor::pipeline;

struct Offset(f64);

struct Pixel(u8);

pipeline! {
    Shift<f64 -> f64>(times: f64, first: Offset, second: Vec<Offset>);
    pool frames(4) of [u8; 16];
    pool pixels(4) of [Pixel; 16];
    processor({
        let _ = (frames, pixels);
        f64::abs
    }) -> pipe -> processor(|x: f64| x * times + first.0 + second[0].0);
}

fn main() {}
