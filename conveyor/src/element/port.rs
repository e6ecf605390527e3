//! One end of an edge, as a type: a closure's argument comes from it.

use std::marker::PhantomData;

/// One end of an edge that carries `T`.
pub struct Port<T>(PhantomData<fn(T) -> T>);
impl<T> Clone for Port<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Port<T> {}

/// A port whose type is known from elsewhere.
pub fn port<T>() -> Port<T> {
    Port(PhantomData)
}
