//! Text, paths and C strings: bytes with a rule, viewed as `&str`, `&Path`, `&OsStr`, `&CStr`.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;
use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

/// A borrowed form of text that is made of bytes.
trait Text: 'static {
    fn bytes(&self) -> &[u8];
    fn check(bytes: &[u8]) -> Result<&Self>;
}

impl Text for str {
    #[inline]
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
    #[inline]
    fn check(bytes: &[u8]) -> Result<&str> {
        super::decoder::text(bytes)
    }
}

impl Text for CStr {
    #[inline]
    fn bytes(&self) -> &[u8] {
        self.to_bytes_with_nul()
    }
    #[inline]
    fn check(bytes: &[u8]) -> Result<&CStr> {
        CStr::from_bytes_with_nul(bytes).map_err(|error| super::decoder::damaged(&error.to_string()))
    }
}

#[cfg(unix)]
impl Text for OsStr {
    #[inline]
    fn bytes(&self) -> &[u8] {
        std::os::unix::ffi::OsStrExt::as_bytes(self)
    }
    #[inline]
    fn check(bytes: &[u8]) -> Result<&OsStr> {
        Ok(std::os::unix::ffi::OsStrExt::from_bytes(bytes))
    }
}

#[cfg(unix)]
impl Text for Path {
    #[inline]
    fn bytes(&self) -> &[u8] {
        self.as_os_str().bytes()
    }
    #[inline]
    fn check(bytes: &[u8]) -> Result<&Path> {
        OsStr::check(bytes).map(Path::new)
    }
}

macro_rules! text_message {
    ($($t:ty as $text:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Message for $t {
            type View<'a> = &'a $text;
            type Run<'a> = Seq<'a, $t>;
            #[inline]
            fn as_view(&self) -> &$text {
                self
            }
            fn as_run(items: &[Self]) -> Seq<'_, Self> {
                Seq::values(items)
            }
            #[inline]
            fn encode(&self, to: &mut Encoder) {
                to.run(Text::bytes(self.as_view()));
            }
            #[inline]
            fn decode(from: &mut Decoder<'_>) -> Result<Self> {
                Ok(Self::view(from)?.to_owned().into())
            }
            #[inline]
            fn view<'a>(from: &mut Decoder<'a>) -> Result<&'a $text> {
                Text::check(from.run()?)
            }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
                Seq::encoded(from)
            }
        }
    )*};
}

text_message! {
    String as str;
    Box<str> as str;
    Cow<'static, str> as str;
    CString as CStr;
    Box<CStr> as CStr;
    Cow<'static, CStr> as CStr;
}
#[cfg(unix)]
text_message! {
    OsString as OsStr;
    Box<OsStr> as OsStr;
    Cow<'static, OsStr> as OsStr;
    PathBuf as Path;
    Box<Path> as Path;
    Cow<'static, Path> as Path;
}
