use conveyor::pipeline;

pipeline! { Affine<u64 -> u64>(by: u64); processor(|x| x * by) -> pipe -> processor(|x: String| x.len() as u64); }

fn main() {
    pipeline! {
        <u64 -> (u64, u64)>;
        pipeline affine = Affine(3);
        processor(|x| x) -> pipe -> replicated fork { affine, pipe } -> pipe -> join zip;
    };
}
