use crate::example::Example;

pub(crate) fn check(context: &str) {
    assert_eq!(Example::new("triple", context).prints(), "[0, 3, 6, 9, 12]\n14850\n297\n");
    assert_eq!(
        Example::new("triple", context).arg("100000").prints(),
        "[0, 3, 6, 9, 12]\n14999850000\n299997\n"
    );
    assert_eq!(Example::new("triple", context).arg("0").prints(), format!("[]\n0\n{}\n", i64::MIN));
    assert!(Example::new("triple", context).arg("many").complains().contains("invalid digit"));
}
