//! What is written on an element.

use super::{Kind, Part};

/// On one line: the kind of a fork or a join, the name, a capacity or a count or a type, and how many there are.
pub(crate) fn text(parts: &[Part], part: &Part) -> String {
    let kind = match part.kind {
        Kind::Replicate => "replicated ",
        Kind::Balance => "balanced ",
        Kind::Merge => "merge ",
        Kind::Zip => "zip ",
        Kind::Ordered => "ordered ",
        _ => "",
    };
    let detail = if part.detail.is_empty() { String::new() } else { format!(" ({})", part.detail) };
    let lanes = lanes(parts, part).map(|lanes| format!(" {lanes}")).unwrap_or_default();
    format!("{kind}{}{detail}{lanes}", part.name)
}

/// `× 4`: as many workers as the forks around it have; a pipe or a join is only one, and is read by all.
pub(super) fn lanes(parts: &[Part], part: &Part) -> Option<String> {
    let count = |fork: &usize| match parts[*fork].detail.as_str() {
        // of a map, which nobody has written
        "" => "n",
        count => count,
    };
    let counts: Vec<&str> = part.within.iter().map(count).collect();
    let is_stage =
        matches!(part.kind, Kind::Source | Kind::Processor | Kind::Sink | Kind::Relay | Kind::Pipeline);
    (is_stage && !counts.is_empty()).then(|| format!("× {}", counts.join(" × ")))
}
