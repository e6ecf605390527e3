//! Expansions by hand: the contract between `pipeline!` and the run-time.

use conveyor::Message;
use conveyor::private::{
    Accepted, AcceptedSource, At, Copies, Element, Ends, Enters, Feed, FlowsInto, IsDeclared, Kind, Merged,
    Named, OneToOne, Pipeline, Place, Rate, Rated, Scope, Settings, Straight, Table, Then, Travels, Wiring,
    between, consume, ends, map, port, rate, rate_of, shape_of,
};

fn triple(x: u64) -> u64 {
    x * 3
}

const fn element(
    name: &'static str,
    kind: Kind,
    from: &'static [u32],
    within: &'static [u32],
    inserted: bool,
) -> Element {
    Element { name, kind, from, within, inserted, pools: &[], detail: "" }
}

/// ```text
/// pipeline! {
///     (count: u64 = 1000, key: u64 = 0x5555, room: usize = 64);
///     source numbers = 0..*count;
///     numbers -> pipe(*room) -> processor(|x| x ^ key) -> pipe -> processor(triple) -> pipe -> sink(|_x: u64| ());
/// }
/// ```
fn linear() -> Pipeline<(), ()> {
    static TABLE: Table = Table {
        name: "pipeline",
        place: Place { file: file!(), line: line!(), column: column!() },
        elements: &[
            element("numbers", Kind::Source, &[], &[], false),
            element("pipe", Kind::Pipe, &[0], &[], false),
            element("processor2", Kind::Processor, &[1], &[], false),
            element("pipe", Kind::Pipe, &[2], &[], false),
            element("triple", Kind::Processor, &[3], &[], false),
            element("pipe", Kind::Pipe, &[4], &[], false),
            element("sink6", Kind::Sink, &[5], &[], false),
        ],
        pools: &[],
        groups: &[&[0, 2, 4, 6]],
        init: None,
    };
    type Params = Scope<(u64, u64, usize), ()>;
    Pipeline::declare(
        (1000, 0x5555, 64),
        |(_count, _key, room): &(u64, u64, usize), settings: &mut Settings| {
            settings.capacity(1, *room);
        },
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let s0 = w.source(
                0,
                |Scope { params: (count, _key, _room), pools: () }: &Params| Ok(0..*count),
                AcceptedSource::accepted,
            );
            let _: fn(&_) -> _ = s0.recipe.user;
            let numbers = s0.node();
            let s4 = w.element(
                4,
                map(),
                |Scope { params: (_count, _key, _room), pools: () }: &Params| Ok(triple),
                Accepted::accepted,
            );
            let _: fn(&_) -> _ = s4.recipe.user;
            let s2 = w.closure(
                2,
                map(),
                numbers.output,
                |Scope { params: (_count, key, _room), pools: () }: &Params, x| x ^ key,
            );
            let _: fn(&_, _) -> _ = s2.recipe.user;
            between(s2.node().output, s4.node().input).holds(FlowsInto::flows);
            let s6 = w.closure(
                6,
                consume(),
                s4.node().output,
                |Scope { params: (_count, _key, _room), pools: () }: &Params, _x: u64| (),
            );
            let _: fn(&_, _) -> _ = s6.recipe.user;
            w.row(
                0,
                Feed(
                    At::<0, _>(s0.recipe),
                    Then(At::<1, _>(s2.recipe), Then(At::<2, _>(s4.recipe), At::<3, _>(s6.recipe))),
                ),
            )
            .composed_from_source();
            ends(port::<()>(), port::<()>(), rate::<Merged>())
        },
    )
}

/// ```text
/// pipeline! {
///     <u64 -> (u64, u64)>;
///     processor(|x| x + 1) -> pipe -> replicated fork { processor(triple), pipe -> balanced fork(2) { processor(|x| x * 2) } -> pipe -> join ordered }
///         -> pipe -> join zip;
/// }
/// ```
fn zip() -> Pipeline<u64, (u64, u64)> {
    static TABLE: Table = Table {
        name: "pipeline",
        place: Place { file: file!(), line: line!(), column: column!() },
        elements: &[
            element("input", Kind::Input, &[], &[], true),
            element("pipe", Kind::Pipe, &[0], &[], true),
            element("processor2", Kind::Processor, &[1], &[], false),
            element("pipe", Kind::Pipe, &[2], &[], false),
            element("fork4", Kind::Replicate, &[3], &[], false),
            element("triple", Kind::Processor, &[4], &[], false),
            element("pipe", Kind::Pipe, &[4], &[], false), // hands the fork's messages through
            element("fork7", Kind::Balance, &[6], &[], false),
            element("processor8", Kind::Processor, &[7], &[7], false),
            element("pipe", Kind::Pipe, &[8], &[7], false),
            element("join10", Kind::Ordered, &[9], &[], false),
            element("relay", Kind::Relay, &[10], &[], true), // a join that leads to a join needs a pipe of its own
            element("pipe", Kind::Pipe, &[5], &[], false),
            element("pipe", Kind::Pipe, &[11], &[], false),
            element("join14", Kind::Zip, &[12, 13], &[], false),
            element("output", Kind::Output, &[14], &[], true),
        ],
        pools: &[],
        groups: &[],
        init: None,
    };
    type Params = Scope<(), ()>;
    Pipeline::declare(
        (),
        |(): &(), settings: &mut Settings| settings.width(7, 2),
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let s5 = w.element(5, map(), |_: &Params| Ok(triple), Accepted::accepted);
            let _: fn(&_) -> _ = s5.recipe.user;
            let s2 = w.closure(2, map(), port::<u64>(), |_: &Params, x| x + 1);
            let _: fn(&_, _) -> _ = s2.recipe.user;
            let fork4 = w.replicate(4, s2.node().output, Copies::copier);
            between(fork4, s5.node().input).holds(FlowsInto::flows);
            let s8 = w.closure(8, map(), fork4, |_: &Params, x| x * 2);
            let _: fn(&_, _) -> _ = s8.recipe.user;
            let s11 = w.relay(11, s8.node().output);
            s5.rate().is(OneToOne::holds);
            s8.rate().is(OneToOne::holds);
            let join14 = w.zip(14, (s5.node().output, s11.node().output));
            between(s2.node().input, port::<u64>()).holds(IsDeclared::declared);
            between(join14, port::<(u64, u64)>()).holds(IsDeclared::declared);
            ends(Travels::port(port::<u64>()), join14, s2.rate())
        },
    )
}

