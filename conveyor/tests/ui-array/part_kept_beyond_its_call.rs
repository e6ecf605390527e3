use conveyor::map::rows;
use conveyor::{Map, SharedArray};

fn main() {
    let mut table = SharedArray::<f64>::zeros([4, 100]).unwrap();
    let map = Map::over(0..4_u32).output(rows(&mut table)).init(|_| Ok(Vec::new()));
    map.run(|job| job.state.push(job.out)).unwrap();
}
