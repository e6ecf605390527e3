use conveyor::{Map, SharedArray};

fn main() {
    let mut numbers = SharedArray::<u64>::zeros(10).unwrap();
    Map::over(&numbers).output(&mut numbers).run(|job| *job.out = job.item + 1).unwrap();
}
