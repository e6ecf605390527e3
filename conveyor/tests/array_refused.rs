//! What a program with shared arrays must not say, and what rustc says to it.

#[test]
fn overlapping_parts_and_elements_that_refer_elsewhere_do_not_compile() {
    let files = std::fs::read_dir("tests/ui-array").expect("the directory is there");
    assert!(files.flatten().any(|file| file.path().extension().is_some_and(|is| is == "rs")));
    trybuild::TestCases::new().compile_fail("tests/ui-array/*.rs");
}
