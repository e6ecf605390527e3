//! Rows of recipes, composed only where each of them is one: what is wrong with a recipe has been said at its code, and
//! rustc is not to say it again about the row.
//!
//! A method call takes what stands nearest: `composed` of the row itself where its bounds hold, and that of [`Broken`],
//! which does nothing, where they do not.

use super::Wiring;
use crate::element::recipe::{Recipe, SourceRecipe};

/// A row that is to become one loop.
pub struct Row<'w, 't, C, X> {
    wiring: &'w mut Wiring<'t, C>,
    group: u32,
    recipe: X,
}

impl<'t, C: 'static> Wiring<'t, C> {
    /// The row with this number.
    pub fn row<X>(&mut self, group: u32, recipe: X) -> Row<'_, 't, C, X> {
        Row { wiring: self, group, recipe }
    }
}

impl<C: 'static, X: Recipe<C>> Row<'_, '_, C, X> {
    /// The static loop over it: for the serial context, for fused stages.
    pub fn composed(self) {
        self.wiring.group(self.group, self.recipe);
    }
}

impl<C: 'static, X: SourceRecipe<C>> Row<'_, '_, C, X> {
    /// The same for a row that starts with a source.
    pub fn composed_from_source(self) {
        self.wiring.group_from_source(self.group, self.recipe);
    }
}

/// A row with an element that is none.
pub trait Broken {
    /// Never called: the element has been refused.
    fn composed(self);
    /// The same for a row that starts with a source.
    fn composed_from_source(self);
}

impl<C, X> Broken for &Row<'_, '_, C, X> {
    fn composed(self) {}
    fn composed_from_source(self) {}
}
