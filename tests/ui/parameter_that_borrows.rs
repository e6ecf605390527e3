use conveyor::pipeline;

fn main() {
    pipeline! {
        <usize -> usize>(name: &str = "a");
        processor(|x| x + name.len());
    };
}
