use conveyor::map::rows;
use conveyor::{Map, SharedArray};

fn main() {
    let mut table = SharedArray::<f64>::zeros([4, 100]).unwrap();
    let outputs = (rows(&mut table), rows(&mut table));
    Map::over(0..4).output(outputs).run(|job| job.out.0.fill(job.out.1[0])).unwrap();
}
