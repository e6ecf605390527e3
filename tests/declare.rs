//! Every form of a declaration and of user code is accepted. Declaring is all that happens here; the conformance
//! tests run what is declared.

use conveyor::{Pipeline, pipeline};

fn triple(x: u64) -> u64 {
    x * 3
}

#[test]
fn a_chain_with_parameters() {
    let room = 64;
    let relay: Pipeline<(), ()> = pipeline! {
        (count: u64 = 1000, key: u64 = 0x5555, room: usize);
        source numbers = 0..*count;
        numbers -> pipe(room) -> processor(|x| x ^ key) -> pipe -> processor(triple) -> pipe -> sink(|_x: u64| ());
    };
    let _ = relay;
}

#[test]
fn forks_and_joins() {
    let zipped: Pipeline<u64, (u64, u64)> = pipeline! {
        <u64 -> (u64, u64)>;
        processor(|x| x + 1) -> pipe -> replicated fork {
            processor(triple),
            pipe -> balanced fork(2) { processor(|x| x * 2) } -> pipe -> join ordered
        } -> pipe -> join zip;
    };
    let _ = zipped;
}
