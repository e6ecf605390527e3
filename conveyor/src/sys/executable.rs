//! The program this process runs: its file, its build, and where its functions lie.
//!
//! A worker runs the very same file, so a function has the same offset from the program's load address there.

use crate::{Error, ErrorKind};
use std::ffi::{c_int, c_void};
use std::fs::Metadata;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::OnceLock;

const LINK: &str = "/proc/self/exe";

/// Which file the program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) device: u64,
    pub(super) inode: u64,
}

impl From<Metadata> for File {
    fn from(about: Metadata) -> File {
        File { device: about.dev(), inode: about.ino() }
    }
}

/// The file of this program, even if it has been renamed or removed since.
pub(super) fn file() -> std::io::Result<File> {
    std::fs::metadata(LINK).map(File::from)
}

/// A path to start this program by: its own if it still leads to the same file, for the sake of whoever looks at the
/// list of processes.
pub(super) fn path() -> std::io::Result<PathBuf> {
    let file = file()?;
    let path = std::fs::read_link(LINK)?;
    let same = std::fs::metadata(&path).is_ok_and(|about| File::from(about) == file);
    Ok(if same { path } else { PathBuf::from(LINK) })
}

/// The main program as it lies in memory.
pub(super) struct Image {
    base: usize,
    code: Vec<Range<usize>>,
    /// The addresses of its list of constructors; empty if it does not say, as a static program at a fixed address.
    pub(super) constructors: Range<usize>,
    /// A fingerprint of the link: of the segments' places and sizes, and of the notes (the build id is one of them).
    pub(super) build: u64,
}

/// The image of this program.
pub(super) fn image() -> &'static Image {
    static IMAGE: OnceLock<Image> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let mut image = Image { base: 0, code: Vec::new(), constructors: 0..0, build: 0 };
        // SAFETY: `first` is called during this call only, with the pointer given here.
        unsafe { libc::dl_iterate_phdr(Some(first), (&raw mut image).cast()) };
        image
    })
}

/// Fills in the [`Image`] at `image` from the first object, which is the main program.
///
/// # Safety
/// Only for `dl_iterate_phdr`, with an `image` that nobody else uses meanwhile.
unsafe extern "C" fn first(info: *mut libc::dl_phdr_info, _size: usize, image: *mut c_void) -> c_int {
    // SAFETY: the C library hands in a valid description, and `image` is what `image()` gave.
    let (info, image) = unsafe { (&*info, &mut *image.cast::<Image>()) };
    // SAFETY: these are the program headers, which stay mapped as long as the program runs.
    let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    // Addresses wrap: a load address may be "negative".
    image.base = info.dlpi_addr as usize;
    let mut print = Fingerprint::default();
    for header in headers {
        let start = image.base.wrapping_add(header.p_vaddr as usize);
        let len = header.p_memsz as usize;
        print.add(&u64::from(header.p_type).to_ne_bytes());
        print.add(&header.p_vaddr.to_ne_bytes());
        print.add(&header.p_memsz.to_ne_bytes());
        match header.p_type {
            libc::PT_LOAD if header.p_flags & libc::PF_X != 0 => image.code.push(start..start + len),
            libc::PT_NOTE => {
                // SAFETY: a note segment is loaded, readable and never written.
                print.add(unsafe { std::slice::from_raw_parts(start as *const u8, len) });
            }
            libc::PT_DYNAMIC => {
                // SAFETY: the loaded dynamic section is a list of entries, and ends as it must.
                image.constructors = unsafe { constructors(start as *const Dynamic, image.base) };
            }
            _ => {}
        }
    }
    image.build = print.0;
    1
}

/// An entry of the dynamic section, as the ELF specification has it.
#[repr(C)]
struct Dynamic {
    tag: isize,
    value: usize,
}

const DT_NULL: isize = 0;
const DT_INIT_ARRAY: isize = 25;
const DT_INIT_ARRAYSZ: isize = 27;

/// Where the dynamic section says that the constructors are.
///
/// # Safety
/// `entry` points to the first entry of a list that ends with one of tag `DT_NULL`.
unsafe fn constructors(mut entry: *const Dynamic, base: usize) -> Range<usize> {
    let (mut start, mut len) = (0, 0);
    loop {
        // SAFETY: every entry up to the last, which ends this loop, may be read.
        let Dynamic { tag, value } = unsafe { entry.read() };
        match tag {
            DT_NULL => return start..start + len,
            DT_INIT_ARRAY => start = base.wrapping_add(value),
            DT_INIT_ARRAYSZ => len = value,
            _ => {}
        }
        entry = entry.wrapping_add(1);
    }
}

/// FNV-1a.
struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl Image {
    /// The offset of a function, given by its address.
    pub(super) fn offset_of(&self, address: usize) -> Result<usize, Error> {
        if self.is_code(address) {
            return Ok(address.wrapping_sub(self.base));
        }
        Err(Error::new(
            ErrorKind::Start,
            "this pipeline lies in a library that another program has loaded, and that program cannot be started \
             again as a worker: use Context::Threads",
        ))
    }

    /// The address of the function at an offset; none if there is no code.
    pub(super) fn address_at(&self, offset: usize) -> Option<usize> {
        Some(self.base.wrapping_add(offset)).filter(|address| self.is_code(*address))
    }

    fn is_code(&self, address: usize) -> bool {
        self.code.iter().any(|range| range.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_again_and_data_is_none() {
        let function = path as fn() -> _ as usize;
        let offset = image().offset_of(function).unwrap();
        assert_eq!(image().address_at(offset), Some(function));
        let elsewhere = Box::new(0u8);
        assert!(image().offset_of(&raw const *elsewhere as usize).is_err());
        assert!(image().offset_of(libc::getpid as *const () as usize).is_err());
    }

    #[test]
    fn the_path_leads_to_the_running_program() {
        let about = std::fs::metadata(path().unwrap()).unwrap();
        assert_eq!(File::from(about), file().unwrap());
        assert_ne!(path().unwrap(), PathBuf::from(LINK));
    }
}
