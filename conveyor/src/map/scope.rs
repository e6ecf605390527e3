//! What the items of a share refer to.

use std::any::Any;
use std::cell::OnceCell;

/// Keeps what the items of a share refer to, as long as a worker is at the share; see
/// [`Items::iter`](super::Items::iter).
#[derive(Default)]
pub struct Scope {
    value: OnceCell<Box<dyn Any>>,
    next: OnceCell<Box<Scope>>,
}

impl Scope {
    /// Keeps a value, which items may refer to.
    ///
    /// ```
    /// let scope = conveyor::map::Scope::default();
    /// let (one, two) = (scope.keep("one".to_owned()), scope.keep(2_u64));
    /// assert_eq!((one.as_str(), *two), ("one", 2));
    /// ```
    pub fn keep<T: 'static>(&self, value: T) -> &T {
        let mut scope = self;
        while scope.value.get().is_some() {
            scope = scope.next.get_or_init(Box::default);
        }
        let kept = scope.value.get_or_init(|| Box::new(value));
        kept.downcast_ref().expect("it was empty, so it holds what has been put in")
    }
}
