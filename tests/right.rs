//! Every rule, kept: the right counterparts of the mistakes in `tests/ui`. They compile, without a warning.

macro_rules! right {
    ($($name:ident)*) => {
        $(
            mod $name {
                include!(concat!("ui/right/", stringify!($name), ".rs"));

                pub(crate) fn declare() {
                    main();
                }
            }
        )*

        const NAMES: &[&str] = &[$(stringify!($name)),*];

        #[test]
        fn they_can_be_declared() {
            $($name::declare();)*
        }
    };
}

right! {
    cv001_elements
    cv002_processors
    cv003_a_processor_first
    cv004_pipe_between_processors
    cv005_pipe_before_a_fork
    cv006_pipe_before_a_join
    cv007_every_branch_ends
    cv008_join_named
    cv009_no_cycle
    cv010_everything_connected
    cv011_names_known
    cv012_names_differ
    cv013_ordered_over_a_balanced_fork
    cv013_zip_over_a_replicated_fork
    cv014_one_pipe
    cv015_room_for_one
    cv016_two_branches
    cv017_types_agree
    cv018_parameter
    cv019_join_before_a_processor
    cv020_closed_region
    cv021_one_to_one
    cv022_clone
    cv023_one_head_and_one_end
}

#[test]
fn every_rule_has_one() {
    let files = std::fs::read_dir("tests/ui/right").expect("tests run in the package's directory");
    let mut files: Vec<String> = files
        .filter_map(Result::ok)
        .map(|file| file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, NAMES, "the list above names each file");
    for rule in 1..=23 {
        assert!(files.iter().any(|name| name.starts_with(&format!("cv{rule:03}_"))), "CV{rule:03}");
    }
}
