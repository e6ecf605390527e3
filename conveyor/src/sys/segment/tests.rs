use super::*;
use crate::sync::{AtomicU32, Ordering};
use rustix::fs::{Mode, OFlags, ftruncate, open};
use rustix::io::Errno;

pub(super) const NEED: Need = Need { who: "a test", help: "test less" };

const BACKENDS: [Backend; 2] = [Backend::Memfd, Backend::Named];

fn word(segment: &Segment) -> &AtomicU32 {
    // SAFETY: a segment is at least a page, page-aligned and mapped while it is borrowed.
    unsafe { segment.base().cast().as_ref() }
}

/// The ticket that is not by standard input, which the tests have to leave alone.
fn ticket(segment: &Segment) -> Ticket {
    segment.hand_over(true).unwrap().0
}

#[test]
fn a_second_mapping_shows_the_same_memory() {
    for backend in BACKENDS {
        let first = Segment::create(5000, backend).unwrap();
        let second = Segment::open(&ticket(&first)).unwrap();
        assert_eq!((first.len(), second.len()), (8192, 8192));
        assert_eq!(word(&second).load(Ordering::Relaxed), 0);
        word(&first).store(7, Ordering::Relaxed);
        assert_eq!(word(&second).load(Ordering::Relaxed), 7);
    }
}

#[test]
fn a_ticket_with_another_length_is_refused() {
    for backend in BACKENDS {
        let segment = Segment::create(4096, backend).unwrap();
        let wrong = match ticket(&segment) {
            Ticket::Descriptor { pid, fd, .. } => Ticket::Descriptor { pid, fd, len: 8192 },
            Ticket::Name { name, .. } => Ticket::Name { name, len: 8192 },
            Ticket::Stdin { .. } => unreachable!("asked not to be"),
        };
        let error = Segment::open(&wrong).err().unwrap();
        assert!(error.to_string().contains("8192 bytes were expected and 4096 are there"), "{error}");
    }
}

#[test]
fn a_peer_can_neither_shrink_nor_grow_it() {
    let segment = Segment::create(8192, Backend::Memfd).unwrap();
    let Ticket::Descriptor { fd, .. } = ticket(&segment) else { panic!("not a memfd") };
    let peer = open(format!("/proc/self/fd/{fd}"), OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()).unwrap();
    assert_eq!(ftruncate(&peer, 0), Err(Errno::PERM));
    assert_eq!(ftruncate(&peer, 16384), Err(Errno::PERM));
}

#[test]
fn more_than_there_is_is_an_error_that_says_so() {
    for backend in BACKENDS {
        for len in [1 << 45, usize::MAX] {
            let error = Segment::create(len, backend).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Start);
            let text = error.to_string();
            assert!(text.contains(&format!("a test needs {} MiB", (len as u64).div_ceil(1 << 20))), "{text}");
            assert!(text.contains("can be had: test less, or"), "{text}");
        }
    }
}

#[test]
fn its_space_is_reserved() {
    let segment = Segment::create(1 << 20, Backend::Named).unwrap();
    let Ticket::Name { name, .. } = ticket(&segment) else { panic!("not named") };
    let file = std::fs::metadata(format!("/dev/shm{name}")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::blocks(&file) * 512, 1 << 20);
}

#[test]
fn it_belongs_to_its_user_alone() {
    let segment = Segment::create(4096, Backend::Named).unwrap();
    let path = ticket(&segment).path().unwrap();
    let file = std::fs::metadata(path).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&file) & 0o7777, 0o600);
}

/// What the system notes about the mapping at this address.
fn flags_of(start: usize) -> String {
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let start = format!("{start:x}-");
    let mut of_it = maps.lines().skip_while(|line| !line.starts_with(&start));
    of_it.find_map(|line| line.strip_prefix("VmFlags: ")).unwrap().to_owned()
}

#[test]
fn core_dumps_and_forked_children_go_without_it() {
    for backend in BACKENDS {
        let owner = Segment::create(4096, backend).unwrap();
        let worker = Segment::open(&ticket(&owner)).unwrap();
        for segment in [owner, worker] {
            let flags = flags_of(segment.base().as_ptr() as usize);
            let has = |flag| flags.split(' ').any(|other| other == flag);
            assert!(has("dd") && has("dc"), "{backend:?}: {flags}");
        }
    }
}

#[test]
fn read_only_pages_are_read_only() {
    let segment = Segment::create(8192, Backend::Memfd).unwrap();
    segment.protect_read_only(4096..8192).unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let start = format!("{:x}-", segment.base().as_ptr() as usize + 4096);
    let line = maps.lines().find(|line| line.starts_with(&start)).unwrap();
    assert!(line.contains(" r--s "), "{line}");
}

#[test]
fn a_name_goes_with_its_owner_only() {
    let owner = Segment::create(4096, Backend::Named).unwrap();
    let Ticket::Name { name, .. } = ticket(&owner) else { panic!("not named") };
    let path = std::path::PathBuf::from(format!("/dev/shm{name}"));
    drop(Segment::open(&ticket(&owner)).unwrap());
    assert!(path.exists());
    drop(owner);
    assert!(!path.exists());
}

#[test]
fn only_leftovers_are_swept() {
    let alive = Segment::create(4096, Backend::Named).unwrap();
    let Ticket::Name { name, .. } = ticket(&alive) else { panic!("not named") };
    let leftover = std::path::Path::new("/dev/shm/conveyor-test-leftover");
    std::fs::write(leftover, "what a killed owner leaves").unwrap();
    // A sweeper of another test may have it in hand just now.
    let start = std::time::Instant::now();
    while leftover.exists() {
        assert!(start.elapsed().as_secs() < 60, "it is still there");
        drop(Segment::create(4096, Backend::Named).unwrap());
    }
    assert!(std::path::Path::new(&format!("/dev/shm{name}")).exists());
}

