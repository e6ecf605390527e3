//! Arrays as parameters of pipelines.

use crate::harness::Place;
use conveyor::array::{FixedStr, Order};
use conveyor::{Context, ErrorKind, SharedArray, pipeline};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

in_every_context! {
    a_table_is_read counts_are_exact who_lends_does_not_write texts_and_several_arrays pipelines_inside
    a_source_with_the_standard_input_reads_it_too it_is_no_message,
    processes only: a_replacement_sees_it_too workers_cannot_write_it threads_only
    workers_map_the_pages_of_the_owner
}

fn a_table_is_read(place: Place) {
    let table = SharedArray::from_fn([100, 10], |i| i as f64 / 2.0).expect("there is memory");
    let lookup = pipeline! {
        <u64 -> f64>(table: SharedArray<f64> = table.clone());
        processor(|i: u64| table[[i as usize / 10, i as usize % 10]]) -> pipe
            -> balanced fork(2) { processor(|x: f64| x + table.as_slice()[1]) } -> pipe -> join ordered
    };
    let found = place.outputs(lookup, 0..1000);
    assert_eq!(found, (0..1000).map(|i| f64::from(i) / 2.0 + 0.5).collect::<Vec<_>>());
}

fn counts_are_exact(place: Place) {
    let counts = SharedArray::<AtomicU64>::zeros(10).expect("there is memory");
    let count = pipeline! {
        <u64 -> ()>(counts: SharedArray<AtomicU64> = counts.clone());
        processor(|x| x) -> pipe -> balanced fork(2) {
            sink(|x: u64| _ = counts[[x as usize % 10]].fetch_add(x, Ordering::Relaxed))
        }
    };
    place.of(count).run_to_end(0..100_000).expect("the run succeeds");
    let sums: Vec<u64> = counts.as_slice().iter().map(|count| count.load(Ordering::Relaxed)).collect();
    assert_eq!(sums, (0..10).map(|digit| (0..10_000).map(|x| x * 10 + digit).sum()).collect::<Vec<u64>>());
}

fn who_lends_does_not_write(place: Place) {
    let mut table = SharedArray::full(10, 1_u64).expect("there is memory");
    let lookup = pipeline! {
        <u64 -> u64>(table: SharedArray<u64> = table.clone());
        processor(|i| table.as_slice()[i as usize])
    };
    let lookup = place.of(lookup);
    let error = table.as_mut_slice().expect_err("the pipeline has it").to_string();
    assert!(error.contains("while it is the parameter of a pipeline"), "{error}");
    let mut run = lookup.run([5]);
    drop(lookup);
    assert!(table.as_mut_slice().is_err(), "the run has it");
    assert_eq!(run.next().expect("one comes out").expect("the run succeeds"), 1);
    drop(run);
    table.as_mut_slice().expect("nobody else has it")[5] = 7;
    assert_eq!(table.as_slice()[5], 7);
}

fn texts_and_several_arrays(place: Place) {
    let names = SharedArray::<FixedStr<8>>::from_fn(3, |i| FixedStr::cut(["one", "two", "three"][i]))
        .expect("there is memory");
    let lengths = SharedArray::<u32>::build([1, 3])
        .order(Order::ColumnMajor)
        .from_fn(|i| i as u32)
        .expect("there is memory");
    let flags = SharedArray::from_slice(&[false, true, true]).expect("there is memory");
    let more = (lengths, vec![flags]);
    let describe = pipeline! {
        <u64 -> FixedStr<8>>(names: SharedArray<FixedStr<8>> = names, more: (SharedArray<u32>, Vec<SharedArray<bool>>) = more);
        processor(|i: u64| {
            let i = i as usize;
            let number = more.0[[0, i]] + u32::from(more.1[0].as_slice()[i]);
            FixedStr::cut(&format!("{number}{}", names[[i]]))
        })
    };
    assert_eq!(place.outputs(describe, 0..3), ["0one", "2two", "3three"]);
}

pipeline! {
    Looked<u64 -> u64>(table: SharedArray<u64>);
    processor(|i| table.as_slice()[i as usize])
}

/// The array of the inner pipeline is nobody's but the pipeline's.
fn pipelines_inside(place: Place) {
    let both = pipeline! {
        <u64 -> u64>(scale: u64 = 3);
        pipeline inner = Looked(SharedArray::from_fn(10, |i| i as u64 * *scale)?);
        inner -> pipe -> processor(|x| x + 1)
    };
    assert_eq!(place.outputs(both, 0..10), (0..10).map(|x| x * 3 + 1).collect::<Vec<_>>());
}

fn a_source_with_the_standard_input_reads_it_too(place: Place) {
    let table = SharedArray::from_fn(10, |i| i as u64).expect("there is memory");
    let reading = pipeline! {
        <() -> u64>(table: SharedArray<u64> = table.clone());
        source(table.as_slice().to_vec()) [stdin] -> pipe -> processor(|x| x + table[[1]])
    };
    assert_eq!(place.all(reading), (1..11).collect::<Vec<_>>());
}

