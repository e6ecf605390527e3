use conveyor::pipeline;

pipeline! { There<u64 -> u64>; pipeline back = Back; processor(|x| x) -> pipe -> back; }

pipeline! { Back<u64 -> u64>; pipeline there = There; processor(|x| x) -> pipe -> there; }

fn main() {
    There::pipeline();
}
