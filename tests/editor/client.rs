//! A language server as a child process: JSON-RPC over its standard streams.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long the server may be silent while something is expected from it.
const WATCHDOG: Duration = Duration::from_secs(120);

/// The document, or what the server knows, has changed while it was at work: ask again.
const ASK_AGAIN: [i64; 2] = [-32801, -32802];

pub(crate) struct Client {
    /// It ends when this side closes its standard input.
    _server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    asked: u64,
}

impl Client {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let input = server.stdin.take().expect("it is piped");
        let output = server.stdout.take().expect("it is piped");
        let (sender, messages) = channel();
        thread::spawn(move || receive(output, &sender));
        Client { _server: server, input, messages, asked: 0 }
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        loop {
            self.asked += 1;
            let id = self.asked;
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
            let mut answer = self.wait(method, |message| message["method"].is_null() && message["id"] == id);
            match &answer["error"] {
                Value::Null => return answer["result"].take(),
                error if ASK_AGAIN.iter().any(|code| error["code"] == *code) => {}
                error => panic!("{method}: {error}\n{params:#}"),
            }
        }
    }

    pub(crate) fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next message that is wanted. What the server asks in the meantime is answered with nothing.
    pub(crate) fn wait(&mut self, for_what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self
                .messages
                .recv_timeout(WATCHDOG)
                .unwrap_or_else(|error| panic!("rust-analyzer, waiting for {for_what}: {error}"));
            if is_wanted(&message) {
                return message;
            }
            if !message["method"].is_null() && !message["id"].is_null() {
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len())
            .and_then(|()| self.input.flush())
            .expect("rust-analyzer listens");
    }
}

/// Until the stream ends, or is no protocol any more: then whoever waits is told so by the closed channel.
fn receive(output: ChildStdout, messages: &Sender<Value>) {
    let mut output = BufReader::new(output);
    while let Some(message) = message(&mut output) {
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn message(output: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
