//! The expression form, the item form, parameters, options.

use conveyor::{Pipeline, pipeline};

fn triple(x: u64) -> u64 {
    x * 3
}

pipeline! {
    /// Public, with parameters.
    pub Relay<u64 -> u64>(key: u64, room: usize);
    processor(|x| x ^ key) -> pipe(*room) -> processor(triple);
}

pipeline! {
    /// Both ends are closed, so there is nothing to declare.
    Closed;
    source(0..3u64) -> pipe -> sink(|_| ());
}

pipeline! {
    #[cfg(not(test))]
    Chosen<u64 -> u64>(key: u64);
    processor(|x| x + key) -> processor(triple)
}

pipeline! {
    #[cfg(test)]
    Chosen<u64 -> u64>;
    processor(triple)
}

fn set_up() {}

#[test]
fn items() {
    let _: Pipeline<u64, u64> = Relay::pipeline(3, 64);
    let _: Pipeline<(), ()> = Closed::pipeline();
    let _: Pipeline<u64, u64> = Chosen::pipeline();
}

#[test]
fn items_in_functions() {
    pipeline! { Inner<u64 -> u64>; processor(triple); }
    let _: Pipeline<u64, u64> = Inner::pipeline();
}

#[test]
fn parameters_take_values_or_locals() -> Result<(), Box<dyn std::error::Error>> {
    let (room, workers) = (64, 2);
    let _ = pipeline! {
        (count: u64 = "1000".parse()?, room: usize, workers: usize, _unused: u64 = 3);
        source numbers = 0..*count;
        numbers -> pipe(room) -> balanced fork(workers) { processor(triple) } -> pipe(room + 1) -> join merge
            -> sink(|_x: u64| ());
    };
    Ok(())
}

#[test]
fn options_and_attributes() {
    let reads_stdin = 1;
    let _ = pipeline! {
        #![init = set_up]
        #![allow(implicit_pipe)]
        <u64 -> u64>(reads_stdin: u64, most: usize = 3);
        source lines [stdin = *reads_stdin > 0] = 0..3u64;
        pipe wide(4096) [limit_bytes = 1 << 20];
        join merge all;
        lines -> processor(triple) -> pipe -> all;
        processor(triple) -> wide -> balanced fork(auto) [max = most] { processor(triple) -> processor(triple) }
            -> pipe [limit_bytes = most] -> all;
    };
}

#[test]
fn names_do_not_hide_the_users() {
    let _ = pipeline! {
        <u64 -> u64>;
        processor triple = triple;
        processor again = triple;
        triple -> pipe -> again;
    };
}

mod hidden {
    #[derive(Clone, conveyor::Message)]
    struct Inches(u64);

    conveyor::pipeline! {
        /// Its types are less visible than itself.
        pub Shrink<Inches -> Inches>(by: Inches);
        processor(|x: Inches| Inches(x.0 - by.0));
    }

    #[test]
    fn types_may_be_less_visible_than_the_item() {
        let twice = conveyor::pipeline! {
            <Inches -> Inches>(by: Inches = Inches(1));
            pipeline first = Shrink(by.clone());
            pipeline second = Shrink(Inches(2));
            first -> pipe -> second;
        };
        let shrunk = twice.run([Inches(10)]).next().expect("one comes out").expect("the run succeeds");
        assert_eq!(shrunk.0, 7);
        let _ = Shrink::graph();
    }
}

#[test]
fn a_capacity_of_0_that_no_literal_shows_is_an_error_at_start() {
    const ROOM: usize = 0;
    let given = 0;
    let constant = pipeline! { <u64 -> u64>; processor(|x| x) -> pipe(ROOM) -> processor(|x| x) };
    let parameter =
        pipeline! { <u64 -> u64>(given: usize); processor(|x| x) -> pipe(given) -> processor(|x| x) };
    for pipeline in [constant, parameter] {
        let error = pipeline.start().err().expect("it cannot start").to_string();
        assert!(error.contains("CV015: a pipe with capacity 0"), "{error}");
    }
}

/// What a declaration mentions may be less visible than what it expands to, at every visibility of the item.
mod less_visible {
    use conveyor::{Message, pipeline};

    #[derive(Clone, Message)]
    pub(crate) struct Tagged(pub(crate) u64);

    #[derive(Clone, Message)]
    pub(super) struct Key(pub(super) u64);

    pipeline! { pub(crate) Crate<Tagged -> Tagged>(key: Key); processor(|x: Tagged| Tagged(x.0 + key.0)) }

    pipeline! { pub(super) Parent<Tagged -> Tagged>(key: Key); processor(|x: Tagged| Tagged(x.0 + key.0)) }

    pipeline! { Private<Tagged -> Tagged>(key: Key); processor(|x: Tagged| Tagged(x.0 + key.0)) }

    pipeline! {
        pub Public<u64 -> u64>;
        pipeline private = Private(Key(1));
        processor(|x: u64| Tagged(x)) -> pipe -> private -> pipe -> processor(|x: Tagged| x.0)
    }
}

#[test]
fn types_and_pipelines_inside_may_be_less_visible() {
    use less_visible::{Crate, Key, Parent, Public, Tagged};
    for pipeline in [Crate::pipeline(Key(2)), Parent::pipeline(Key(2))] {
        let outputs = pipeline.run([Tagged(3)]).map(|output| output.unwrap().0);
        assert_eq!(outputs.collect::<Vec<_>>(), [5]);
    }
    let outputs = Public::pipeline().run([3]).map(Result::unwrap);
    assert_eq!(outputs.collect::<Vec<_>>(), [4]);
}
