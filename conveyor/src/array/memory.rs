//! Where the elements of an array lie: in shared memory, or on the heap where workers are threads.
//!
//! Invariants: the memory is `bytes` bytes from `base` on, aligned for the element type it was made for, and stays
//! where it is; what stands there are values of that type from the beginning.

use super::element::Element;
#[cfg(target_os = "linux")]
use super::touched::Touched;
use crate::context::choice::{Backend, Context, Overrides};
#[cfg(target_os = "linux")]
use crate::sys::segment::{Need, Segment, Ticket};
use crate::{Error, ErrorKind};
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::any::TypeId;
use std::ops::Range;
#[cfg(target_os = "linux")]
use std::os::unix::fs::MetadataExt;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering}; // for a number in this process: nothing to model

/// The memory of one array.
pub(super) struct Memory {
    place: Place,
    bytes: usize,
    element: TypeId,
    id: Id,
}

/// Which array it is, whatever process sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    /// The process that has made it, or attached to it.
    pub(super) pid: u32,
    /// Counted there.
    pub(super) number: u64,
}

enum Place {
    Heap(Block),
    /// Ours to write as long as nobody else looks.
    #[cfg(target_os = "linux")]
    Own(Segment),
    /// Another process's, which has lent it to us.
    #[cfg(target_os = "linux")]
    Borrowed {
        segment: Segment,
        ticket: Ticket,
        file: Option<FileId>,
        access: Access,
        touched: Touched,
    },
}

/// What may be done with an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Read,
    Write,
}

/// What a new array is to lie in.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) context: Context,
    pub(super) backend: Backend,
    pub(super) name: Option<String>,
}

#[cfg(target_os = "linux")]
const NEED: Need = Need { who: "the array", help: "make it smaller" };

impl Memory {
    /// All zero, for so many elements.
    pub(super) fn new<T: Element>(elements: Option<usize>, wanted: &Wanted) -> Result<Memory, Error> {
        let Some(bytes) = size_in_bytes::<T>(elements) else {
            return Err(Error::new(
                ErrorKind::Array,
                "the array has more bytes than there are addresses, or its axes, without those of length 0, would have: \
                 make it smaller",
            ));
        };
        let asked = Overrides::context_from_environment().map_err(refused)?;
        let is_shared = wanted.name.is_some() || asked.unwrap_or(wanted.context) == Context::Processes;
        let place = if is_shared { shared(bytes, wanted)? } else { Place::Heap(Block::zeroed::<T>(bytes)?) };
        Ok(Memory::at::<T>(place, bytes, Id::new()))
    }

