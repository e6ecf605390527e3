use conveyor::pipeline;

pipeline! { Numbers<() -> u64>; source(0..3_u64); }

pipeline! { Outer; pipeline numbers = Numbers; numbers; }

fn main() {
    Outer::pipeline();
}
