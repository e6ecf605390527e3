use conveyor::pipeline;

pipeline! { Shown<u64 -> String>; processor(|x| x.to_string()); }

fn main() {
    pipeline! {
        <u64 -> String>;
        pipeline shown = Shown;
        processor(|x| x) -> pipe -> replicated fork { processor(|x| x), shown };
    };
}
