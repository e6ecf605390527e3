//! What cannot be parsed.

use crate::draft::{Chain, Draft, Element, Is, Spot, Statement};
use crate::model::{Policy, Role};
use fastrand::Rng;

pub(super) fn misspelt_keyword(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| !chain[at].is_use && !chain[at].is_pipe();
    let mark = draft.at_some(rng, can, |chain, at| {
        let element = &mut chain[at];
        let words: Vec<Spot> = match &element.is {
            Is::Stage { role, .. } => vec![misspelt(role.keyword()).into()],
            Is::Fork(Policy::Replicated, _) => vec!["replicate".into(), "fork".into()],
            Is::Fork(..) => vec!["balancd".into(), "fork".into()],
            Is::Join(kind, _) => vec!["joint".into(), kind.keyword().into()],
            Is::Pipe | Is::Part => return None,
        };
        element.words = words;
        Some(element.words[0].mark())
    })??;
    draft.expect(mark, &["CV001"]);
    Some(())
}

/// Without its second letter.
fn misspelt(word: &str) -> String {
    word.chars().take(1).chain(word.chars().skip(2)).collect()
}

pub(super) fn wrong_arrow(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let wrong = ["=>", "-", "-->"][rng.usize(..3)];
    let mark = draft.at_some(
        rng,
        |_, at| at > 0,
        |chain, at| {
            chain[at].arrow.text = wrong.to_owned();
            chain[at].arrow.mark()
        },
    )?;
    draft.expect(mark, &["elements are connected by `->`"]);
    Some(())
}

pub(super) fn join_without_a_kind(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| matches!(chain[at].is, Is::Join(..)) && !chain[at].is_use;
    let mark = draft.at_some(rng, can, |chain, at| {
        chain[at].words.truncate(1);
        chain[at].words[0].mark()
    })?;
    draft.expect(mark, &["a join has a kind"]);
    Some(())
}

pub(super) fn reserved_name(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mut name = Spot::from(["fork", "pipe", "join", "auto"][rng.usize(..4)]);
    let mark = name.mark();
    let element = Element::stage(Role::Processor, "double");
    draft.statements.push(Statement::Declaration { name, element: element.into() });
    draft.expect(mark, &["is a word of `pipeline!`"]);
    Some(())
}

pub(super) fn second_header(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let mut header = Spot::from("<u64 -> u64>");
    let mark = header.mark();
    draft.statements.push(Statement::Raw(vec![header]));
    draft.expect(mark, &["a header is one statement, and the first"]);
    Some(())
}

pub(super) fn attribute_in_front(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let mut attribute = Spot::from("#[cfg(unix)] processor forgotten = double");
    let mark = attribute.mark();
    draft.statements.push(Statement::Raw(vec![attribute]));
    draft.expect(mark, &["only doc comments may stand here"]);
    Some(())
}

pub(super) fn missing_semicolon(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let mut end = Spot::from("");
    let mark = end.mark();
    let [first, second] =
        ["processor forgotten = double", "\n        processor lost = double"].map(Spot::from);
    draft.statements.push(Statement::Raw(vec![first, end, second]));
    draft.expect(mark, &["expected `;`"]);
    Some(())
}
