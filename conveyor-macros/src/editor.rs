//! Is it an editor that asks, or rustdoc?

use std::sync::LazyLock;

/// rust-analyzer finds the cursor in an expansion by its offset, so what stands before it must not change when
/// something is broken elsewhere. Plain rustc would report code that does not parse twice. The two are told apart by
/// the program that runs the macro.
pub(crate) fn runs_the_macro() -> bool {
    static IS_EDITOR: LazyLock<bool> = LazyLock::new(|| is_running("rust-analyzer"));
    *IS_EDITOR
}

/// Only documentation has pictures: nobody else waits for them. And it shows a pipeline's type where it is declared.
pub(crate) fn is_rustdoc() -> bool {
    static IS_RUSTDOC: LazyLock<bool> = LazyLock::new(|| is_running("rustdoc"));
    *IS_RUSTDOC
}

fn is_running(name: &str) -> bool {
    let program = std::env::current_exe().unwrap_or_default();
    program.file_name().is_some_and(|file| file.to_string_lossy().contains(name))
}
