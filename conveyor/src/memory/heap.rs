//! Pools of the serial and threads contexts: buffers on the heap, shared by reference, that return when they are
//! dropped.
//!
//! Invariants:
//! - a block is in one place: in a chunk and its clones, or in the channel of its pool, which gives out the one that has been
//!   there longest;
//! - the last clone sends it back. Two that go at the same moment may both find that they are not the last: then the block
//!   goes, and what is in it is sent back;
//! - blocks refer to their pool, which holds those that are free: the ring is cut when the pool goes. Who sends a block back
//!   later, or meanwhile, takes it out again.

use crate::message::ALIGN;
use crate::sync::{AtomicBool, AtomicU64, Ordering, fence};
use crate::{Failure, Result};
use crossbeam_channel::{Receiver, Select, Sender, bounded, unbounded};
use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A pool of one lane.
#[derive(Clone)]
pub struct HeapPool(Arc<Core>);

/// A lane that can wait for a chunk.
pub(crate) trait Waits: Send + Sync {
    /// Sleeps until something of what is watched is there. `false`: the run is being stopped.
    fn sleep<'a>(&'a self, select: &mut Select<'a>) -> bool;
}

struct Core {
    chunks: usize,
    bytes: usize,
    /// `None`: the serial context, which cannot wait; its pools grow instead.
    lane: Option<Arc<dyn Waits>>,
    home: Arc<Home>,
    /// Of all blocks that there are.
    signs: Mutex<Vec<Sign>>,
}

/// In which step a block was taken; 0 when it is free.
type Sign = Arc<AtomicU64>;

/// Where blocks return to. Whoever takes one does not touch the line in which it is counted who refers to this.
#[repr(align(128))]
struct Home {
    back: Sender<Arc<Block>>,
    free: Receiver<Arc<Block>>,
    /// The pool has gone.
    closed: AtomicBool,
}

struct Block {
    buffer: Buffer,
    /// `None`: of no pool, or let go by it.
    home: Option<(Arc<Home>, Sign)>,
}

thread_local! {
    static PUSHED: Cell<u64> = const { Cell::new(0) };
}

/// This thread has pushed a message that may hold chunks.
pub(crate) fn pushed() {
    PUSHED.set(PUSHED.get().wrapping_add(1));
}

/// What this thread takes now belongs to this step: messages that were pushed in between have it no more.
fn step() -> u64 {
    PUSHED.get() + 1
}

impl HeapPool {
    pub(crate) fn new(chunks: usize, bytes: usize, lane: Option<Arc<dyn Waits>>) -> HeapPool {
        let is_bounded = lane.is_some() && chunks <= usize::from(u16::MAX); // its places are made at once
        let (back, free) = if is_bounded { bounded(chunks) } else { unbounded() };
        let home = Arc::new(Home { back, free, closed: AtomicBool::new(false) });
        HeapPool(Arc::new(Core { chunks, bytes, lane, home, signs: Mutex::default() }))
    }

    pub(crate) fn chunks(&self) -> usize {
        self.0.chunks
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes
    }

    pub(crate) fn take(&self) -> Result<HeapChunk> {
        let free = || self.0.home.free.try_recv().ok();
        let block = match free().or_else(|| self.0.make()) {
            Some(block) => block,
            None => self.0.wait()?,
        };
        if let Some((_, sign)) = &block.home {
            sign.store(step(), Ordering::SeqCst);
        }
        Ok(HeapChunk(Some(block)))
    }
}

impl Core {
    /// A panic elsewhere leaves the list as it was: every change of it is one call.
    fn signs(&self) -> MutexGuard<'_, Vec<Sign>> {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new block, unless there are enough.
    fn make(&self) -> Option<Arc<Block>> {
        let mut signs = self.signs();
        if self.lane.is_some() && signs.len() >= self.chunks {
            return None;
        }
        let sign = Sign::default();
        signs.push(sign.clone());
        let home = Some((self.home.clone(), sign));
        Some(Arc::new(Block { buffer: Buffer::zeroed(self.bytes), home }))
    }

    /// Waits until a chunk comes back.
    #[cold]
    fn wait(&self) -> Result<Arc<Block>> {
        let step = step();
        let is_of_step = |sign: &Sign| sign.load(Ordering::SeqCst) == step;
        loop {
            if self.signs().iter().all(is_of_step) {
                return Err(super::pool::exhausted(self.chunks, 0));
            }
            let mut select = Select::new();
            select.recv(&self.home.free);
            if !self.lane.as_ref().is_some_and(|lane| lane.sleep(&mut select)) {
                return Err(Failure::stopped());
            }
            if let Ok(block) = self.home.free.try_recv() {
                return Ok(block);
            }
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.home.closed.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst); // here and there: one of both sees what the other one has done
        self.home.let_go();
    }
}

impl Home {
    fn give_back(&self, block: Arc<Block>) {
        // it is not full: there are no more blocks
        if let Err(refused) = self.back.try_send(block) {
            unbound(refused.into_inner());
        }
        fence(Ordering::SeqCst);
        if self.closed.load(Ordering::SeqCst) {
            self.let_go();
        }
    }

    /// Lets go of all blocks that are free.
    fn let_go(&self) {
        self.free.try_iter().for_each(unbound);
    }
}

