use crate::example::Example;
use std::fmt::Write as _;

pub(crate) fn check(context: &str) {
    assert_eq!(Example::new("array_workers", context).prints(), serial(1000, 10_000));
    // nothing, one element, whole parts, one more; one array has ended long before the other
    for (texts, integers) in [(0, 0), (1, 0), (0, 1), (600, 5000), (601, 2501), (10, 100_000), (5000, 10)] {
        let run = Example::new("array_workers", context).arg(texts.to_string()).arg(integers.to_string());
        assert_eq!(run.prints(), serial(texts, integers), "{texts} texts, {integers} integers");
    }
    assert!(Example::new("array_workers", context).arg("many").complains().contains("invalid digit"));
}

fn serial(texts: u64, integers: u64) -> String {
    let texts: Vec<String> = (0..texts).map(|number| format!("TEXT {number}")).collect();
    let squares: Vec<u64> = (0..integers).map(|number| number * number).collect();
    // "TEXT" has four letters
    let mut letters = texts.chunks(300).map(|part| 4 * part.len()).enumerate();
    let mut sums = squares.chunks(2500).map(|part| part.iter().sum::<u64>()).enumerate();
    let mut printed = String::new();
    loop {
        let (count, sum) = (letters.next(), sums.next());
        if let Some((part, count)) = count {
            writeln!(printed, "letters, part {part}: {count}").unwrap();
        }
        if let Some((part, sum)) = sum {
            writeln!(printed, "squares, part {part}: {sum}").unwrap();
        }
        if count.is_none() && sum.is_none() {
            break;
        }
    }
    writeln!(printed, "{:?}, {:?}", texts.last(), squares.last()).unwrap();
    printed
}
