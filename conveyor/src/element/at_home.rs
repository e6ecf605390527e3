//! What a loop works on, taken out of memory that others could see: then the compiler keeps small state (a count, a sum)
//! in registers for the whole loop, as it does with the variables of a loop written by hand.

use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

/// Moving more than this in and out would cost more than it gains.
const SMALL: usize = 1024;

/// A value with a place of its own; it is away only while a loop works on it.
pub(crate) struct AtHome<T>(Option<T>);

impl<T> AtHome<T> {
    pub(crate) fn new(value: T) -> AtHome<T> {
        AtHome(Some(value))
    }

    /// Runs a loop over many messages. Whatever happens there, the value is in its place again after that.
    #[inline(always)]
    pub(crate) fn in_loop<R>(&mut self, work: impl FnOnce(&mut T) -> R) -> R {
        if size_of::<T>() > SMALL {
            return work(self);
        }
        let value = ManuallyDrop::new(self.0.take());
        let mut away = Away { home: &mut self.0, value };
        work(away.value.as_mut().expect(IS_THERE))
    }
}

const IS_THERE: &str = "only a loop takes the value out, and puts it back";

impl<T> Deref for AtHome<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        self.0.as_ref().expect(IS_THERE)
    }
}

impl<T> DerefMut for AtHome<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect(IS_THERE)
    }
}

/// Brings the value back, even when the loop panics.
struct Away<'h, T> {
    home: &'h mut Option<T>,
    /// Never dropped here: the drop of a `T` would be handed its address, and then it could not stay in registers.
    value: ManuallyDrop<Option<T>>,
}

impl<T> Drop for Away<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        std::mem::forget(std::mem::replace(self.home, self.value.take()));
    }
}
