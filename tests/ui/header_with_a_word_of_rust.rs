use conveyor::pipeline;

pipeline! { struct Double<u64 -> u64>; processor(|x| x * 2) }

fn main() {
    let _: Vec<u64> = Double::pipeline().run([1]).map(|x| x.unwrap() + 1).collect();
}
