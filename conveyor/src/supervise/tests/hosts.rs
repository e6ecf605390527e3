//! Hosts that behave in unusual ways. They are themselves workers, so that they can be spoilt and killed.

use super::*;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Resource, Rlimit, WaitId, WaitIdOptions, getrlimit, setrlimit, waitid};
use std::io::{Read, Write, pipe};
use std::path::PathBuf;
use std::process::Command;

fn clean(main: Main) {
    assert_eq!(Run::of(&[main]).all(), [Event::Ended(0, Death::Clean), Event::AllGone]);
}

/// Whether this process has a child, dead or alive.
fn has_children() -> bool {
    let found = waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOHANG);
    found.err() != Some(rustix::io::Errno::CHILD)
}

#[test]
fn no_worker_outlives_a_host_that_is_killed_at_any_moment() {
    /// Its workers inherit its standard output, so the pipe ends when the last of them is gone.
    fn host(_: Order, segment: Segment) -> i32 {
        rustix::stdio::dup2_stdout(of_parent(&segment)).unwrap();
        println!("host");
        let _run = Run::of(&[wait_for_ever as Main; 3]);
        println!("all workers run");
        park()
    }
    for moment_us in (0..8000).step_by(400) {
        let (mut reader, writer) = pipe().unwrap();
        let run = Run::of_host(host, &writer);
        let mut first = [0; 5];
        reader.read_exact(&mut first).unwrap();
        drop(writer);
        // Where the host is by then differs from time to time, and that is the purpose.
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_micros(moment_us) {
            std::hint::spin_loop();
        }
        run.supervisor.kill_all();
        assert_eq!(run.next(), Event::Ended(0, Death::Killed));
        loop {
            let mut ready = [PollFd::new(&reader, PollFlags::IN)];
            let deadline = Timespec { tv_sec: DEADLINE.as_secs() as i64, tv_nsec: 0 };
            assert_eq!(poll(&mut ready, Some(&deadline)).unwrap(), 1, "a worker has outlived its host");
            if reader.read(&mut [0; 64]).unwrap() == 0 {
                break;
            }
        }
    }
}

#[test]
fn a_host_that_ignores_dying_children_gets_no_status() {
    clean(|_, _| {
        // SAFETY: no handler is installed.
        unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
        // some have ended before anybody could watch them
        let as_expected = |_| Run::of(&[|_, _| 3]).all() == [Event::Ended(0, Death::Unknown), Event::AllGone];
        i32::from(!(0..100).all(as_expected))
    });
}

#[test]
fn a_host_without_descriptors_is_told_so_and_left_clean() {
    clean(|_, _| {
        let limit = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: Some(24), ..limit }).unwrap();
        let error = Run::start(&[wait_for_ever as Main; 16], [0; 2], Backend::Memfd, false).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Start);
        assert!(error.to_string().contains("ulimit -n"), "{error}");
        assert!(!has_children());
        setrlimit(Resource::Nofile, limit).unwrap();
        i32::from(Run::of(&[|_, _| 0]).next() != Event::Ended(0, Death::Clean))
    });
}

#[test]
fn a_run_leaves_neither_zombies_nor_descriptors() {
    clean(|_, _| {
        let descriptors = || std::fs::read_dir("/proc/self/fd").unwrap().count();
        let before = descriptors();
        for _ in 0..3 {
            Run::of(&[|_, _| 0, |_, _| 1, wait_for_ever]).all();
        }
        i32::from(has_children() || descriptors() != before)
    });
}

#[test]
fn arguments_environment_and_directory_are_the_hosts() {
    clean(|_, _| {
        std::env::set_current_dir("/tmp").unwrap();
        // SAFETY: no other thread of this process uses the environment.
        unsafe { std::env::set_var("CONVEYOR_TEST_VARIABLE", "as set") };
        let main: Main = |_, _| {
            let same =
                std::fs::read("/proc/self/cmdline").unwrap() == std::fs::read(of_host("cmdline")).unwrap();
            let variable = std::env::var("CONVEYOR_TEST_VARIABLE");
            let directory = std::env::current_dir().unwrap();
            let as_set = variable.as_deref() == Ok("as set") && directory == std::path::Path::new("/tmp");
            i32::from(!(same && as_set))
        };
        i32::from(Run::of(&[main]).next() != Event::Ended(0, Death::Clean))
    });
}

