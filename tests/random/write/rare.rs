//! What stands in a graph whatever else does: a function that runs first in every worker, a pool, and a type parameter.

use crate::draft::{Draft, Element, Is, Spot, Statement};
use crate::model::Role;
use crate::value::Ty;

/// The seed of the graph says which: the rest stays as it is.
pub(crate) fn add(draft: &mut Draft, takes: Option<&Ty>, seed: u64) {
    match seed % 6 {
        0 => {
            draft.attributes.push("#![init = prepare]".into());
            draft.features.insert("#![init]");
        }
        1 => pool(draft),
        2 => generic(draft, takes),
        _ => {}
    }
}

/// In a function with a type parameter, whose values are taken out of their wrapping first.
pub(crate) fn generic(draft: &mut Draft, takes: Option<&Ty>) {
    let header = &mut draft.header;
    let (None, Some(takes), Some((input, _))) = (&header.name, takes, &mut header.types) else { return };
    let ty = Ty::Parameter;
    input.text = ty.written();
    header.generic = Some(takes.clone());
    let opened = Element {
        code: Some("|x: T| x.opened()".into()),
        ..Element::new(Is::Stage { role: Role::Processor, takes: ty, gives: takes.clone(), is_in_zip: false })
    };
    let head = draft.head().expect("something takes them");
    head.splice(..0, [opened, Element::pipe()]);
    draft.features.insert("generic function");
}

/// The constructor of a source sees it by its name.
fn pool(draft: &mut Draft) {
    let with_pool = |element: &mut Element| {
        let code = element.code.as_mut().filter(|_| !element.is_use)?;
        code.text = format!("{{ let _room = chunks.chunks() * chunks.elements(); {} }}", code.text);
        Some(())
    };
    let is_source = |element: &Element| element.role() == Some(Role::Source);
    let declared = draft.statements.iter_mut().find_map(|statement| match statement {
        Statement::Declaration { element, .. } if is_source(element) => with_pool(element),
        _ => None,
    });
    let seen = declared.or_else(|| {
        draft.find(|chain, at| is_source(&chain[at]).then(|| with_pool(&mut chain[at])).flatten())
    });
    if seen.is_some() {
        draft.statements.push(Statement::Pool(Spot::from("chunks")));
        draft.features.insert("pool");
    }
}
