//! How much processor time a process or a thread has used.

use std::time::Duration;

/// Of all its threads, since its start. `None` if there is no such process, or the system does not tell.
pub(crate) fn processor_time(process: u32) -> Option<Duration> {
    let process = libc::pid_t::try_from(process).ok()?;
    let mut clock = 0;
    // SAFETY: the call writes one clock's number to where the pointer leads.
    if unsafe { libc::clock_getcpuclockid(process, &raw mut clock) } != 0 {
        return None;
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one time to where the pointer leads.
    if unsafe { libc::clock_gettime(clock, &raw mut time) } != 0 {
        return None;
    }
    Some(Duration::new(time.tv_sec.try_into().ok()?, time.tv_nsec.try_into().ok()?))
}

/// Of the calling thread, since its start.
pub(crate) fn own_processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().unwrap_or_default()
}

/// The core that the calling thread is on, counted from 0.
pub(crate) fn own_core() -> usize {
    rustix::thread::sched_getcpu()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_thread_goes_on_while_it_works() {
        let (before, mut sum) = (own_processor_time(), 0_u64);
        while own_processor_time() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
    }

    #[test]
    fn work_takes_time_and_nobody_takes_none() {
        let own = || processor_time(std::process::id()).expect("this process is there");
        let (before, mut sum) = (own(), 0_u64);
        while own() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert_eq!(processor_time(u32::MAX), None);
    }
}
