//! `()`: what an end that is closed by a source or by sinks carries.

use super::{Decoder, Encoder, IsPlain, Message, Plain};
use crate::Result;
use crate::ring::Span;

// SAFETY: no bytes, no padding.
unsafe impl Plain for () {}

#[diagnostic::do_not_recommend]
impl Message for () {
    type View<'a> = ();
    /// How many there are.
    type Run<'a> = usize;
    const PLAIN: Option<IsPlain<()>> = IsPlain::PROOF;
    const BYTES_MAX: usize = 0;
    fn as_view(&self) {}
    fn as_run(items: &[()]) -> usize {
        items.len()
    }
    fn encode(&self, _: &mut Encoder) {}
    fn decode(_: &mut Decoder<'_>) -> Result<()> {
        Ok(())
    }
    fn view(_: &mut Decoder<'_>) -> Result<()> {
        Ok(())
    }
    fn encode_run(items: &[()], to: &mut Encoder) {
        to.run(items);
    }
    fn decode_run(from: &mut Decoder<'_>) -> Result<Vec<()>> {
        Ok(from.run::<()>()?.to_vec())
    }
    fn view_run(from: &mut Decoder<'_>) -> Result<usize> {
        Ok(from.run::<()>()?.len())
    }
    fn read(_: Span<'_>, _: usize) -> Result<()> {
        Ok(())
    }
    fn read_view(_: Span<'_>, _: usize) -> Result<()> {
        Ok(())
    }
}
