//! What stands in a valid graph whatever else does: a function that runs first in every worker, and a pool.

use crate::draft::{Draft, Element, Spot, Statement};
use crate::model::Role;

/// The seed of the graph says which: the rest stays as it is.
pub(crate) fn add(draft: &mut Draft, seed: u64) {
    match seed % 6 {
        0 => {
            draft.attributes.push("#![init = prepare]".into());
            draft.features.insert("#![init]");
        }
        1 => pool(draft),
        _ => {}
    }
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
