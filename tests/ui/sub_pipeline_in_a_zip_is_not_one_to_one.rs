use conveyor::pipeline;

pipeline! { Odd<u64 -> u64>; filter(|x| x % 2 == 1); }

pipeline! { Outer<u64 -> u64>; pipeline odd = Odd; processor(|x| x) -> pipe -> odd; }

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        pipeline outer = Outer;
        processor(|x| x) -> pipe -> replicated fork { outer, pipe } -> pipe -> join zip;
    };
}
