use conveyor::pipeline;

pipeline! { Double<u64 -> u64>; processor(|x| x * 2) }

fn main() {
    for double in Double.run([1, 2, 3]) {
        println!("{}", double.unwrap());
    }
}
