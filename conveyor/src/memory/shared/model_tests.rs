//! A model of the holder words: a chunk is taken anew only when nobody looks at it any more.

use super::{Handle, Listed, Originals, PoolPlace, Pools, SharedPool};
use crate::meter::{DESK_WORDS, Desk};
use crate::ring::bell::Bell;
use crate::ring::patience::Patience;
use crate::sync::models::holds_but_for;
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU32, AtomicU64};
use loom::cell::UnsafeCell;
use loom::thread;
use std::sync::Arc;

/// What is shared memory elsewhere.
struct Memory {
    holders: Vec<AtomicU64>,
    desk: Vec<AtomicU64>,
    owner: AtomicU32,
    stop: AtomicU32,
    chunk: UnsafeCell<u64>,
    bytes: [u8; 16],
}

const WAYS: u16 = 0b11;

#[test]
fn a_chunk_is_free_when_all_have_dropped_it() {
    holds_but_for(&[Mutant::ReleaseRelaxed, Mutant::TakeRelaxed], || {
        let memory: &'static mut Memory = Box::leak(Box::new(Memory {
            holders: vec![AtomicU64::new(0)],
            desk: (0..DESK_WORDS).map(|_| AtomicU64::new(0)).collect(),
            owner: AtomicU32::new(0),
            stop: AtomicU32::new(0),
            chunk: UnsafeCell::new(0),
            bytes: [0; 16],
        }));
        let first = memory.bytes.as_mut_ptr();
        let memory: &'static Memory = memory;
        let pools = |is_owner: bool| {
            let place = PoolPlace {
                first,
                stride: 16,
                bytes: 16,
                holders: &memory.holders,
                owner: Bell(&memory.owner),
                ways: WAYS,
            };
            Arc::new(Pools::new(vec![place], is_owner, Originals::None, &memory.stop, Arc::new(())))
        };
        let patience = Patience { pauses: 0, yields: 0, may_nap: false };
        let pool = SharedPool::new(pools(true), 0, patience, Desk::new(&memory.desk));
        let chunk = pool.take().expect("it is free");
        let stamp = chunk.handle.stamp;
        std::mem::forget(chunk); // a message has it
        let owner = pools(true);
        owner.take_over(0, Listed::default(), [(0, stamp)].into_iter());
        let pool = SharedPool::new(owner, 0, patience, Desk::new(&memory.desk));
        let readers = [0b01, 0b10].map(|bits| {
            let pools = pools(false);
            thread::spawn(move || {
                // SAFETY: the model has one thread at a time, and the checker sees who should have waited for whom.
                memory.chunk.with(|chunk| unsafe { *chunk });
                pools.release(Handle { pool: 0, index: 0, bits, stamp });
            })
        });
        let taken = pool.take().expect("it becomes free");
        // SAFETY: as above.
        memory.chunk.with_mut(|chunk| unsafe { *chunk = 1 });
        for reader in readers {
            reader.join().expect("it reads");
        }
        drop(taken);
    });
}