/// ```text
/// pipeline! { Odd<u64 -> u64>(room: usize); filter(|x| x % 2 == 1) -> pipe(*room) -> processor(|x| x); }
/// ```
struct Odd;

impl Odd {
    fn wire(
        w: &mut Wiring<'_, Scope<(usize,), ()>>,
    ) -> Ends<impl Message + use<>, impl Message + use<>, impl Rate + use<>> {
        static TABLE: Table = Table {
            name: "Odd",
            place: Place { file: file!(), line: line!(), column: column!() },
            elements: &[
                element("input", Kind::Input, &[], &[], true),
                element("pipe1", Kind::Pipe, &[0], &[], true),
                element("filter2", Kind::Processor, &[1], &[], false),
                element("pipe3", Kind::Pipe, &[2], &[], false),
                element("processor4", Kind::Processor, &[3], &[], false),
                element("pipe5", Kind::Pipe, &[4], &[], true),
                element("output", Kind::Output, &[5], &[], true),
            ],
            pools: &[],
            groups: &[&[2, 4]],
            init: None,
        };
        w.table(&TABLE);
        let s2 = w.filter(2, port::<u64>(), |_: &_, x| x % 2 == 1);
        let _: fn(&_, _) -> _ = s2.recipe.user;
        let s4 = w.closure(4, map(), s2.node().output, |_: &_, x| x);
        let _: fn(&_, _) -> _ = s4.recipe.user;
        w.row(0, Then(At::<0, _>(s2.recipe), At::<1, _>(s4.recipe))).composed();
        between(s2.node().input, port::<u64>()).holds(IsDeclared::declared);
        between(s4.node().output, port::<u64>()).holds(IsDeclared::declared);
        ends(Travels::port(port::<u64>()), port::<u64>(), s2.rate().then(s4.rate()))
    }
}

impl Named<fn(usize) -> (usize,)> for Odd {
    type In = u64;
    type Out = u64;
    type Params = (usize,);
    type Pools = ();
    type Rate = Rated<{ rate_of(&Odd::wire) }, { shape_of(&Odd::wire) }>;
    const PARAMS: fn(usize) -> (usize,) = |room| (room,);
    fn settings((room,): &(usize,), settings: &mut Settings) {
        settings.capacity(3, *room);
    }
    fn wire(w: &mut Wiring<'_, Scope<(usize,), ()>>) {
        Odd::wire(w);
    }
}

/// ```text
/// pipeline! {
///     <u64 -> u64>(workers: usize = 2);
///     pipeline odd = Odd(*workers * 8);
///     processor(triple) -> pipe -> balanced fork(workers) { odd } -> pipe -> join ordered;
/// }
/// ```
fn nested() -> Pipeline<u64, u64> {
    static TABLE: Table = Table {
        name: "pipeline",
        place: Place { file: file!(), line: line!(), column: column!() },
        elements: &[
            element("input", Kind::Input, &[], &[], true),
            element("pipe1", Kind::Pipe, &[0], &[], true),
            element("triple", Kind::Processor, &[1], &[], false),
            element("pipe3", Kind::Pipe, &[2], &[], false),
            element("fork4", Kind::Balance, &[3], &[], false),
            element("odd", Kind::Pipeline, &[4], &[4], false),
            element("relay6", Kind::Relay, &[5], &[4], true), // vanishes: `Odd` ends in a stage
            element("pipe7", Kind::Pipe, &[6], &[4], false),
            element("join8", Kind::Ordered, &[7], &[], false),
            element("output", Kind::Output, &[8], &[], true),
        ],
        pools: &[],
        groups: &[],
        init: None,
    };
    type Params = Scope<(usize,), ()>;
    Pipeline::declare(
        (2,),
        |(workers,): &(usize,), settings: &mut Settings| settings.width(4, workers),
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let s5 = w.nested::<Odd, _, _>(5, |(workers,): &_, params| Ok(params(*workers * 8)));
            let _: fn(&_, _) -> _ = s5.recipe;
            let s2 = w.element(2, map(), |_: &Params| Ok(triple), Accepted::accepted);
            let _: fn(&_) -> _ = s2.recipe.user;
            between(s2.node().output, s5.node().input).holds(Enters::enters);
            let s6 = w.relay(6, s5.node().output);
            s5.rate().is(Straight::straight);
            let join8 = s6.node().output;
            between(s2.node().input, port::<u64>()).holds(IsDeclared::declared);
            between(join8, port::<u64>()).holds(IsDeclared::declared);
            ends(Travels::port(port::<u64>()), port::<u64>(), s2.rate().then(s5.rate()))
        },
    )
}

#[test]
fn expansions_by_hand_are_accepted() {
    let _ = (linear(), zip());
    let outputs: Vec<u64> = nested().run(0..10).collect::<Result<_, _>>().expect("the run succeeds");
    assert_eq!(outputs, [3, 9, 15, 21, 27]);
    const { assert!(!<Odd as Named<_>>::Rate::ONE && <Odd as Named<_>>::Rate::STRAIGHT) };
}
