use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> String>(name: String = "a".into()); processor(|_| name); };
}
