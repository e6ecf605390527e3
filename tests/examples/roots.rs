use crate::example::Example;

pub(crate) fn check(context: &str) {
    assert_eq!(
        sorted(Example::new("roots", context)),
        [1.3160740129524924, 2.0, 3.0, 27.0, 4096.0, 531441.0]
    );
    assert_eq!(sorted(Example::new("roots", context).arg("0").arg("1e4")), [0.0, 0.0, 10.0, 1e12]);

    let complaint = Example::new("roots", context).arg("16").arg("three").complains();
    assert!(complaint.contains("`parse` failed at message 1: invalid float literal"), "{complaint}");
}

/// The join takes the numbers as they come.
fn sorted(example: Example) -> Vec<f64> {
    let mut numbers: Vec<f64> = example.prints().lines().map(|line| line.parse().unwrap()).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}
