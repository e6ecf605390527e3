//! Every example runs as a user runs it, in every context, and must print what a plain serial computation gives.

mod camera;
mod connected_components;
mod example;
mod import;
mod roots;
mod sms_spam;
mod word_count;

macro_rules! every_example_in {
    ($($context:ident)*) => {$(
        mod $context {
            const CONTEXT: &str = stringify!($context);

            #[test]
            fn camera() {
                crate::camera::check(CONTEXT);
            }

            #[test]
            fn connected_components() {
                crate::connected_components::check(CONTEXT);
            }

            #[test]
            fn import() {
                crate::import::check(CONTEXT);
            }

            #[test]
            fn roots() {
                crate::roots::check(CONTEXT);
            }

            #[test]
            fn sms_spam() {
                crate::sms_spam::check(CONTEXT);
            }

            #[test]
            fn word_count() {
                crate::word_count::check(CONTEXT);
            }
        }
    )*};
}
every_example_in!(serial threads processes);
