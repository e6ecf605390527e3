use conveyor::{Map, SharedArray};

fn main() {
    let roots = SharedArray::<f64>::zeros(10).unwrap();
    Map::over(0..10_u32).output(roots).run(|job| *job.out = f64::from(job.item).sqrt()).unwrap();
}