    /// What another program has put under this name.
    #[cfg(target_os = "linux")]
    pub(super) fn attach<T: Element>(name: &str, elements: Option<usize>) -> Result<Memory, Error> {
        let segment = Segment::attach(name, NEED).map_err(refused)?;
        let needed = size_in_bytes::<T>(elements).unwrap_or(usize::MAX);
        // there is no memory without any bytes, and some programs make whole pages
        let exact = needed.max(1);
        let whole = exact.checked_next_multiple_of(rustix::param::page_size());
        if ![Some(exact), whole].contains(&Some(segment.len())) {
            return Err(Error::new(
                ErrorKind::Array,
                format_args!(
                    "the shared memory {name} has {} bytes, and an array of this shape and type has {needed}: say the \
                     shape and the type that it was made with",
                    segment.len()
                ),
            ));
        }
        Ok(Memory::at::<T>(Place::Own(segment), needed, Id::new()))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn attach<T: Element>(_: &str, _: Option<usize>) -> Result<Memory, Error> {
        Err(refused(crate::sys::unsupported()))
    }

    /// What another process has lent.
    #[cfg(target_os = "linux")]
    pub(super) fn borrow<T: Element>(
        id: Id,
        ticket: Ticket,
        bytes: usize,
        access: Access,
    ) -> Result<Memory, Error> {
        let segment = Segment::open(&ticket).map_err(refused)?;
        if segment.len() < bytes {
            return Err(Error::new(ErrorKind::Array, "the memory of an array is smaller than the array"));
        }
        if access == Access::Read {
            segment.protect_all_read_only().map_err(refused)?;
        }
        let file = file_at(&ticket);
        let touched = Touched::new(bytes);
        Ok(Memory::at::<T>(Place::Borrowed { segment, ticket, file, access, touched }, bytes, id))
    }

    fn at<T: Element>(place: Place, bytes: usize, id: Id) -> Memory {
        const { assert!(align_of::<T>() <= 4096, "an element is aligned to at most a page") };
        const { assert!(!std::mem::needs_drop::<T>(), "an element is mere bytes") };
        Memory { place, bytes, element: TypeId::of::<T>(), id }
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        match &self.place {
            Place::Heap(block) => block.base,
            #[cfg(target_os = "linux")]
            Place::Own(segment) | Place::Borrowed { segment, .. } => segment.base(),
        }
    }

    pub(super) fn id(&self) -> Id {
        self.id
    }

    /// Does it hold so many elements of this type?
    pub(super) fn holds<T: Element>(&self, elements: usize) -> bool {
        self.element == TypeId::of::<T>()
            && size_in_bytes::<T>(Some(elements)).is_some_and(|bytes| bytes <= self.bytes)
    }

    /// May this process write it, if nobody else looks?
    pub(super) fn is_own(&self) -> bool {
        match &self.place {
            Place::Heap(_) => true,
            #[cfg(target_os = "linux")]
            Place::Own(_) => true,
            #[cfg(target_os = "linux")]
            Place::Borrowed { .. } => false,
        }
    }

    /// Does its mapping allow that? Whether somebody looks meanwhile is another question.
    pub(super) fn is_mapped_for(&self, wanted: Access) -> bool {
        self.is_own() || self.is_lent_for(wanted)
    }

    #[cfg(target_os = "linux")]
    fn is_lent_for(&self, wanted: Access) -> bool {
        matches!(&self.place, Place::Borrowed { access, .. } if *access >= wanted)
    }

    /// Nobody else lends anything.
    #[cfg(not(target_os = "linux"))]
    fn is_lent_for(&self, _: Access) -> bool {
        false
    }

    /// Bytes of it will be written.
    #[cfg(target_os = "linux")]
    pub(super) fn will_be_written(&self, range: Range<usize>) {
        if let Place::Borrowed { segment, access: Access::Write, touched, .. } = &self.place {
            touched.touch(range).for_each(|part| segment.find_pages(part));
        }
    }

    /// On the heap there is nothing to find.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn will_be_written(&self, _: Range<usize>) {}

    /// Has its owner dropped it?
    #[cfg(target_os = "linux")]
    pub(super) fn is_abandoned(&self) -> bool {
        match &self.place {
            Place::Borrowed { ticket, file, .. } => file_at(ticket) != *file,
            Place::Heap(_) | Place::Own(_) => false,
        }
    }

    /// How other processes find it; none if they cannot.
    #[cfg(target_os = "linux")]
    pub(super) fn ticket(&self) -> Result<Option<Ticket>, Error> {
        match &self.place {
            Place::Heap(_) => Ok(None),
            Place::Own(segment) => {
                segment.ticket().map(Some).map_err(|error| Error::new(ErrorKind::Array, error))
            }
            Place::Borrowed { ticket, .. } => Ok(Some(ticket.clone())),
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        #[cfg(target_os = "linux")]
        if let Place::Own(segment) = &self.place {
            segment.give_back();
        }
    }
}

/// Device and inode.
#[cfg(target_os = "linux")]
type FileId = (u64, u64);

#[cfg(target_os = "linux")]
fn file_at(ticket: &Ticket) -> Option<FileId> {
    let about = std::fs::metadata(ticket.path()?).ok()?;
    Some((about.dev(), about.ino()))
}

impl Id {
    fn new() -> Id {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Id { pid: std::process::id(), number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }
}

#[cfg(target_os = "linux")]
fn shared(bytes: usize, wanted: &Wanted) -> Result<Place, Error> {
    let segment = match &wanted.name {
        Some(name) => Segment::named(name, bytes.max(1), NEED),
        None => Segment::reserving(std::slice::from_ref(&(0..bytes)), bytes, wanted.backend.into(), NEED),
    };
    segment.map(Place::Own).map_err(refused)
}

#[cfg(not(target_os = "linux"))]
fn shared(_: usize, _: &Wanted) -> Result<Place, Error> {
    Err(refused(crate::sys::unsupported()))
}

pub(super) fn size_in_bytes<T>(elements: Option<usize>) -> Option<usize> {
    elements?.checked_mul(size_of::<T>()).filter(|bytes| isize::try_from(*bytes).is_ok())
}

/// Why workers that are processes cannot see an array.
#[cold]
pub(super) fn not_shared() -> Error {
    Error::new(
        ErrorKind::Start,
        "a shared array was made for threads, and workers that are processes cannot see it: make it while \
         `CONVEYOR_CONTEXT` is neither `threads` nor `serial`, without `.context(..)` or with \
         `.context(Context::Processes)`, or use it in the context that it was made for",
    )
}

fn refused(error: Error) -> Error {
    error.of_kind(ErrorKind::Array)
}

/// Zeroed memory of the heap. Large blocks come from the system as they are, and are not touched here: so the alignment is
/// made here, because an allocator that is asked for it writes the zeros itself.
struct Block {
    base: NonNull<u8>,
    /// What was allocated.
    start: NonNull<u8>,
    layout: Layout,
}

impl Block {
    fn zeroed<T>(bytes: usize) -> Result<Block, Error> {
        // whole lines, so that arrays share none
        let align = align_of::<T>().max(128);
        let layout = bytes.checked_add(align).and_then(|len| Layout::from_size_align(len, 1).ok());
        let block = layout.and_then(|layout| {
            // SAFETY: the size is not 0.
            let start = NonNull::new(unsafe { alloc_zeroed(layout) })?;
            // SAFETY: less than `align` bytes further, and so many there are more than needed.
            let base = unsafe { start.add(start.align_offset(align)) };
            Some(Block { base, start, layout })
        });
        block.ok_or_else(|| {
            let needed = bytes.div_ceil(1 << 20);
            Error::new(
                ErrorKind::Array,
                format_args!("the array needs {needed} MiB of memory, which cannot be had: make it smaller"),
            )
        })
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout in `zeroed`.
        unsafe { dealloc(self.start.as_ptr(), self.layout) };
    }
}

// SAFETY: a block is memory and belongs to no thread.
unsafe impl Send for Block {}
// SAFETY: it gives out a pointer only; whoever dereferences it answers for races.
unsafe impl Sync for Block {}
