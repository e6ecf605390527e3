use conveyor::SharedArray;

fn main() {
    let mut table = SharedArray::<f64>::zeros(100).unwrap();
    let all = table.as_mut_slice().unwrap();
    let first = table[[0]];
    all.fill(first + 1.0);
}
