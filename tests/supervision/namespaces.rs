//! Programs in namespaces of their own, where the system lets a test make them.

use super::untested::not_tested;
use std::process::{Command, Output};

/// Runs a command in the namespaces that these options of `unshare` make, after a command of the shell has set them up.
/// None where that is not allowed.
pub(super) fn in_namespaces(options: &[&str], setup: &str, command: &Command) -> Option<Output> {
    let run = |command: &Command| {
        let mut inside = Command::new("unshare");
        inside.args(options).args(["sh", "-c", &format!("{setup} && exec \"$0\" \"$@\"")]);
        pass_on(&mut inside, command);
        inside.output()
    };
    if run(&Command::new("true")).is_ok_and(|output| output.status.success()) {
        return Some(run(command).expect("it could be started before"));
    }
    let options = options.join(" ");
    not_tested(&format!("Namespaces were NOT tested: `unshare {options}` and `{setup}` are not allowed."));
    None
}

/// The last arguments of `outer` are the command `inner`, and it gets its variables.
pub(super) fn pass_on(outer: &mut Command, inner: &Command) {
    outer.arg(inner.get_program()).args(inner.get_args());
    outer.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
}
