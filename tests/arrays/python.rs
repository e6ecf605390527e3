//! Arrays shared with Python's `multiprocessing.shared_memory`.

use super::named::{file, new_name};
use crate::harness::{Place, watched};
use conveyor::array::Order;
use conveyor::{Backend, Context, Fuse, SharedArray, pipeline};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};

const PLACE: Place = Place(Context::Processes, Backend::Memfd, Fuse::None);

/// With numpy if it is there, and with a view of plain memory otherwise; both are indexed by `at`.
const PRELUDE: &str = "
import sys
from multiprocessing.shared_memory import SharedMemory
def table(memory, rows, columns):
    try:
        import numpy
        table = numpy.ndarray((rows, columns), dtype=numpy.float64, buffer=memory.buf)
        print('with numpy', file=sys.stderr)
        return table
    except ImportError:
        print('without numpy', file=sys.stderr)
        return memory.buf[:rows * columns * 8].cast('B').cast('d', (rows, columns))
";

struct Python {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    errors: ChildStderr,
}

/// Nothing if there is no Python.
fn python(program: &str) -> Option<Python> {
    let python = Command::new("python3")
        .args(["-c", &format!("{PRELUDE}{program}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match python {
        Ok(child) => child,
        Err(error) => {
            eprintln!("there is no python3 ({error}): nothing was tested");
            return None;
        }
    };
    let to = child.stdin.take().expect("it is piped");
    let from = BufReader::new(child.stdout.take().expect("it is piped"));
    let errors = child.stderr.take().expect("it is piped");
    Some(Python { child, to, from, errors })
}

impl Python {
    fn says(&mut self) -> String {
        let mut line = String::new();
        self.from.read_line(&mut line).expect("it is text");
        if line.is_empty() {
            self.errors.read_to_string(&mut line).expect("it is text");
            panic!("Python has ended: {line}");
        }
        line.trim().to_owned()
    }

    fn hears(&mut self, line: &str) {
        writeln!(self.to, "{line}").expect("it reads");
    }

    fn ends(mut self) {
        drop(self.to);
        // also that of the process which removes names when Python has ended
        let mut errors = String::new();
        self.errors.read_to_string(&mut errors).expect("it is text");
        eprintln!("{errors}");
        assert!(self.child.wait().expect("it was started here").success());
    }
}

#[test]
fn python_attaches() {
    watched("Python attaches", PLACE, |place| {
        let name = new_name("python");
        let array = SharedArray::build([2, 3]).name(&name).from_fn(|i| i as f64).expect("the name is free");
        let program = format!(
            "
memory = SharedMemory(name='{name}')
it = table(memory, 2, 3)
print(memory.size, it[1, 0], it[1, 2])
it[0, 1] = 40.5
del it
memory.close()
"
        );
        let Some(mut python) = python(&program) else { return };
        assert_eq!(python.says(), "48 3.0 5.0");
        python.ends();
        assert_eq!(array.as_slice(), [0.0, 40.5, 2.0, 3.0, 4.0, 5.0]);
        // before version 3.13 Python has removed the name when it ended; workers find the array all the same
        let lookup = pipeline! {
            <u64 -> f64>(array: SharedArray<f64> = array.clone());
            processor(|i| array.as_slice()[i as usize])
        };
        assert_eq!(place.outputs(lookup, [1, 5]), [40.5, 5.0]);
        drop(array);
        assert!(!file(&name).exists());
    });
}

#[test]
fn python_makes_it() {
    watched("Python makes it", PLACE, |place| {
        let name = new_name("pythons");
        let program = format!(
            "
memory = SharedMemory(name='{name}', create=True, size=48)
it = table(memory, 2, 3)
it[1, 2] = 2.5
print('ready', flush=True)
sys.stdin.readline()
print(it[0, 1])
del it
memory.close()
memory.unlink()
"
        );
        let Some(mut python) = python(&program) else { return };
        assert_eq!(python.says(), "ready");
        // SAFETY: Python waits.
        let mut array =
            unsafe { SharedArray::<f64>::attach(&name, [2, 3], Order::RowMajor) }.expect("it is there");
        assert_eq!(array.as_slice(), [0.0, 0.0, 0.0, 0.0, 0.0, 2.5]);
        array.as_mut_slice().expect("there is one handle")[1] = 7.25;
        let lookup = pipeline! {
            <u64 -> f64>(array: SharedArray<f64> = array);
            processor(|i| array.as_slice()[i as usize])
        };
        assert_eq!(place.outputs(lookup, [1, 5]), [7.25, 2.5]);
        python.hears("");
        assert_eq!(python.says(), "7.25");
        python.ends();
        assert!(!file(&name).exists());
    });
}
