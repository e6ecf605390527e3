use super::start;
use crate::context::{Engine, Received, Sent, Wait};
use crate::element::role::Map;
use crate::graph::ports::{ends, port};
use crate::graph::settings::Settings;
use crate::graph::table::{Element, Kind, Place, Table};
use crate::pipeline::Pipeline;
use crate::sys::segment::Backend;
use crate::wiring::{Scope, Wiring};

const fn element(name: &'static str, kind: Kind, from: &'static [u32]) -> Element {
    Element { name, kind, from, within: &[], inserted: false, pools: &[], detail: "" }
}

fn relay() -> Pipeline<u64, u64> {
    static TABLE: Table = Table {
        name: "relay",
        place: Place { file: file!(), line: line!(), column: column!() },
        elements: &[
            element("input", Kind::Input, &[]),
            element("pipe", Kind::Pipe, &[0]),
            element("add", Kind::Processor, &[1]),
            element("pipe", Kind::Pipe, &[2]),
            element("triple", Kind::Processor, &[3]),
            element("pipe", Kind::Pipe, &[4]),
            element("output", Kind::Output, &[5]),
        ],
        pools: &[],
        groups: &[&[2, 4]],
        init: None,
    };
    Pipeline::declare(
        &TABLE,
        (),
        |(): &(), _: &mut Settings| (),
        |w: &mut Wiring<'_, Scope<(), ()>>| {
            w.table(&TABLE);
            let s2 = w.closure(2, Map, port::<u64>(), |_: &Scope<(), ()>, x| x + 1);
            let s4 = w.closure(4, Map, s2.node().output, |_: &Scope<(), ()>, x| x * 3);
            ends(port::<u64>(), s4.node().output, s2.rate())
        },
    )
}

#[test]
fn numbers_pass_through_two_processes_in_order() {
    for backend in [Backend::Memfd, Backend::Named] {
        let pipeline = relay();
        let Engine { ends, control } =
            start::<u64, u64>(pipeline.declared().expect("it is well-formed"), 2, backend)
                .expect("it starts");
        let (mut sender, mut receiver) = ends.split();
        let total = 300_000;
        let sending = std::thread::spawn(move || {
            for x in 0..total {
                assert!(matches!(sender.send(x, Wait::Forever), Sent::Done));
            }
            sender.close();
        });
        for x in 0..total {
            match receiver.recv(Wait::Forever) {
                Received::Message(got) => assert_eq!(got, (x + 1) * 3),
                _ => panic!("no message {x}: {:?}", control.error()),
            }
        }
        assert!(matches!(receiver.recv(Wait::Forever), Received::Ended));
        sending.join().expect("the sender does not panic");
        control.join().expect("no worker fails");
    }
}