#[test]
fn what_is_given_back_is_freed_whoever_has_it_mapped() {
    for backend in BACKENDS {
        let owner = Segment::create(1 << 20, backend).unwrap();
        let file = std::fs::File::open(ticket(&owner).path().unwrap()).unwrap();
        let blocks = || std::os::unix::fs::MetadataExt::blocks(&file.metadata().unwrap());
        let other = Segment::open(&ticket(&owner)).unwrap();
        word(&other).store(7, Ordering::Relaxed);
        assert_eq!(blocks() * 512, 1 << 20);
        owner.give_back();
        drop(owner);
        assert_eq!((blocks(), word(&other).load(Ordering::Relaxed)), (0, 0));
    }
}

#[test]
fn what_other_programs_find_by_a_name_stays() {
    let name = format!("segment-test-stays-{}", std::process::id());
    let owner = Segment::named(&name, 4096, NEED).unwrap();
    let other = Segment::attach(&name, NEED).unwrap();
    word(&other).store(7, Ordering::Relaxed);
    owner.give_back();
    drop(owner);
    assert_eq!(word(&other).load(Ordering::Relaxed), 7);
}

/// A child of a plain `fork`.
fn forked(child: impl FnOnce()) {
    // SAFETY: the child makes system calls and frees memory, which it may where the C library has forked it, and ends.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child));
        // SAFETY: nothing of the parent's is to be cleaned up here.
        unsafe { libc::_exit(i32::from(done.is_err())) };
    }
    let mut status = 0;
    // SAFETY: the child is ours, and the status has a place.
    assert_eq!((unsafe { libc::waitpid(pid, &mut status, 0) }, status), (pid, 0));
}

#[test]
fn a_forked_child_gives_nothing_back() {
    let name = format!("segment-test-forked-{}", std::process::id());
    let mut all = Vec::from(BACKENDS.map(|backend| Segment::create(4096, backend).unwrap()));
    all.push(Segment::named(&name, 4096, NEED).unwrap());
    all.iter().for_each(|segment| word(segment).store(7, Ordering::Relaxed));
    forked(|| {
        for segment in all.drain(..) {
            segment.give_back();
        }
    });
    for segment in &all {
        let other = Segment::open(&ticket(segment)).unwrap();
        assert_eq!(word(&other).load(Ordering::Relaxed), 7);
        assert_eq!(word(segment).load(Ordering::Relaxed), 7);
    }
    Segment::attach(&name, NEED).unwrap();
}

#[test]
fn what_is_attached_is_found_without_its_name() {
    let name = format!("segment-test-attached-{}", std::process::id());
    let path = std::path::Path::new("/dev/shm").join(&name);
    std::fs::write(&path, [7; 5000]).unwrap();
    let attached = Segment::attach(&name, NEED).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, [8; 5000]).unwrap();
    let worker = Segment::open(&ticket(&attached)).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!((attached.len(), worker.len()), (5000, 5000));
    word(&attached).store(9, Ordering::Relaxed);
    assert_eq!(word(&worker).load(Ordering::Relaxed), 9);
}

#[test]
fn what_is_attached_has_to_fit_into_memory() {
    let name = format!("segment-test-sparse-{}", std::process::id());
    let path = std::path::Path::new("/dev/shm").join(&name);
    let sparse = std::fs::File::create(&path).unwrap();
    sparse.set_len(1 << 45).unwrap();
    let refused = Segment::attach(&name, NEED).err();
    std::fs::remove_file(&path).unwrap();
    let error = refused.unwrap().to_string();
    assert!(
        error.contains("a test needs 33554432 MiB") && error.contains("can be had: test less"),
        "{error}"
    );
    assert_eq!(std::os::unix::fs::MetadataExt::blocks(&sparse.metadata().unwrap()), 0);
}

/// A name is not refused while another process is about to remove what a dead owner has left there.
#[test]
fn who_wants_a_name_waits_for_a_sweeper() {
    let name = format!("segment-test-swept-{}", std::process::id());
    let [first, alias] =
        [&format!("conveyor-{name}"), &name].map(|name| std::path::Path::new("/dev/shm").join(name));
    let leftover = std::fs::File::create(&first).unwrap();
    leftover.lock().unwrap();
    std::fs::hard_link(&first, &alias).unwrap();
    let inode = std::os::unix::fs::MetadataExt::ino(&leftover.metadata().unwrap());
    std::thread::scope(|scope| {
        let making = scope.spawn(|| Segment::named(&name, 4096, NEED).map(drop));
        let waits = || {
            let locks = std::fs::read_to_string("/proc/locks").unwrap();
            locks.lines().any(|line| line.contains("-> FLOCK") && line.contains(&format!(":{inode} ")))
        };
        while !waits() {
            assert!(!making.is_finished(), "{:?}", making.join());
            std::thread::yield_now();
        }
        std::fs::remove_file(&alias).unwrap();
        std::fs::remove_file(&first).unwrap();
        drop(leftover);
        making.join().unwrap().unwrap();
    });
}

#[test]
fn tickets_survive_as_text() {
    let tickets = [
        Ticket::Stdin { len: 4096 },
        Ticket::Descriptor { pid: 17, fd: 5, len: 8192 },
        Ticket::Name { name: "/conveyor-1-2".to_owned(), len: 4096 },
    ];
    for ticket in tickets {
        assert_eq!(ticket.to_string().parse(), Ok(ticket));
    }
    for text in ["", "stdin", "stdin:x", "stdin:1:2", "fd:1:2", "fd:1:2:x", "name:1", "other:1:2"] {
        assert_eq!(text.parse::<Ticket>(), Err(super::ticket::NoTicket), "{text}");
    }
}
