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

/// Behind a stage: something that cannot be cloned, through a replicated fork, and back.
pub(super) fn fork_of_what_is_not_clone(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    // at a name the chain may go on in another statement
    let can = |chain: &Chain, at: usize| {
        !chain[at].is_use && chain[at].role().is_some_and(|role| role != Role::Sink)
    };
    let mark = draft.at_some(rng, can, |chain, at| {
        let Is::Stage { gives, .. } = &chain[at].is else { return None };
        let ty = gives.written();
        let stage = |code: String| Element::stage(Role::Processor, &code);
        let mut fork = Element::new(Is::Fork(Policy::Replicated, None));
        let mark = fork.words[0].mark();
        fork.branches = vec![vec![stage(format!("|_: Sealed| nothing::<{ty}>()"))]; 2];
        let back = stage(format!("|_: ({ty}, {ty})| nothing::<{ty}>()"));
        let join = Element::new(Is::Join(Join::Zip, None));
        let seal = stage(format!("|_: {ty}| Sealed(3)"));
        let inserted = [Element::pipe(), seal, Element::pipe(), fork, Element::pipe(), join, back];
        chain.splice(at + 1..at + 1, inserted);
        Some(mark)
    })??;
    draft.expect(mark, &["E0277", "Sealed", "Clone"]);
    Some(())
}

/// Behind a stage: something that cannot travel, and back.
pub(super) fn no_message(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| {
        !chain[at].is_use && chain[at].role().is_some_and(|role| role != Role::Sink)
    };
    let mark = draft.at_some(rng, can, |chain, at| {
        let Is::Stage { gives, .. } = &chain[at].is else { return None };
        let ty = gives.written();
        let stage = |code: String| Element::stage(Role::Processor, &code);
        let mut tied = stage(format!("|_: {ty}| std::rc::Rc::new(3_u8)"));
        let mark = tied.code.as_mut()?.mark();
        let back = stage(format!("|_: std::rc::Rc<u8>| nothing::<{ty}>()"));
        chain.splice(at + 1..at + 1, [Element::pipe(), tied, Element::pipe(), back]);
        Some(mark)
    })??;
    draft.expect(mark, &["E0277", "`Rc<u8>` cannot travel"]);
    Some(())
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
