use conveyor::pipeline;

pipeline! {
    Scale<u64 - > u64>(factor: u64);
    processor(|x| x * factor)
}

pipeline! {
    Twice<u64 -> u64>;
    pipeline scale = Scale(2);
    scale -> pipe -> processor(|x| x)
}

fn main() {
    let _: Vec<u64> = Scale::pipeline(3).run([1, 2]).flatten().collect();
    let _: Vec<u64> = Twice::pipeline().run([1, 2]).flatten().collect();
}
