//! Fourth roots and cubes: a replicated fork, and a join that takes the results as they come.
//!
//! ```text
//! cargo run --release --example roots            # for 16, 3 and 81
//! cargo run --release --example roots -- 2 10
//! ```

use conveyor::pipeline;

fn main() -> conveyor::Result<()> {
    let mut numbers: Vec<String> = std::env::args().skip(1).collect();
    if numbers.is_empty() {
        numbers = ["16", "3", "81"].map(String::from).to_vec();
    }

    let roots = pipeline! {
        <String -> f64>;
        try_map parse = |text: &str| text.parse::<f64>();
        processor cube = |x: f64| x * x * x;

        parse -> pipe -> replicated fork {
            processor(f64::sqrt) -> pipe -> processor(f64::sqrt),
            cube,
        } -> pipe -> join merge;
    };

    for result in roots.run(numbers) {
        println!("{}", result?);
    }
    Ok(())
}
