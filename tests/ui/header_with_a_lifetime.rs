use conveyor::pipeline;

fn double(x: u64) -> u64 {
    x * 2
}

pipeline! { Named<'a, T>(t: &'a T); processor(double); }

fn main() {}
