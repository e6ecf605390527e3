use conveyor::pipeline;


fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row = parts::Affine(2);
        row -> pipe -> processor(|x| x);
    };
}
