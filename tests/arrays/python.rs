//! Arrays shared with Python's `multiprocessing.shared_memory`.

use super::named::{file, new_name};
use super::untested::not_tested;
use crate::harness::{Place, watched};
use conveyor::array::{FixedStr, Order};
use conveyor::{Backend, Context, Fuse, SharedArray, pipeline};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};

const PLACE: Place = Place(Context::Processes, Backend::Memfd, Fuse::None);

/// With numpy if it is there, and with a view of plain memory otherwise; both are indexed by `at`.
const PRELUDE: &str = "
import sys
from multiprocessing.shared_memory import SharedMemory
try:
    import numpy
except ImportError:
    numpy = None
print('with' if numpy else 'without', 'numpy', flush=True)
def table(memory, rows, columns):
    if numpy:
        return numpy.ndarray((rows, columns), dtype=numpy.float64, buffer=memory.buf)
    return memory.buf[:rows * columns * 8].cast('B').cast('d', (rows, columns))
";

struct Python {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    errors: ChildStderr,
    has_numpy: bool,
}

/// Nothing if there is no Python.
fn python(program: &str) -> Option<Python> {
    let name = std::env::var("CONVEYOR_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let python = Command::new(&name)
        .args(["-c", &format!("{PRELUDE}{program}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match python {
        Ok(child) => child,
        Err(error) => {
            not_tested(&format!(
                "Arrays shared with Python were NOT tested: `{name}` cannot be started ({error})."
            ));
            return None;
        }
    };
    let to = child.stdin.take().expect("it is piped");
    let from = BufReader::new(child.stdout.take().expect("it is piped"));
    let errors = child.stderr.take().expect("it is piped");
    let mut python = Python { child, to, from, errors, has_numpy: false };
    python.has_numpy = python.says() == "with numpy";
    if !python.has_numpy {
        not_tested(&format!(
            "Arrays shared with numpy were NOT tested: `{name}` has none; CONVEYOR_PYTHON may name one that has it."
        ));
    }
    Some(python)
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

/// numpy's own names for the orders of axes and for texts of a fixed length.
#[test]
fn numpy_has_the_same_orders_and_texts() {
    watched("numpy", PLACE, |_| {
        let (table_name, names_name) = (new_name("columns"), new_name("texts"));
        let table = SharedArray::<f64>::build([2, 3]).name(&table_name).order(Order::ColumnMajor);
        let table = table.from_fn(|at| at as f64).expect("the name is free");
        let names = SharedArray::<FixedStr<16>>::build(3).name(&names_name);
        let names = names
            .from_fn(|at| FixedStr::cut(["one", "two", "sixteen bytes ok"][at]))
            .expect("the name is free");
        let program = format!(
            "
if numpy:
    columns, texts = SharedMemory(name='{table_name}'), SharedMemory(name='{names_name}')
    it = numpy.ndarray((2, 3), dtype=numpy.float64, order='F', buffer=columns.buf)
    print(it[1, 0], it[0, 1], it[1, 2])
    it[0, 2] = 40.5
    names = numpy.ndarray(3, dtype='S16', buffer=texts.buf)
    print([name.decode() for name in names])
    names[1] = 'Ålesund'.encode()
    del it, names
    columns.close()
    texts.close()
"
        );
        let Some(mut python) = python(&program) else { return };
        if python.has_numpy {
            assert_eq!(python.says(), "1.0 2.0 5.0");
            assert_eq!(python.says(), "['one', 'two', 'sixteen bytes ok']");
        }
        let has_numpy = python.has_numpy;
        python.ends();
        if has_numpy {
            assert_eq!((table[[0, 2]], table[[1, 2]]), (40.5, 5.0));
            assert_eq!(
                names.as_slice().iter().map(FixedStr::as_str).collect::<Vec<_>>(),
                ["one", "Ålesund", "sixteen bytes ok"]
            );
        }
    });
}
