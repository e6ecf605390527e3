//! Rows of recipes: built and composed only where each of them is one. What is wrong with a recipe has been said at its
//! code, and rustc is not to say it again about the row.
//!
//! A method call takes what stands nearest: `composed` of the row itself where its bounds hold, and that of [`Broken`],
//! which does nothing, where they do not.

use super::Wiring;
use crate::element::compose::{Recipes, SourceRecipes, Visit};
use crate::element::recipe::{Recipe, SourceRecipe};

/// A row whose stages run each alone, or together as one loop.
pub struct Row<'w, 't, 's, C, X> {
    wiring: &'w mut Wiring<'t, C>,
    group: u32,
    stages: &'s [u32],
    recipe: X,
}

impl<'t, C: 'static> Wiring<'t, C> {
    /// The row with this number, made of the elements with these.
    pub fn row<'s, X>(&mut self, group: u32, stages: &'s [u32], recipe: X) -> Row<'_, 't, 's, C, X> {
        Row { wiring: self, group, stages, recipe }
    }
}

impl<C: 'static, X: Recipes<C>> Row<'_, '_, '_, C, X> {
    /// Each of its stages, and the static loop over all of them.
    pub fn composed(mut self) {
        self.recipe.each(&mut self);
        if self.stages.len() > 1 {
            self.fused();
        }
    }
    /// A part of a row: the static loop alone.
    pub fn fused(self) {
        self.wiring.group(self.group, self.recipe);
    }
}

impl<C: 'static, X: SourceRecipes<C>> Row<'_, '_, '_, C, X> {
    /// The same for a row that starts with a source.
    pub fn composed_from_source(mut self) {
        self.recipe.each(&mut self);
        if self.stages.len() > 1 {
            self.fused_from_source();
        }
    }
    /// The same for a part of it.
    pub fn fused_from_source(self) {
        self.wiring.group_from_source(self.group, self.recipe);
    }
}

impl<C: 'static, R> Visit<C> for Row<'_, '_, '_, C, R> {
    fn stage<X: Recipe<C>>(&mut self, at: u32, recipe: X) {
        self.wiring.stage(self.stages[at as usize], recipe);
    }
    fn source<X: SourceRecipe<C>>(&mut self, at: u32, recipe: X) {
        self.wiring.stage_of_source(self.stages[at as usize], recipe);
    }
}

/// A row with an element that is none.
pub trait Broken {
    /// Never called: the element has been refused.
    fn composed(self);
    /// The same for a row that starts with a source.
    fn composed_from_source(self);
    /// The same for a part of a row.
    fn fused(self);
    /// The same for a part that starts with a source.
    fn fused_from_source(self);
}

impl<C, X> Broken for &Row<'_, '_, '_, C, X> {
    fn composed(self) {}
    fn composed_from_source(self) {}
    fn fused(self) {}
    fn fused_from_source(self) {}
}
