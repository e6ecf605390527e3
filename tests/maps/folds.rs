//! Accumulators.

use crate::{CONTEXTS, workers};
use conveyor::Map;

#[test]
fn sums_are_reduced_in_order() {
    for context in CONTEXTS {
        let workers = workers(context, 3);
        let text = Map::over(0..5000_u32).workers(&workers).fold(String::new(), |text, job| {
            text.push_str(&job.item.to_string());
            text.push(' ');
        });
        let text = text.reduce(|before, behind| before + &behind).expect("it runs").value;
        assert!(text.split_whitespace().enumerate().all(|(index, word)| word == index.to_string()));
        assert_eq!(text.split_whitespace().count(), 5000);
    }
}

#[test]
fn a_histogram_has_as_many_bins_as_the_caller_says() {
    for context in CONTEXTS {
        let bins = vec![0_u64; 10];
        let map = Map::over(0..100_000_u64).context(context);
        let counts = map.fold(bins, |bins, job| bins[(job.item % 10) as usize] += 1);
        let add = |a: Vec<u64>, b: Vec<u64>| a.iter().zip(b).map(|(a, b)| a + b).collect();
        assert_eq!(counts.reduce(add).expect("it runs").value, [10_000; 10]);
    }
}

#[test]
fn shares_of_a_fixed_length_give_the_same_sum_every_time() {
    let sum = |number, context| {
        let workers = workers(context, number);
        let map = Map::over(1..100_000_u32).share_len(1000).workers(&workers);
        let sum = map.fold(0.0_f32, |sum, job| *sum += 1.0 / job.item as f32).reduce(|a, b| a + b);
        sum.expect("it runs").value.to_bits()
    };
    let first = sum(1, CONTEXTS[0]);
    for context in CONTEXTS {
        assert_eq!([sum(1, context), sum(2, context), sum(3, context)], [first; 3]);
    }
}

#[test]
fn of_no_items_the_value_is_the_initial_one() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let sum = Map::over(0..0_u64).workers(&workers).fold(42, |sum, job| *sum += job.item);
        assert_eq!(sum.reduce(|a, b| a + b).expect("it runs").value, 42);
    }
}
