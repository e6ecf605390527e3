//! Names and parts that lead nowhere.

use crate::draft::{Chain, Draft, Element, Is, Statement};
use crate::model::{Join, Policy, Role};
use fastrand::Rng;

pub(super) fn declared_and_unused(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let element = match rng.u32(..4) {
        0 => Element::stage(Role::Processor, "double"),
        1 => Element::pipe(),
        2 => Element::new(Is::Fork(Policy::Replicated, None)),
        _ => Element::new(Is::Join(Join::Merge, None)),
    };
    let mut name = crate::draft::Spot::from("forgotten");
    let mark = name.mark();
    let at = rng.usize(..=draft.statements.len());
    draft.statements.insert(at, Statement::Declaration { name, element: element.into() });
    draft.expect(mark, &["CV010", "forgotten"]);
    Some(())
}

pub(super) fn unused_processor(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let mut name = crate::draft::Spot::from("left_over");
    let mark = name.mark();
    let element = Element::stage(Role::Processor, "double").into();
    draft.statements.push(Statement::Declaration { name, element });
    draft.expect(mark, &["CV010", "left_over"]);
    Some(())
}

pub(super) fn part_of_its_own(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let mut source = Element::stage(Role::Source, "0..3u64");
    let mark = source.words[0].mark();
    draft.chain([source, Element::pipe(), Element::stage(Role::Sink, "|_| ()")]);
    draft.expect(mark, &["CV010"]);
    Some(())
}

pub(super) fn unused_pool(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mut name = crate::draft::Spot::from("frames");
    let mark = name.mark();
    let at = rng.usize(..=draft.statements.len());
    draft.statements.insert(at, Statement::Pool(name));
    draft.expect(mark, &["CV010", "frames"]);
    Some(())
}

pub(super) fn unknown(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let (mark, name) = draft.at_some(
        rng,
        |chain: &Chain, at| chain[at].is_use,
        |chain, at| {
            let word = &mut chain[at].words[0];
            word.text.insert(1, 'q');
            (word.mark(), word.text.clone())
        },
    )?;
    draft.expect(mark, &["CV011", &format!("`{name}`")]);
    Some(())
}

pub(super) fn declared_twice(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let declared: Vec<usize> = (0..draft.statements.len())
        .filter(|at| matches!(draft.statements[*at], Statement::Declaration { .. }))
        .collect();
    let at = *declared.get(rng.usize(..declared.len().max(1)))?;
    let again = draft.statements[at].clone();
    draft.statements.insert(at + 1, again);
    for (number, at) in [at, at + 1].into_iter().enumerate() {
        if let Statement::Declaration { name, .. } = &mut draft.statements[at] {
            name.mark = None;
            let mark = name.mark();
            draft.expect(mark, &["CV012", &format!("({}/2)", number + 1)]);
        }
    }
    Some(())
}

pub(super) fn parameter_and_element(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let count = draft.header.params.len();
    let param = draft.header.params.get_mut(rng.usize(..count.max(1)))?;
    let first = param.name.mark();
    let mut name = crate::draft::Spot::from(param.name.text.as_str());
    let again = name.mark();
    draft
        .statements
        .push(Statement::Declaration { name, element: Element::stage(Role::Processor, "double").into() });
    draft.expect(first, &["CV012", "(1/2)"]);
    draft.expect(again, &["CV012", "(2/2)"]);
    Some(())
}