/// The block does not return any more.
fn unbound(mut block: Arc<Block>) {
    if let Some(block) = Arc::get_mut(&mut block) {
        block.home = None;
    }
}

/// A chunk on the heap; clones share the buffer.
#[derive(Clone)]
pub(crate) struct HeapChunk(
    /// There until it is dropped.
    Option<Arc<Block>>,
);

impl HeapChunk {
    /// A chunk of no pool, with the same bytes.
    pub(crate) fn copy_of(bytes: &[u8]) -> HeapChunk {
        let mut buffer = Buffer::zeroed(bytes.len());
        buffer.bytes_mut().copy_from_slice(bytes);
        HeapChunk(Some(Arc::new(Block { buffer, home: None })))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |block| block.buffer.bytes())
    }

    /// Only if nobody else looks at it.
    pub(crate) fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        Some(Arc::get_mut(self.0.as_mut()?)?.buffer.bytes_mut())
    }
}

impl Drop for HeapChunk {
    fn drop(&mut self) {
        let Some(mut block) = self.0.take() else { return };
        if Arc::get_mut(&mut block).is_some()
            && let Some((home, sign)) = &block.home
        {
            sign.store(0, Ordering::SeqCst);
            home.clone().give_back(block);
        }
    }
}

/// Two clones have gone at the same moment.
impl Drop for Block {
    fn drop(&mut self) {
        if let Some((home, sign)) = self.home.take() {
            sign.store(0, Ordering::SeqCst);
            let buffer = std::mem::take(&mut self.buffer);
            home.clone().give_back(Arc::new(Block { buffer, home: Some((home, sign)) }));
        }
    }
}

/// Bytes aligned to [`ALIGN`].
#[derive(Default)]
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::thread;

    /// Waits for nothing but chunks.
    struct Alone;
    impl Waits for Alone {
        fn sleep<'a>(&'a self, select: &mut Select<'a>) -> bool {
            select.ready();
            true
        }
    }

    fn pool(chunks: usize) -> HeapPool {
        HeapPool::new(chunks, 8, Some(Arc::new(Alone)))
    }

    /// At the same moment, in threads of their own.
    fn together(works: [Box<dyn FnOnce() + Send>; 2]) {
        let barrier = Arc::new(Barrier::new(2));
        let threads = works.map(|work| {
            let barrier = barrier.clone();
            thread::spawn(move || {
                barrier.wait();
                work();
            })
        });
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    }

    #[test]
    fn the_chunk_that_has_been_out_longest_comes_next() {
        let pool = pool(2);
        let [mut first, second] = [pool.take().unwrap(), pool.take().unwrap()];
        first.bytes_mut().unwrap().fill(1);
        drop((first, second));
        assert_eq!(pool.take().unwrap().bytes(), [1; 8]);
        assert_eq!(pool.take().unwrap().bytes(), [0; 8]);
    }

    #[test]
    fn whoever_waits_gets_what_another_thread_brings_back() {
        let pool = pool(1);
        for _ in 0..1000 {
            let chunk = pool.take().unwrap();
            pushed();
            let reader = thread::spawn(move || drop(chunk));
            assert_eq!(pool.take().unwrap().bytes().len(), 8);
            reader.join().unwrap();
        }
    }

    #[test]
    fn clones_that_go_at_the_same_moment_bring_the_chunk_back() {
        let pool = pool(1);
        let mut chunk = pool.take().unwrap();
        let mut clone = chunk.clone();
        // each has looked before the other one was gone
        drop((chunk.0.take(), clone.0.take()));
        assert_eq!(pool.0.home.free.len(), 1);
    }

    #[test]
    fn a_step_may_take_all_chunks_and_no_more() {
        let pool = pool(2);
        let taken = [pool.take().unwrap(), pool.take().unwrap()];
        assert!(pool.take().is_err_and(|failure| failure.to_string().contains("holds all 2 chunks")));
        drop(taken);
        let _chunks = [pool.take().unwrap(), pool.take().unwrap()];
    }

    #[test]
    fn whoever_waits_while_the_run_is_being_stopped_gets_none() {
        struct Stopped;
        impl Waits for Stopped {
            fn sleep<'a>(&'a self, _: &mut Select<'a>) -> bool {
                false
            }
        }
        let pool = HeapPool::new(1, 8, Some(Arc::new(Stopped)));
        let _chunk = pool.take().unwrap();
        pushed();
        assert!(pool.take().is_err_and(|failure| failure.is_stopped()));
    }

    #[test]
    fn without_anybody_who_could_bring_one_back_a_pool_grows() {
        let pool = HeapPool::new(1, 8, None);
        let chunks = [(); 3].map(|()| pool.take().unwrap());
        drop(chunks);
        assert_eq!(pool.0.home.free.len(), 3);
    }

    #[test]
    fn a_pool_that_goes_lets_go_of_what_comes_back_before_meanwhile_and_later() {
        for _ in 0..1000 {
            let pool = pool(3);
            let home = Arc::downgrade(&pool.0.home);
            let [before, meanwhile, later] = [(); 3].map(|()| pool.take().unwrap());
            drop(before);
            together([Box::new(move || drop(meanwhile)), Box::new(move || drop(pool))]);
            drop(later);
            assert!(home.upgrade().is_none(), "a block and its pool keep each other");
        }
    }
}
