use conveyor::pipeline;

pipeline! { Row<u64 -> u64>; processor(|x| x); }

pipeline! { Outer; pipeline row = Row; row; }

fn main() {
    Outer::pipeline();
}
