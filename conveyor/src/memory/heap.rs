//! Pools of the serial and threads contexts: buffers on the heap, shared by reference, that return when they are
//! dropped.

use crate::message::ALIGN;
use crate::{Failure, Result};
use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// A pool of one lane.
#[derive(Clone)]
pub struct HeapPool(Arc<Core>);

/// What a lane that waits for a chunk has to do with its run.
pub(crate) trait Waits: Send + Sync {
    /// None is there, and nobody brings one back while this is asked. `false`: the run is being stopped.
    fn may_wait(&self) -> bool;
    /// The wait is over.
    fn goes_on(&self);
}

struct Core {
    chunks: usize,
    bytes: usize,
    /// `None`: the serial context, which cannot wait; its pools grow instead.
    lane: Option<Arc<dyn Waits>>,
    free: Mutex<Free>,
    returned: Condvar,
}

struct Free {
    buffers: Vec<Buffer>,
    made: usize,
    /// What the step at work has taken.
    taken: Vec<Weak<()>>,
    /// How many messages this thread had pushed when it took them.
    pushed: u64,
}

thread_local! {
    static PUSHED: Cell<u64> = const { Cell::new(0) };
}

/// This thread has pushed a message that may hold chunks.
pub(crate) fn pushed() {
    PUSHED.set(PUSHED.get().wrapping_add(1));
}

/// How often a waiting lane looks whether the run is being stopped, and says that it waits.
const LOOK_EVERY: Duration = Duration::from_millis(20);

impl HeapPool {
    pub(crate) fn new(chunks: usize, bytes: usize, lane: Option<Arc<dyn Waits>>) -> HeapPool {
        let free = Mutex::new(Free { buffers: Vec::new(), made: 0, taken: Vec::new(), pushed: 0 });
        HeapPool(Arc::new(Core { chunks, bytes, lane, free, returned: Condvar::new() }))
    }

    pub(crate) fn chunks(&self) -> usize {
        self.0.chunks
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes
    }

    pub(crate) fn take(&self) -> Result<HeapChunk> {
        let core = &self.0;
        let mut free = core.lock();
        if std::mem::replace(&mut free.pushed, PUSHED.get()) != PUSHED.get() {
            free.taken.clear();
        }
        let lane = match &core.lane {
            Some(lane) if free.made >= core.chunks && free.buffers.is_empty() => lane,
            _ => {
                let buffer = free.buffers.pop().unwrap_or_else(|| {
                    free.made += 1;
                    Buffer::zeroed(core.bytes)
                });
                return Ok(self.hand_out(&mut free, buffer));
            }
        };
        let (mut free, came) = core.wait(free, &**lane);
        lane.goes_on();
        came.map(|buffer| self.hand_out(&mut free, buffer))
    }
}

impl HeapPool {
    fn hand_out(&self, free: &mut Free, buffer: Buffer) -> HeapChunk {
        let alive = Arc::new(());
        free.taken.retain(|taken| taken.strong_count() > 0);
        free.taken.push(Arc::downgrade(&alive));
        HeapChunk(Arc::new(Held { buffer: Some(buffer), home: Some((self.clone(), alive)) }))
    }
}

impl Core {
    /// Waits until a chunk comes back.
    fn wait<'a>(
        &'a self,
        mut free: MutexGuard<'a, Free>,
        lane: &dyn Waits,
    ) -> (MutexGuard<'a, Free>, Result<Buffer>) {
        loop {
            if let Some(buffer) = free.buffers.pop() {
                return (free, Ok(buffer));
            }
            if free.taken.iter().filter(|taken| taken.strong_count() > 0).count() >= self.chunks {
                return (free, Err(super::pool::exhausted(self.chunks, 0)));
            }
            if !lane.may_wait() {
                return (free, Err(Failure::stopped()));
            }
            free = self.returned.wait_timeout(free, LOOK_EVERY).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A panic elsewhere leaves the list as it was: every change of it is one call.
    fn lock(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A chunk on the heap; clones share the buffer.
#[derive(Clone)]
pub(crate) struct HeapChunk(Arc<Held>);

struct Held {
    /// There until it is dropped.
    buffer: Option<Buffer>,
    /// The pool, and a sign that the chunk has not gone back yet.
    home: Option<(HeapPool, Arc<()>)>,
}

impl HeapChunk {
    /// A chunk of no pool, with the same bytes.
    pub(crate) fn copy_of(bytes: &[u8]) -> HeapChunk {
        let mut buffer = Buffer::zeroed(bytes.len());
        buffer.bytes_mut().copy_from_slice(bytes);
        HeapChunk(Arc::new(Held { buffer: Some(buffer), home: None }))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.buffer.as_ref().map_or(&[], Buffer::bytes)
    }

    /// Only if nobody else looks at it.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        Arc::get_mut(&mut self.0)?.buffer.as_mut().map(Buffer::bytes_mut)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let (Some((home, _)), Some(buffer)) = (&self.home, self.buffer.take()) {
            home.0.lock().buffers.push(buffer);
            home.0.returned.notify_one();
        }
    }
}

/// Bytes aligned to [`ALIGN`].
struct Buffer {
    blocks: Box<[u128]>,
    len: usize,
}

const _: () = assert!(align_of::<u128>() >= ALIGN);

impl Buffer {
    fn zeroed(len: usize) -> Buffer {
        Buffer { blocks: vec![0; len.div_ceil(size_of::<u128>())].into_boxed_slice(), len }
    }
    fn bytes(&self) -> &[u8] {
        let start = NonNull::from(&*self.blocks).cast::<u8>();
        // SAFETY: the blocks hold at least `len` bytes, all initialised, and are borrowed as long as the slice.
        unsafe { std::slice::from_raw_parts(start.as_ptr(), self.len) }
    }
    fn bytes_mut(&mut self) -> &mut [u8] {
        let start = NonNull::from(&mut *self.blocks).cast::<u8>();
        // SAFETY: as above, and borrowed mutably; any bytes are blocks.
        unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), self.len) }
    }
}
