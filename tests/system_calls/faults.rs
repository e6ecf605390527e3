//! Which system calls fail, and how.

/// What fails, and how.
pub(crate) const FAULTS: &[(&str, &str)] = &[
    ("memfd_create", "ENOMEM"),
    ("ftruncate", "EFBIG"),
    ("fallocate", "ENOSPC"),
    ("fcntl", "EPERM"),
    ("fstat", "EIO"),
    ("newfstatat", "EACCES"),
    ("statx", "EACCES"),
    ("statfs", "ENOSYS"),
    ("readlink", "EACCES"),
    ("getcwd", "ENOENT"),
    ("getdents64", "EIO"),
    ("mmap", "ENOMEM"),
    ("munmap", "ENOMEM"),
    ("mprotect", "EACCES"),
    ("madvise", "EINVAL"),
    ("pidfd_open", "ENOSYS"),
    ("pidfd_send_signal", "EPERM"),
    ("clone3", "EAGAIN"),
    ("execve", "ENOENT"),
    ("execve", "EACCES"),
    ("pipe2", "EMFILE"),
    ("eventfd2", "EMFILE"),
    ("dup2", "EBUSY"),
    ("prctl", "EPERM"),
    ("prlimit64", "EPERM"),
    ("openat", "EMFILE"),
    ("ioctl", "EIO"),
    ("lseek", "EIO"),
    ("read", "EINTR"),
    ("read", "EIO"),
    ("write", "EINTR"),
    ("write", "EIO"),
    ("close", "EIO"),
    ("unlink", "EACCES"),
    ("flock", "ENOLCK"),
    ("fdatasync", "EIO"),
    ("ppoll", "EINTR"),
    ("waitid", "EINTR"),
    ("futex_waitv", "EINTR"),
    ("futex_waitv", "ENOSYS"),
    ("rt_sigaction", "EINVAL"),
    ("rt_sigprocmask", "EINVAL"),
    ("sigaltstack", "ENOMEM"),
    ("sched_getaffinity", "EPERM"),
    ("sched_yield", "ENOSYS"),
];

/// Which of them not every run makes: whether the last words of a worker have come before its end is left to chance.
pub(crate) const BY_CHANCE: &[&str] = &["ioctl"];

/// What the error says if a run cannot go on without it.
pub(crate) const TEXTS: &[(&str, &str)] = &[
    ("memfd_create:error", "memfd_create failed"),
    ("fallocate:error", "MiB of shared memory"),
    ("pidfd_open:error", "does not let processes be watched"),
];

/// What never fails, and what only the loader and the C library call for themselves. `futex`: strace cannot tell those that
/// wait, which may fail, from those that wake, which never do.
pub(crate) const NOT_FAILING: &[&str] = &[
    "futex",
    "exit",
    "exit_group",
    "getpid",
    "getppid",
    "gettid",
    "getrandom",
    "restart_syscall",
    "access",
    "arch_prctl",
    "brk",
    "open",
    "pread64",
    "rseq",
    "set_robust_list",
    "set_tid_address",
];
