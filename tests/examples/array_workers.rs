use crate::example::Example;

pub(crate) fn check(context: &str) {
    is_as_serial(Example::new("array_workers", context), 1000, 10_000);
    // nothing, one element, whole parts, one more; one array has ended long before the other
    for (texts, integers) in [(0, 0), (1, 0), (0, 1), (600, 5000), (601, 2501), (10, 100_000), (5000, 10)] {
        let run = Example::new("array_workers", context).arg(texts.to_string()).arg(integers.to_string());
        is_as_serial(run, texts, integers);
    }
    assert!(Example::new("array_workers", context).arg("many").complains().contains("invalid digit"));
}

/// Parts are reported as they come, and what they come to behind them.
fn is_as_serial(run: Example, texts: u64, integers: u64) {
    let printed = run.prints();
    let mut lines: Vec<&str> = printed.lines().collect();
    let parts = lines.len() - 2;
    lines[..parts].sort_unstable();
    let (mut expected, sums) = serial(texts, integers);
    expected.sort_unstable();
    expected.extend(sums);
    assert_eq!(lines, expected, "{texts} texts, {integers} integers");
}

/// The lines of all parts, and the last two.
fn serial(texts: u64, integers: u64) -> (Vec<String>, [String; 2]) {
    let texts: Vec<String> = (0..texts).map(|number| format!("TEXT {number}")).collect();
    let squares: Vec<u64> = (0..integers).map(|number| number * number).collect();
    // "TEXT" has four letters
    let letters = texts.chunks(300).map(|part| 4 * part.len()).enumerate();
    let sums = squares.chunks(2500).map(|part| part.iter().sum::<u64>()).enumerate();
    let letters = letters.map(|(part, count)| format!("letters, part {part}: {count}"));
    let parts = letters.chain(sums.map(|(part, sum)| format!("squares, part {part}: {sum}"))).collect();
    let sum: u64 = squares.iter().sum();
    let letters = 4 * texts.len();
    let last = format!("{:?}, {:?}", texts.last(), squares.last());
    (parts, [format!("{letters} letters; a sum of {sum}, where {sum} was expected"), last])
}
