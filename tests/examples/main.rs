//! Every example runs as a user runs it, in every context, and must print what a plain serial computation gives.

mod example;
mod pictures;

macro_rules! examples {
    ($($name:ident)*) => {
        $(mod $name;)*

        const CHECKED: &[&str] = &[$(stringify!($name)),*];

        examples!(serial: $($name)*);
        examples!(threads: $($name)*);
        examples!(processes: $($name)*);
    };
    ($context:ident: $($name:ident)*) => {
        mod $context {
            $(
                #[test]
                fn $name() {
                    crate::$name::check(stringify!($context));
                }
            )*
        }
    };
}
examples!(acquisition array_workers batches camera connected_components import roots sms_spam triple word_count);

#[test]
fn none_is_forgotten() {
    let entries = std::fs::read_dir("examples").expect("tests run in the package's directory");
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir() || entry.path().extension().is_some_and(|is| is == "rs"))
        .map(|entry| entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, CHECKED, "every example has a file here, and stands in the list above");
}
