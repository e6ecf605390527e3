//! Texts of a fixed length, for arrays of texts.

use std::fmt;

/// A text of at most `N` bytes, as an element of an array, or as a message that lies in the slot itself. What is left
/// behind the text is filled with zeros: it is what numpy calls `S<N>`.
///
/// ```
/// use conveyor::SharedArray;
/// use conveyor::array::FixedStr;
///
/// let mut names = SharedArray::<FixedStr<16>>::zeros(100)?;
/// names.as_mut_slice()?[7] = "Ålesund".try_into()?;
/// assert_eq!((names[[7]].as_str(), names[[8]].as_str()), ("Ålesund", ""));
/// assert!(FixedStr::<4>::try_from("Ålesund").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct FixedStr<const N: usize>([u8; N]);

// any bytes are a value: what is no text is not looked at
crate::__plain_message!(impl [const N: usize] FixedStr<N> where Copy);

impl<const N: usize> FixedStr<N> {
    /// The text, up to the first zero; if that is no UTF-8, because another program has written it, up to where it is.
    pub fn as_str(&self) -> &str {
        let bytes = self.as_bytes();
        match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).expect("it is valid up to there")
            }
        }
    }

    /// The bytes up to the first zero.
    pub fn as_bytes(&self) -> &[u8] {
        let len = self.0.iter().position(|byte| *byte == 0);
        &self.0[..len.unwrap_or(N)]
    }

    /// So much of a text as there is room for, in whole characters.
    ///
    /// ```
    /// use conveyor::array::FixedStr;
    ///
    /// assert_eq!(FixedStr::<4>::cut("naïve").as_str(), "naï");
    /// assert_eq!(FixedStr::<3>::cut("naïve").as_str(), "na");
    /// ```
    pub fn cut(text: &str) -> FixedStr<N> {
        let text = text.split('\0').next().unwrap_or_default();
        let mut fixed = FixedStr::default();
        let len = text.floor_char_boundary(N);
        fixed.0[..len].copy_from_slice(&text.as_bytes()[..len]);
        fixed
    }
}

impl<const N: usize> Default for FixedStr<N> {
    fn default() -> Self {
        FixedStr([0; N])
    }
}

/// A text does not fit into a [`FixedStr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The length of the text, in bytes.
    pub len: usize,
    /// How many there may be.
    pub max: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooLong { len, max } = self;
        write!(f, "a text of {len} bytes does not fit into {max}: cut it, or make the elements longer")
    }
}

impl std::error::Error for TooLong {}

/// A text with a zero in it ends there.
impl<const N: usize> TryFrom<&str> for FixedStr<N> {
    type Error = TooLong;

    fn try_from(text: &str) -> Result<Self, TooLong> {
        let fixed = FixedStr::cut(text);
        let len = text.split('\0').next().unwrap_or_default().len();
        if fixed.as_bytes().len() == len { Ok(fixed) } else { Err(TooLong { len, max: N }) }
    }
}

impl<const N: usize> fmt::Display for FixedStr<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl<const N: usize> fmt::Debug for FixedStr<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl<const N: usize> PartialEq<str> for FixedStr<N> {
    fn eq(&self, text: &str) -> bool {
        self.as_bytes() == text.as_bytes()
    }
}

impl<const N: usize> PartialEq<&str> for FixedStr<N> {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_at_a_zero_or_where_there_is_no_more_room() {
        let text = |text| FixedStr::<4>::try_from(text);
        assert_eq!(text("").unwrap(), "");
        assert_eq!(text("four").unwrap(), "four");
        assert_eq!(text("a\0behind").unwrap(), "a");
        assert_eq!(text("five!"), Err(TooLong { len: 5, max: 4 }));
        assert_eq!(
            text("aaaé").unwrap_err().to_string(),
            "a text of 5 bytes does not fit into 4: cut it, or make the elements longer"
        );
        assert_eq!(FixedStr::<4>::cut("aaaé"), "aaa");
        assert_eq!(FixedStr::<0>::cut("none"), "");
    }

    #[test]
    fn bytes_that_are_no_text_are_not_looked_at() {
        assert_eq!(FixedStr(*b"ab\xff\xffc").as_str(), "ab");
        assert_eq!(FixedStr(*b"ab\xff\xffc").as_bytes(), b"ab\xff\xffc");
        assert_eq!(format!("{0:>5}|{0:?}", FixedStr(*b"ab\0c")), "   ab|\"ab\"");
    }
}