fn of_host(file: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{}/{file}", rustix::process::getppid().unwrap()))
}

#[test]
fn what_a_killed_owner_left_is_swept_by_the_next() {
    fn host(_: Order, segment: Segment) -> i32 {
        let owned = Segment::create(4096, Backend::Named).unwrap();
        let (ticket, _) = owned.hand_over(true).unwrap();
        of_parent(&segment).write_all(ticket.to_string().as_bytes()).unwrap();
        park()
    }
    let (mut reader, writer) = pipe().unwrap();
    let run = Run::of_host(host, &writer);
    let mut ticket = [0; 256];
    let len = reader.read(&mut ticket).unwrap();
    let ticket = std::str::from_utf8(&ticket[..len]).unwrap();
    let path = format!("/dev/shm{}", ticket.rsplit(':').next().unwrap());
    drop(Segment::create(4096, Backend::Named).unwrap());
    assert!(std::fs::exists(&path).unwrap(), "its owner lives");
    run.supervisor.kill_all();
    run.all();
    // A sweeper of another test may have it in hand just now.
    let start = std::time::Instant::now();
    while std::fs::exists(&path).unwrap() {
        assert!(start.elapsed() < DEADLINE, "{path} is still there");
        drop(Segment::create(4096, Backend::Named).unwrap());
    }
}

/// Runs `test` of this program again, with a variable set.
fn again(program: &std::path::Path, test: &str, variable: &str, value: &str) -> std::process::Output {
    let test = format!("supervise::tests::hosts::{test}");
    Command::new(program).args(["--exact", &test, "--nocapture"]).env(variable, value).output().unwrap()
}

#[test]
fn a_program_whose_file_is_gone_still_finds_itself() {
    const VARIABLE: &str = "CONVEYOR_TEST_COPY";
    if let Some(copy) = std::env::var_os(VARIABLE) {
        std::fs::remove_file(&copy).unwrap();
        std::fs::write(&copy, "another program").unwrap();
        clean(|_, _| 0);
        return std::fs::remove_file(copy).unwrap();
    }
    let copy = std::env::temp_dir().join(format!("conveyor-test-{}", std::process::id()));
    // by another program: nobody starts a file that somebody has open for writing, and other tests start programs, too
    assert!(Command::new("cp").args([&std::env::current_exe().unwrap(), &copy]).status().unwrap().success());
    let output =
        again(&copy, "a_program_whose_file_is_gone_still_finds_itself", VARIABLE, copy.to_str().unwrap());
    assert!(output.status.success(), "{output:?}");
    assert!(!copy.exists(), "the test has run there");
}

#[test]
fn a_process_that_should_have_been_a_worker_starts_none() {
    if std::env::var_os(hook::VARIABLE).is_some() {
        let error = Run::start(&[|_, _| 0], [0; 2], Backend::Memfd, false).err().unwrap();
        return assert!(error.to_string().contains("conveyor::init()"), "{error}");
    }
    let program = std::env::current_exe().unwrap();
    let test = "a_process_that_should_have_been_a_worker_starts_none";
    let output = again(&program, test, hook::VARIABLE, "conveyor 0 0 1 for another program");
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

#[test]
fn a_worker_without_its_parent_ends() {
    let program = crate::sys::order::tests::text_for(i32::MAX as u32);
    let output = again(&std::env::current_exe().unwrap(), "none", hook::VARIABLE, &program);
    assert_eq!(output.status.code(), Some(crate::sys::death::exit::ORPHANED), "{output:?}");
}
