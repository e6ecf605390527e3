//! What only types can tell.

use crate::draft::{Chain, Draft, Element, Is, Spot, Statement};
use crate::model::{Join, Policy, Role};
use crate::value::Ty;
use fastrand::Rng;

pub(super) fn no_processor(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mark = with_other_code(draft, rng, |role, _, _, _| match role {
        Role::Processor | Role::Sink => Some(("Wrench".to_owned(), None)),
        Role::Source => Some(("3u64".to_owned(), None)),
        _ => None,
    })?;
    draft.expect(mark, &["E0277", "CV002"]);
    Some(())
}

/// A stage that takes something else.
pub(super) fn arrow_between_types(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can =
        |chain: &Chain, at: usize| at > 0 && !chain[at].is_use && chain[at].role() == Some(Role::Processor);
    let mark = draft.at_some(rng, can, |chain, at| {
        let element = &mut chain[at];
        if let Is::Stage { gives, .. } = &element.is {
            element.code = Some(format!("|_: bool| nothing::<{}>()", gives.written()).into());
        }
        element.arrow.mark()
    })?;
    draft.expect(mark, &["E0277", "CV017", "`bool`"]);
    Some(())
}

pub(super) fn header_disagrees(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let (_, gives) = draft.header.types.as_mut()?;
    gives.text = "bool".to_owned();
    let mark = gives.mark();
    draft.expect(mark, &["E0277", "CV017", "`bool`"]);
    Some(())
}

pub(super) fn captures(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    if draft.header.name.is_some() {
        return None;
    }
    let mark = with_other_code(draft, rng, |role, takes, gives, _| {
        let code =
            format!("|_: {}| {{ let _ = around + 1; nothing::<{}>() }}", takes.written(), gives.written());
        (role == Role::Processor).then_some((code, None))
    })?;
    draft.expect(mark, &["E0308"]);
    Some(())
}

pub(super) fn filter_in_a_zip(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mark = with_other_code(draft, rng, |role, takes, gives, is_in_zip| {
        let code = format!("|_: {}| Some(nothing::<{}>())", takes.written(), gives.written());
        (is_in_zip && role == Role::Processor).then_some((code, Some(Role::FilterMap)))
    })?;
    draft.expect(mark, &["E0277", "CV021"]);
    Some(())
}

/// Something that cannot be cloned, through a replicated fork, and back.
pub(super) fn fork_of_what_is_not_clone(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mark = behind_a_stage(draft, rng, |ty| {
        let mut fork = Element::new(Is::Fork(Policy::Replicated, None));
        let mark = fork.words[0].mark();
        fork.branches = vec![vec![processor(&format!("|_: Sealed| nothing::<{ty}>()"))]; 2];
        let back = processor(&format!("|_: ({ty}, {ty})| nothing::<{ty}>()"));
        let join = Element::new(Is::Join(Join::Zip, None));
        let seal = processor(&format!("|_: {ty}| Sealed(3)"));
        (mark, vec![seal, Element::pipe(), fork, Element::pipe(), join, back])
    })?;
    draft.expect(mark, &["E0277", "Sealed", "Clone"]);
    Some(())
}

/// Something that cannot travel, and back.
pub(super) fn no_message(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mark = behind_a_stage(draft, rng, |ty| {
        let mut tied = processor("");
        let mark = tied.code.insert(format!("|_: {ty}| std::rc::Rc::new(3_u8)").into()).mark();
        let back = processor(&format!("|_: std::rc::Rc<u8>| nothing::<{ty}>()"));
        (mark, vec![tied, Element::pipe(), back])
    })?;
    draft.expect(mark, &["E0277", "`Rc<u8>` cannot travel"]);
    Some(())
}

fn processor(code: &str) -> Element {
    Element::stage(Role::Processor, code)
}

/// A pipe and other elements behind a stage, made from the type that it gives; with the mark of what is wrong with them.
fn behind_a_stage(
    draft: &mut Draft,
    rng: &mut Rng,
    make: impl FnOnce(&str) -> (usize, Vec<Element>),
) -> Option<usize> {
    // at a name the chain may go on in another statement
    let can = |chain: &Chain, at: usize| {
        !chain[at].is_use && chain[at].role().is_some_and(|role| role != Role::Sink)
    };
    draft.at_some(rng, can, |chain, at| {
        let Is::Stage { gives, .. } = &chain[at].is else { return None };
        let (mark, elements) = make(&gives.written());
        chain.splice(at + 1..at + 1, [Element::pipe()].into_iter().chain(elements));
        Some(mark)
    })?
}

/// Other code for a stage, wherever it is written, and perhaps another role.
fn with_other_code(
    draft: &mut Draft,
    rng: &mut Rng,
    other: impl Fn(Role, &Ty, &Ty, bool) -> Option<(String, Option<Role>)>,
) -> Option<usize> {
    let wanted = |element: &Element| match &element.is {
        Is::Stage { role, takes, gives, is_in_zip } if !element.is_use => {
            other(*role, takes, gives, *is_in_zip)
        }
        _ => None,
    };
    let change = |element: &mut Element| {
        let (code, role) = wanted(element)?;
        if let Some(role) = role {
            element.words[0] = role.keyword().into();
        }
        Some(element.code.insert(Spot::from(code)).mark())
    };
    let declared: Vec<usize> = (0..draft.statements.len())
        .filter(|at| matches!(&draft.statements[*at], Statement::Declaration { element, .. } if wanted(element).is_some()))
        .collect();
    if !declared.is_empty() && rng.bool() {
        let at = declared[rng.usize(..declared.len())];
        return match &mut draft.statements[at] {
            Statement::Declaration { element, .. } => change(element),
            _ => None,
        };
    }
    draft.at_some(rng, |chain, at| wanted(&chain[at]).is_some(), |chain, at| change(&mut chain[at]))?
}
