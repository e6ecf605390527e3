use conveyor::pipeline;

fn log_to(_file: &str) {}

fn main() {
    let _ = pipeline! {
        #![init = log_to]
        <u64 -> u64>;
        processor(|x| x + 1)
    };
}
