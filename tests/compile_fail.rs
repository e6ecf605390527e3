//! Every rule, broken once: one mistake a file, named after it, with the whole text that rustc shows for it.

#[test]
fn every_mistake_is_answered_at_its_token() {
    let files = std::fs::read_dir("tests/ui").expect("tests run in the package's directory");
    let mistakes =
        files.filter_map(Result::ok).filter(|file| file.path().extension().is_some_and(|is| is == "rs"));
    let named: Vec<String> = mistakes.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    for rule in 1..=23 {
        let rule = format!("cv{rule:03}_");
        assert!(
            named.iter().any(|name| name.starts_with(&rule)),
            "no mistake in tests/ui is named {rule}*.rs"
        );
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
