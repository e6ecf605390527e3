//! Items of the caller's own kind, and files.

use crate::harness::Scratch;
use crate::{CONTEXTS, workers};
use conveyor::map::{Items, Scope};
use conveyor::{ErrorKind, Map, SharedArray};
use std::ops::Range;

/// A text, line by line: a share is a piece of it.
struct Lines(Vec<&'static str>);

impl Items for Lines {
    type Share = String;
    type Item<'a> = (&'a str, &'a [usize]);
    fn len(&self) -> usize {
        self.0.len()
    }
    fn share(&self, range: Range<usize>) -> String {
        self.0[range].join("\n")
    }
    /// Each line, and how long the words of its share are.
    fn iter<'a>(share: &'a str, scope: &'a Scope) -> impl Iterator<Item = (&'a str, &'a [usize])> {
        let lengths: &Vec<usize> = scope.keep(share.split_whitespace().map(str::len).collect());
        let mut from = 0;
        share.split('\n').map(move |line| {
            let words = from..from + line.split_whitespace().count();
            from = words.end;
            (line, &lengths[words])
        })
    }
}

#[test]
fn own_items_are_cut_by_their_own_rules() {
    let lines = Lines("to be\nor\n\nnot to\nbe".split('\n').collect());
    for context in CONTEXTS {
        let workers = workers(context, 2);
        for share_len in [1, 2, 5] {
            let mut lengths = SharedArray::<u64>::zeros(5).expect("there is memory");
            let map = Map::over(&lines).output(&mut lengths).workers(&workers).share_len(share_len);
            let upper = map.run(|job| {
                let (line, words) = job.item;
                *job.out = words.iter().sum::<usize>() as u64;
                line.to_uppercase()
            });
            assert_eq!(upper.expect("it runs").values, ["TO BE", "OR", "", "NOT TO", "BE"], "{context:?}");
            assert_eq!(lengths.as_slice(), [4, 2, 0, 5, 2]);
        }
    }
}

/// Ten numbers, but the share that has the seventh ends before it.
struct Short;

impl Items for Short {
    type Share = Range<u64>;
    type Item<'a> = u64;
    fn len(&self) -> usize {
        10
    }
    fn share(&self, range: Range<usize>) -> Range<u64> {
        range.start as u64..range.end as u64
    }
    fn iter(share: Range<u64>, _: &Scope) -> impl Iterator<Item = u64> {
        let is_short = share.contains(&7);
        share.take_while(move |number| !is_short || *number < 7)
    }
}

#[test]
fn a_share_with_too_few_items_is_an_error_and_the_others_are_done() {
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let mut out = SharedArray::<u64>::zeros(10).expect("there is memory");
        let map = Map::over(Short).output(&mut out).workers(&workers).share_len(5);
        let error = map.run(|job| *job.out = job.item + 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{context:?}");
        assert!(error.to_string().contains("a share of 5 items has 3 too few"), "{error}");
        assert_eq!(out.as_slice(), [1, 2, 3, 4, 5, 6, 7, 0, 0, 0]);
    }
}

#[test]
fn files_are_read_where_they_are_needed() {
    let files = Scratch::new();
    let mut paths: Vec<_> = (0..30).map(|number| files.file(&number.to_string())).collect();
    for (number, path) in paths.iter().enumerate() {
        std::fs::write(path, "x".repeat(100 * number)).expect("it can be written");
    }
    for context in CONTEXTS {
        let workers = workers(context, 2);
        let lengths = || {
            let map = Map::over(&paths).workers(&workers);
            map.try_run(|job| std::fs::read_to_string(job.item).map(|text| text.len()))
        };
        assert!(lengths().expect("they are there").values.into_iter().eq((0..30).map(|number| 100 * number)));
    }
    paths.push(files.file("missing"));
    for context in CONTEXTS {
        let map = Map::over(&paths).context(context).number(2);
        let error = map.try_run(|job| std::fs::read(job.item).map(|bytes| bytes.len())).unwrap_err();
        assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(30)), "{error}");
    }
}
