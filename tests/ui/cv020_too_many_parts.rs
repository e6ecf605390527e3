use conveyor::pipeline;

fn main() {
    let fork = pipeline! {
        source(0..3_u64) -> pipe -> replicated fork {
            pipe, pipe, pipe, pipe, pipe, pipe, pipe, pipe, pipe, pipe, pipe, pipe, pipe,
        } -> pipe -> join zip -> sink(drop)
    };
    let _ = fork;
}
