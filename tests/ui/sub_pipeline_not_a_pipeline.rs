use conveyor::pipeline;

struct Affine(u64);

fn main() {
    pipeline! {
        <u64 -> u64>;
        pipeline row = Affine(2);
        row -> pipe -> processor(|x| x);
    };
}
