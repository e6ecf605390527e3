use conveyor::Map;

fn main() {
    let words = ["a", "bc"].map(String::from);
    let map = Map::over(&words).init(|_| Ok(Vec::new()));
    map.run(|job| job.state.push(job.item)).unwrap();
}
