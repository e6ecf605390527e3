use conveyor::SharedArray;

fn main() {
    let mut table = SharedArray::<f64>::zeros([2, 100]).unwrap();
    let mut first = table.parts_mut().unwrap();
    let mut second = table.parts_mut().unwrap();
    std::thread::scope(|scope| {
        let (one, same) = (first.next().unwrap(), second.next().unwrap());
        scope.spawn(|| one.fill(1.0));
        scope.spawn(|| same.fill(2.0));
    });
}
