//! Runs a generated program under a watchdog.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run has printed, or what is wrong with it.
pub(crate) fn run(program: &Path, graph: &str, context: &str, sinks: &Path) -> Result<String, String> {
    let mut child = Command::new(program)
        .args([graph, context])
        .arg(sinks)
        .env("CONVEYOR_WORKERS", "2")
        .env_remove("CONVEYOR_CONTEXT")
        .env_remove("CONVEYOR_FUSE")
        .env_remove("CONVEYOR_GRAPH")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let (done, ended) = channel();
    for stream in
        [child.stdout.take().map(Reader::Out), child.stderr.take().map(Reader::Err)].into_iter().flatten()
    {
        let done = done.clone();
        std::thread::spawn(move || done.send(stream.text()));
    }
    let mut texts = [String::new(), String::new()];
    for _ in 0..texts.len() {
        match ended.recv_timeout(PATIENCE) {
            Ok((at, text)) => texts[at] = text,
            Err(_) => {
                // it may have ended just now
                let _ = child.kill();
                let _ = child.wait();
                return Err("it hangs".to_owned());
            }
        }
    }
    let [printed, complaints] = texts;
    match child.wait() {
        Ok(status) if status.success() => Ok(printed),
        Ok(status) => Err(format!("{status}\n{complaints}")),
        Err(error) => Err(error.to_string()),
    }
}

enum Reader {
    Out(std::process::ChildStdout),
    Err(std::process::ChildStderr),
}

impl Reader {
    /// All of it, with the number of the stream.
    fn text(self) -> (usize, String) {
        let mut bytes = Vec::new();
        // what could be read so far says enough
        let (at, _) = match self {
            Reader::Out(mut stream) => (0, stream.read_to_end(&mut bytes)),
            Reader::Err(mut stream) => (1, stream.read_to_end(&mut bytes)),
        };
        (at, String::from_utf8_lossy(&bytes).into_owned())
    }
}
