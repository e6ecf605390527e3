//! Pools of chunks.

use std::marker::PhantomData;

/// A pool of fixed-size buffers, declared with `pool name(chunks) of [T; elements]`.
pub struct Pool<T>(PhantomData<T>);