/// In the other contexts nothing is encoded, and it arrives.
fn it_is_no_message(place: Place) {
    let send = pipeline! {
        <u64 -> u64>;
        processor(|x: u64| SharedArray::full(4, x).expect("there is memory")) -> pipe
            -> processor(|array: SharedArray<u64>| array.as_slice().iter().sum::<u64>())
    };
    if place.0 != Context::Processes || place.2 == conveyor::Fuse::All {
        assert_eq!(place.outputs(send, 0..3), [0, 4, 8]);
        return;
    }
    let error = place.error(send, 0..3);
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.to_string().contains("does not travel through pipes"), "{error}");
}

fn a_replacement_sees_it_too(place: Place) {
    let table = SharedArray::from_fn(1000, |i| i as u64 * 2).expect("there is memory");
    let died = SharedArray::<AtomicBool>::zeros(1000).expect("there is memory");
    let lookup = pipeline! {
        <u64 -> u64>(table: SharedArray<u64> = table.clone(), died: SharedArray<AtomicBool> = died.clone());
        processor(|i: u64| {
            if i % 300 == 299 && !died[[i as usize]].swap(true, Ordering::Relaxed) {
                std::process::abort();
            }
            table[[i as usize]]
        })
    };
    // only the pipeline and the run keep it
    drop(table);
    let mut run = place.of(lookup).run(0..1000);
    let found: Vec<u64> = run.by_ref().collect::<Result<_, _>>().expect("the run succeeds");
    assert_eq!(found, (0..1000).map(|i| i * 2).collect::<Vec<_>>());
    assert_eq!(run.report().lanes().iter().map(|lane| lane.replaced()).sum::<u64>(), 3);
    assert_eq!(died.as_slice().iter().filter(|died| died.load(Ordering::Relaxed)).count(), 3);
}

fn workers_cannot_write_it(place: Place) {
    let table = SharedArray::full(10, 1_u64).expect("there is memory");
    let writing = pipeline! {
        <u64 -> String>(table: SharedArray<u64> = table.clone());
        processor({
            let mut table = table.clone();
            move |x: u64| match table.as_mut_slice() {
                Ok(table) => {
                    table[x as usize] = 0;
                    "written".to_owned()
                }
                Err(error) => error.to_string(),
            }
        })
    };
    for said in place.outputs(writing, 0..3) {
        assert!(said.contains("cannot be written there"), "{said}");
    }
    assert_eq!(table.as_slice(), [1; 10]);
}

fn threads_only(place: Place) {
    let table = SharedArray::build(10).context(Context::Threads).full(1_u64).expect("there is memory");
    let lookup = pipeline! {
        <u64 -> u64>(table: SharedArray<u64> = table.clone());
        processor(|i| table[[i as usize]])
    };
    let error = place.error(lookup, 0..3);
    assert_eq!(error.kind(), ErrorKind::Start);
    assert!(error.to_string().contains("was made for threads"), "{error}");
}

/// The file and the place in it that lie behind this memory.
fn pages_of<T>(memory: &[T]) -> String {
    let maps = std::fs::read_to_string("/proc/self/maps").expect("there is one");
    let address = memory.as_ptr() as usize;
    let number = |text: &str| usize::from_str_radix(text, 16).expect("a number");
    let line = maps.lines().find_map(|line| {
        let (from, to) = line.split(' ').next()?.split_once('-')?;
        (number(from)..number(to)).contains(&address).then(|| (address - number(from), line))
    });
    let (within, line) = line.expect("it is mapped");
    let [_, _, offset, device, inode] = line.split_ascii_whitespace().take(5).collect::<Vec<_>>()[..] else {
        panic!("{line}");
    };
    assert_ne!(inode, "0", "it is a file's: {line}");
    format!("{device} {inode} from {}", number(offset) + within)
}

/// Nothing is copied, however often it is handed on.
fn workers_map_the_pages_of_the_owner(place: Place) {
    let table = SharedArray::full([64, 1024], 1_u64).expect("there is memory");
    let pages = pages_of(table.as_slice());
    let looked = pipeline! {
        <u64 -> String>(table: SharedArray<u64> = table.clone());
        processor(|x: u64| x) -> pipe -> balanced fork(2) {
            processor(|row: u64| pages_of(&table.as_slice()[1024 * row as usize..]))
        } -> pipe -> join ordered
    };
    let (device, from) = pages.rsplit_once(' ').expect("there are some");
    let from: usize = from.parse().expect("a number");
    let expected = (0..64).map(|row| format!("{device} {}", from + 8 * 1024 * row));
    assert!(place.outputs(looked, 0..64).into_iter().eq(expected), "{pages}");
}
