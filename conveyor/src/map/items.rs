//! What a map goes over.

use super::scope::Scope;
use crate::Message;
use std::ops::{Range, RangeInclusive};

/// What a map can go over: something that can be cut into shares, which travel to the workers.
///
/// It is there for ranges of integers, for slices, vectors and arrays of messages, for
/// [shared arrays](crate::SharedArray), element by element, by [rows](super::rows) or along any [axis](super::axis), and
/// for references to all of these. Items of a slice are looked at where they lie in the message: the kernel gets `&f64`,
/// `&str` of a `String`, `&Path` of a `PathBuf`. So a sequence of files is one of paths, and each is read where it is
/// needed:
///
/// ```
/// use conveyor::Map;
///
/// let files: Vec<_> = std::fs::read_dir("src/map")?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
/// let lengths = Map::over(&files).try_run(|job| std::fs::read(job.item).map(|bytes| bytes.len()))?;
/// assert_eq!(lengths.values.len(), files.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Own types are cut by their own rules:
///
/// ```
/// use conveyor::Map;
/// use conveyor::map::{Items, Scope};
/// use std::ops::Range;
///
/// /// The pairs of a number of things.
/// struct Pairs(usize);
///
/// impl Items for Pairs {
///     type Share = (u64, u64, u64);
///     type Item<'a> = (u64, u64);
///     fn len(&self) -> usize {
///         self.0 * self.0
///     }
///     fn share(&self, range: Range<usize>) -> (u64, u64, u64) {
///         (self.0 as u64, range.start as u64, range.end as u64)
///     }
///     fn iter<'a>(
///         (things, start, end): (&'a u64, &'a u64, &'a u64),
///         _: &'a Scope,
///     ) -> impl Iterator<Item = (u64, u64)> {
///         (*start..*end).map(move |at| (at / things, at % things))
///     }
/// }
///
/// let products = Map::over(Pairs(3)).run(|job| job.item.0 * job.item.1)?.values;
/// assert_eq!(products, [0, 0, 0, 0, 1, 2, 0, 2, 4]);
/// # Ok::<(), conveyor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a map cannot go over `{Self}`",
    label = "is not `map::Items`",
    note = "a map goes over ranges of integers, slices, vectors and arrays of messages, shared arrays, and what implements \
            `conveyor::map::Items`"
)]
pub trait Items {
    /// What a share is while it travels.
    type Share: Message;
    /// What the kernel gets.
    type Item<'a>;

    /// How many items there are.
    fn len(&self) -> usize;

    /// There are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Consecutive items, for one worker.
    fn share(&self, range: Range<usize>) -> Self::Share;

    /// The items of a share, in the worker: as many as were asked for.
    ///
    /// What they refer to lies in the share, or is kept in the scope.
    fn iter<'a>(
        share: <Self::Share as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = Self::Item<'a>>;
}

impl<I: Items + ?Sized> Items for &I {
    type Share = I::Share;
    type Item<'a> = I::Item<'a>;
    fn len(&self) -> usize {
        (**self).len()
    }
    fn share(&self, range: Range<usize>) -> I::Share {
        (**self).share(range)
    }
    #[inline(always)]
    fn iter<'a>(
        share: <I::Share as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = I::Item<'a>> {
        I::iter(share, scope)
    }
}

macro_rules! ranges {
    ($($t:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Items for Range<$t> {
            type Share = Range<$t>;
            type Item<'a> = $t;
            fn len(&self) -> usize {
                // what is left after wrapping is the distance, as an unsigned number of the same width
                if self.is_empty() { 0 } else { usize::try_from(self.start.abs_diff(self.end)).unwrap_or(usize::MAX) }
            }
            fn share(&self, range: Range<usize>) -> Range<$t> {
                // it wraps only on the way: both lie in the range
                self.start.wrapping_add(range.start as $t)..self.start.wrapping_add(range.end as $t)
            }
            #[inline(always)]
            fn iter(share: Range<$t>, _: &Scope) -> impl Iterator<Item = $t> {
                share
            }
        }

        #[diagnostic::do_not_recommend]
        impl Items for RangeInclusive<$t> {
            type Share = ($t, u64);
            type Item<'a> = $t;
            fn len(&self) -> usize {
                if self.is_empty() { 0 } else { Items::len(&(*self.start()..*self.end())).saturating_add(1) }
            }
            fn share(&self, range: Range<usize>) -> ($t, u64) {
                // it wraps only on the way, as above; there may be no number behind the last one
                (self.start().wrapping_add(range.start as $t), (range.end - range.start) as u64)
            }
            #[inline(always)]
            fn iter<'a>((start, len): (&'a $t, &'a u64), _: &'a Scope) -> impl Iterator<Item = $t> {
                let start = *start;
                (0..*len).map(move |at| start.wrapping_add(at as $t))
            }
        }
    )*};
}
ranges!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

macro_rules! slices {
    ($([$($generics:tt)*] $t:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, $($generics)*> Items for $t
        where
            T: Message + Clone,
            for<'a> T::Run<'a>: IntoIterator,
        {
            type Share = Vec<T>;
            type Item<'a> = <T::Run<'a> as IntoIterator>::Item;
            fn len(&self) -> usize {
                <[T]>::len(self)
            }
            fn share(&self, range: Range<usize>) -> Vec<T> {
                self[range].to_vec()
            }
            #[inline(always)]
            fn iter<'a>(share: T::Run<'a>, _: &'a Scope) -> impl Iterator<Item = Self::Item<'a>> {
                share.into_iter()
            }
        }
    )*};
}
slices! {
    [] [T];
    [] Vec<T>;
    [] Box<[T]>;
    [const N: usize] [T; N];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Encoded;

    /// The items of a share, as a worker gets them.
    fn shared<I: Items>(items: &I, range: Range<usize>) -> Vec<String>
    where
        for<'a> I::Item<'a>: ToString,
    {
        let share = Encoded::of(&items.share(range)).expect("it can be encoded");
        let share = share.view::<I::Share>().expect("it is whole");
        I::iter(share, &Scope::default()).map(|item| item.to_string()).collect()
    }

    #[test]
    fn ranges_are_cut() {
        assert_eq!(shared(&(-2..3_i8), 1..4), ["-1", "0", "1"]);
        assert_eq!((Items::len(&(i8::MIN..i8::MAX)), Items::len(&(5..5_u64))), (255, 0));
        assert_eq!(shared(&(i8::MIN..i8::MAX), 253..255), ["125", "126"]);
        assert_eq!(Items::len(&(0..u64::MAX)), usize::MAX);
        assert_eq!(shared(&(-2..=2_i8), 1..5), ["-1", "0", "1", "2"]);
        assert_eq!(
            (Items::len(&(i8::MIN..=i8::MAX)), shared(&(i8::MIN..=i8::MAX), 254..256)),
            (256, vec!["126".into(), "127".into()])
        );
        assert_eq!(
            (Items::len(&RangeInclusive::new(5, 4_u64)), Items::len(&(0..=u64::MAX))),
            (0, usize::MAX)
        );
    }

    #[test]
    fn slices_are_cut_and_looked_at_in_place() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(shared(&words, 1..3), ["b", "c"]);
        assert_eq!(shared(&words.to_vec(), 0..0), Vec::<String>::new());
        assert_eq!(shared(&&words[..], 2..3), ["c"]);
        assert_eq!(shared(&vec![true, false], 0..2), ["true", "false"]);
        assert!(!Items::is_empty(&words));
    }
}
