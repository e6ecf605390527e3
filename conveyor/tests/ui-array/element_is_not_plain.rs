use conveyor::SharedArray;

fn main() {
    let _names = SharedArray::<String>::zeros(100);
}
