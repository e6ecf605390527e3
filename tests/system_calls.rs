//! Every system call that a run makes fails once, wherever it stands: a fault that strace injects into the caller and
//! into its workers. Then the program gives the right result, or ends with an error that is shown; it never hangs, and
//! nothing of it stays behind.
//!
//! Its main function is its own, because it is the program, too: started again, it runs a pipeline.
//!
//! `CONVEYOR_FAULTS=all` tries every call at every place where it stands, and not only the first few.

#[cfg(target_os = "linux")]
fn main() {
    if std::env::var_os(linux::PROGRAM).is_some() {
        linux::run_pipeline();
    } else {
        linux::inject();
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use conveyor::{Context, pipeline};
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::Read;
    use std::ops::RangeInclusive;
    use std::os::unix::process::ExitStatusExt;
    use std::path::Path;
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::time::{Duration, Instant};

    /// Set for the program that is to run the pipeline.
    pub(crate) const PROGRAM: &str = "CONVEYOR_TEST_PROGRAM";
    const MESSAGES: u64 = 500;
    /// What hangs does so for longer, on any machine.
    const DEADLINE: Duration = Duration::from_secs(60);
    /// How many places of a call are tried, unless all are.
    const PLACES: usize = 3;

    /// The program looks for it when its `main` begins: what stands before that in a trace is the loader's.
    const MARKER: &str = "/proc/here-begins-main";

    /// What fails, and how. Not `futex`: strace cannot tell those that wait, which may fail, from those that wake, which
    /// never do.
    const FAULTS: &[(&str, &str)] = &[
        ("memfd_create", "ENOMEM"),
        ("ftruncate", "EFBIG"),
        ("fallocate", "ENOSPC"),
        ("fcntl", "EPERM"),
        ("fstat", "EIO"),
        ("mmap", "ENOMEM"),
        ("mprotect", "EACCES"),
        ("madvise", "EINVAL"),
        ("pidfd_open", "ENOSYS"),
        ("pidfd_send_signal", "EPERM"),
        ("clone3", "EAGAIN"),
        ("vfork", "EAGAIN"),
        ("execve", "ENOENT"),
        ("pipe2", "EMFILE"),
        ("eventfd2", "EMFILE"),
        ("dup2", "EBUSY"),
        ("dup3", "EBUSY"),
        ("prctl", "EPERM"),
        ("openat", "EMFILE"),
        ("read", "EINTR"),
        ("read", "EIO"),
        ("write", "EINTR"),
        ("poll", "EINTR"),
        ("ppoll", "EINTR"),
        ("waitid", "EINTR"),
        ("sched_getaffinity", "EPERM"),
        ("sched_yield", "ENOSYS"),
    ];

    pub(crate) fn run_pipeline() {
        // it is not there
        let _ = fs::metadata(MARKER);
        let lengths = pipeline! {
            <u64 -> u64>;
            processor text = |number: u64| "x".repeat(number as usize);
            processor length = |text: &str| text.len() as u64;
            text -> pipe(16) -> balanced fork(2) { length } -> pipe -> join merge;
        };
        let mut run = lengths.context(Context::Processes).run(0..MESSAGES);
        let sum = run.by_ref().sum::<Result<u64, _>>();
        match sum {
            Ok(sum) => println!("the sum is {sum}"),
            Err(error) => {
                eprintln!("{error}");
                std::process::exit(1);
            }
        }
    }

    /// What has come of a program.
    struct Outcome {
        status: ExitStatus,
        stdout: String,
        stderr: String,
    }

    /// Runs the program under strace, with `options`; its own results go to `trace`.
    fn strace(options: &[&str], trace: &Path) -> Result<Outcome, String> {
        let me = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o"]).arg(trace).args(options).arg(me);
        command.env(PROGRAM, "1").env("RUST_BACKTRACE", "0");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("strace is needed: {error}"))?;
        let (stdout, stderr) = (reader(child.stdout.take()), reader(child.stderr.take()));
        let status = wait(&mut child)?;
        let text =
            |reader: std::thread::JoinHandle<String>| reader.join().map_err(|_| "a reader has panicked");
        Ok(Outcome { status, stdout: text(stdout)?, stderr: text(stderr)? })
    }

    /// Reads all of it, on a thread of its own: nobody must wait for a full pipe.
    fn reader(from: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut from) = from {
                // what cannot be read is missing in the comparison
                let _ = from.read_to_end(&mut text);
            }
            String::from_utf8_lossy(&text).into_owned()
        })
    }

    fn wait(child: &mut Child) -> Result<ExitStatus, String> {
        let started = Instant::now();
        loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                return Ok(status);
            }
            if started.elapsed() > DEADLINE {
                // strace takes its program with it
                let _ = child.kill();
                let _ = child.wait();
                return Err("it hangs".to_owned());
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Where each call stands in a trace: behind so many of the loader, and up to so many, in the thread that makes it
    /// most often. Workers have the same loader.
    fn places(trace: &Path) -> BTreeMap<String, RangeInclusive<usize>> {
        let text = fs::read_to_string(trace).expect("strace has written it");
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut of_loader = BTreeMap::new();
        for line in text.lines() {
            if line.contains(MARKER) {
                of_loader = counts.iter().map(|((name, _), count)| (*name, *count)).collect();
            }
            if let Some((pid, call)) = line.split_once(' ')
                && let Some((name, _)) = call.trim_start().split_once('(')
            {
                *counts.entry((name, pid)).or_default() += 1;
            }
        }
        let mut places = BTreeMap::new();
        for ((name, _), count) in counts {
            let first = 1 + of_loader.get(name).copied().unwrap_or(0);
            let so_far = places.entry(name.to_owned()).or_insert(first..=0);
            *so_far = first..=count.max(*so_far.end());
        }
        places
    }

    /// Is the outcome one that a user can live with?
    fn judge(outcome: &Outcome) -> Result<bool, String> {
        let Outcome { status, stdout, stderr } = outcome;
        let sum = format!("the sum is {}\n", MESSAGES * (MESSAGES - 1) / 2);
        match (status.success(), stdout.as_str()) {
            (true, text) if *text == sum => Ok(true),
            (true, text) => Err(format!("a wrong result: {text:?}, {stderr}")),
            (false, "") if !stderr.trim().is_empty() => Ok(false),
            (false, text) => Err(format!(
                "no word of what is wrong: {:?}, signal {:?}, {text:?}, {stderr:?}",
                status.code(),
                status.signal()
            )),
        }
    }

    pub(crate) fn inject() {
        let all = std::env::var_os("CONVEYOR_FAULTS").is_some_and(|value| value == "all");
        let directory = tempfile::tempdir().expect("there is room for a directory");
        let trace = directory.path().join("trace");
        let undisturbed = strace(&[], &trace).and_then(|outcome| judge(&outcome));
        assert_eq!(undisturbed, Ok(true), "without a fault");
        let places = places(&trace);
        let (mut tried, mut survived, mut wrong) = (0, 0, Vec::new());
        for (call, error) in FAULTS {
            let places = places.get(*call).cloned().into_iter().flatten();
            for place in places.take(if all { usize::MAX } else { PLACES }) {
                let fault = format!("inject={call}:error={error}:when={place}");
                let outcome = strace(&["-e", &fault], &trace);
                tried += 1;
                match outcome.and_then(|outcome| judge(&outcome)) {
                    Ok(well) => survived += usize::from(well),
                    Err(what) => wrong.push(format!("{fault}: {what}")),
                }
            }
        }
        println!("{tried} faults: {survived} runs went well all the same, {} badly", wrong.len());
        assert!(tried > FAULTS.len(), "the calls are made: {places:?}");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
