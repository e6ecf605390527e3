use conveyor::pipeline;

fn main() {
    let room = 3;
    pipeline! { Adder<u64 -> u64>; processor(|x| x + 1) -> pipe(room) -> processor(|x| x + 1); }
    Adder::pipeline();
}
