//! Expansions by hand: the contract between `pipeline!` and the run-time.

use conveyor::private::fallbacks::*;
use conveyor::private::{
    Accepted, AcceptedSource, Acyclic, Amount, At, Borrowing, Copies, Ends, Enters, Feed, FlowsInto,
    IsDeclared, Merged, Named, OneToOne, Rate, Rated, Scope, Settings, Straight, Then, Travels, Wiring,
    Written, between, consume, declare, ends, evaluated, map, port, rate, rate_of, shape_of,
};
use conveyor::{Message, Pipeline};

fn triple(x: u64) -> u64 {
    x * 3
}

/// ```text
/// pipeline! {
///     (count: u64 = 1000, key: u64 = 0x5555, room: usize = 64);
///     source numbers = 0..*count;
///     numbers -> pipe(*room) -> processor(|x| x ^ key) -> pipe -> processor(triple) -> pipe -> sink(|_x: u64| ());
/// }
/// ```
fn linear() -> Pipeline<(), ()> {
    static TABLE: Written = Written::new(
        "pipeline",
        "Source numbers - - - written \n\
         Pipe pipe 0 - - written \n\
         Processor processor2 1 - - written \n\
         Pipe pipe 2 - - written \n\
         Processor triple 3 - - written \n\
         Pipe pipe 4 - - written \n\
         Sink sink6 5 - - written ",
        "",
        "0,2,4,6",
    );
    type Params = Scope<(u64, u64, usize), ()>;
    declare(
        (1000, 0x5555, 64),
        |(_count, _key, room): &(u64, u64, usize), settings: &mut Settings| {
            settings.capacity(1, evaluated(*room).by(Amount::amount));
        },
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let s0 = w
                .source(
                    |Scope { params: (count, _key, _room), pools: () }: &Params| Ok(0..*count),
                    AcceptedSource::accepted,
                )
                .started();
            let _: fn(&_) -> _ = s0.recipe.user;
            let numbers = s0.node();
            let s4 = w
                .element(map(), |Scope { params: (_count, _key, _room), pools: () }: &Params| Ok(triple))
                .accepted(Accepted::accepted, Borrowing::borrowing);
            let _: fn(&_) -> _ = s4.recipe.user;
            let s2 = w.closure(
                map(),
                numbers.gives(Travels::travels),
                |Scope { params: (_count, key, _room), pools: () }: &Params, x| x ^ key,
            );
            let _: fn(&_, _) -> _ = s2.recipe.user;
            between(s2.node().gives(Travels::travels), s4.node().input).holds(FlowsInto::flows);
            let s6 = w.closure(
                consume(),
                s4.node().gives(Travels::travels),
                |Scope { params: (_count, _key, _room), pools: () }: &Params, _x: u64| (),
            );
            let _: fn(&_, _) -> _ = s6.recipe.user;
            w.row(
                0,
                &[0, 2, 4, 6],
                Feed(
                    At::<0, _>(s0.recipe.source_kept()),
                    Then(At::<1, _>(s2.recipe), Then(At::<2, _>(s4.recipe.kept()), At::<3, _>(s6.recipe))),
                ),
            )
            .composed_from_source();
            ends(port::<()>(), port::<()>(), rate::<Merged>())
        },
    )
    .pipeline()
}

/// ```text
/// pipeline! {
///     <u64 -> (u64, u64)>;
///     processor(|x| x + 1) -> pipe -> replicated fork { processor(triple), pipe -> balanced fork(2) { processor(|x| x * 2) } -> pipe -> join ordered }
///         -> pipe -> join zip;
/// }
/// ```
fn zip() -> Pipeline<u64, (u64, u64)> {
    static TABLE: Written = Written::new(
        "pipeline",
        "Input input - - - inserted \n\
         Pipe pipe 0 - - inserted \n\
         Processor processor2 1 - - written \n\
         Pipe pipe 2 - - written \n\
         Replicate fork4 3 - - written \n\
         Processor triple 4 - - written \n\
         Pipe pipe 4 - - written \n\
         Balance fork7 6 - - written \n\
         Processor processor8 7 7 - written \n\
         Pipe pipe 8 7 - written \n\
         Ordered join10 9 - - written \n\
         Relay relay 10 - - inserted \n\
         Pipe pipe 5 - - written \n\
         Pipe pipe 11 - - written \n\
         Zip join14 12,13 - - written \n\
         Output output 14 - - inserted ",
        "",
        "",
    );
    type Params = Scope<(), ()>;
    declare(
        (),
        |(): &(), settings: &mut Settings| settings.width(7, evaluated(2).by(Amount::amount)),
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let s5 =
                w.element(map(), |_: &Params| Ok(triple)).accepted(Accepted::accepted, Borrowing::borrowing);
            let _: fn(&_) -> _ = s5.recipe.user;
            let s2 = w.closure(map(), port::<u64>(), |_: &Params, x| x + 1);
            let _: fn(&_, _) -> _ = s2.recipe.user;
            let fork4 = w.replicate(4, s2.node().gives(Travels::travels), Copies::copier);
            between(fork4, s5.node().input).holds(FlowsInto::flows);
            let s8 = w.closure(map(), fork4, |_: &Params, x| x * 2);
            let _: fn(&_, _) -> _ = s8.recipe.user;
            let s11 = w.relay(s8.node().gives(Travels::travels));
            s5.rate().is(OneToOne::holds);
            s8.rate().is(OneToOne::holds);
            let join14 = w.zip(14, (s5.node().gives(Travels::travels), s11.node().output));
            w.row(0, &[2], At::<0, _>(s2.recipe)).composed();
            w.row(0, &[5], At::<0, _>(s5.recipe.kept())).composed();
            w.row(0, &[8], At::<0, _>(s8.recipe)).composed();
            w.row(0, &[11], At::<0, _>(s11.recipe)).composed();
            between(port::<u64>(), s2.node().input).agrees(IsDeclared::declared);
            between(port::<(u64, u64)>(), join14).agrees(IsDeclared::declared);
            ends(port::<u64>().checked(Travels::travels), join14.or_closed(), s2.rate())
        },
    )
    .pipeline()
}

