use conveyor::SharedArray;

struct Name(String);

fn main() {
    let _names = SharedArray::<Name>::zeros(100);
}
