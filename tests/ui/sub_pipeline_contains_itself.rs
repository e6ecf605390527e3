use conveyor::pipeline;

pipeline! { Again<u64 -> u64>; pipeline again = Again; processor(|x| x) -> pipe -> again; }

fn main() {
    Again::pipeline();
}