/// ```text
/// pipeline! { Odd<u64 -> u64>(room: usize); filter(|x| x % 2 == 1) -> pipe(*room) -> processor(|x| x); }
/// ```
struct Odd;

impl Odd {
    fn wire(
        w: &mut Wiring<'_, Scope<(usize,), ()>>,
    ) -> Ends<impl Message + use<>, impl Message + use<>, impl Rate + use<>> {
        static TABLE: Written = Written::new(
            "Odd",
            "Input input - - - inserted \n\
             Pipe pipe1 0 - - inserted \n\
             Processor filter2 1 - - written \n\
             Pipe pipe3 2 - - written \n\
             Processor processor4 3 - - written \n\
             Pipe pipe5 4 - - inserted \n\
             Output output 5 - - inserted ",
            "",
            "2,4",
        );
        w.table(&TABLE);
        let s2 = w.filter(port::<u64>().checked(Travels::travels).seen(), |_: &_, x| x % 2 == 1);
        let _: fn(&_, _) -> _ = s2.recipe.user;
        let s4 = w.closure(map(), s2.node().gives(Travels::travels), |_: &_, x| x);
        let _: fn(&_, _) -> _ = s4.recipe.user;
        w.row(0, &[2, 4], Then(At::<0, _>(s2.recipe), At::<1, _>(s4.recipe))).composed();
        between(port::<u64>(), s2.node().input).agrees(IsDeclared::declared);
        between(port::<u64>(), s4.node().gives(Travels::travels)).agrees(IsDeclared::declared);
        ends(
            port::<u64>().checked(Travels::travels),
            s4.node().gives(Travels::travels).or_closed(),
            s2.rate().then(s4.rate()),
        )
    }
}

impl Acyclic for Odd {
    type Itself = Odd;
}

impl Named<fn(usize) -> (usize,), (u64, u64, ())> for Odd {
    type In = u64;
    type Out = u64;
    type Params = (usize,);
    type Pools = ();
    type Rate = Rated<{ rate_of(&Odd::wire) }, { shape_of(&Odd::wire) }>;
    const PARAMS: fn(usize) -> (usize,) = |room| (room,);
    fn settings((room,): &(usize,), settings: &mut Settings) {
        settings.capacity(3, evaluated(*room).by(Amount::amount));
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
    static TABLE: Written = Written::new(
        "pipeline",
        "Input input - - - inserted \n\
         Pipe pipe1 0 - - inserted \n\
         Processor triple 1 - - written \n\
         Pipe pipe3 2 - - written \n\
         Balance fork4 3 - - written \n\
         Pipeline odd 4 4 - written \n\
         Relay relay6 5 4 - inserted \n\
         Pipe pipe7 6 4 - written \n\
         Ordered join8 7 - - written \n\
         Output output 8 - - inserted ",
        "",
        "",
    );
    type Params = Scope<(usize,), ()>;
    declare(
        (2,),
        |(workers,): &(usize,), settings: &mut Settings| {
            settings.width(4, evaluated(workers).by(Amount::amount))
        },
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let s5 = w.nested::<<Odd as Acyclic>::Itself, _, _, _>(5, |(workers,): &_, params| {
                Ok(params(*workers * 8))
            });
            let _: fn(&_, _) -> _ = s5.recipe;
            let s2 =
                w.element(map(), |_: &Params| Ok(triple)).accepted(Accepted::accepted, Borrowing::borrowing);
            let _: fn(&_) -> _ = s2.recipe.user;
            between(s2.node().gives(Travels::travels), s5.node().input).holds(Enters::enters);
            let s6 = w.relay(s5.node().output);
            s5.rate().is(Straight::straight);
            let join8 = s6.node().output;
            w.row(0, &[2], At::<0, _>(s2.recipe)).composed();
            w.row(0, &[6], At::<0, _>(s6.recipe.kept())).composed();
            between(port::<u64>(), s2.node().input).agrees(IsDeclared::declared);
            between(port::<u64>(), join8).agrees(IsDeclared::declared);
            ends(port::<u64>().checked(Travels::travels), join8.or_closed(), s2.rate().then(s5.rate()))
        },
    )
    .pipeline()
}

#[test]
fn expansions_by_hand_are_accepted() {
    let _ = (linear(), zip());
    let outputs: Vec<u64> = nested().run(0..10).collect::<Result<_, _>>().expect("the run succeeds");
    assert_eq!(outputs, [3, 9, 15, 21, 27]);
    const { assert!(!<Odd as Named<_, _>>::Rate::ONE && <Odd as Named<_, _>>::Rate::STRAIGHT) };
}
