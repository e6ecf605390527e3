//! Valid declarations with every element, option and form, and messages.

pub(super) const DECLARATIONS: &[&str] = &[
    "<u64 -> u64>; processor(|x| x + 1)",
    "<String -> usize>(least: usize = 3, _words: Vec<String>); \
     processor(|line: &str| line.len()) -> pipe(*least) -> filter(|n| *n > 3) -> pipe -> processor(usize::count_ones);",
    "source(0..10_u64) -> pipe -> processor(double) -> pipe(4) [when_full = drop_newest] -> sink(|x: u64| print(x));",
    "/// Votes.\n pub(crate) Vote<Sms -> Verdict>(models: Models, room: usize); \
     processor bayes = Bayes::load(&models.bayes)?; processor net = Net::load(models)?; \
     processor vote = |(a, b): (f32, f32)| Verdict::of(a, b); \
     processor(clean) -> pipe(*room) -> replicated fork { bayes, net } -> pipe -> join zip -> vote;",
    "#![allow(implicit_pipe)] Hidden; source lines = std::iter::empty::<String>(); sink store = Store::new()?; lines -> store;",
    "<Job -> Done>; processor(read) -> pipe -> balanced fork(auto) [max = 3, window = 64] { processor(work) -> pipe(2) -> processor(pack) } \
     -> pipe -> join ordered -> processor(|done| done);",
    "<u64 -> u64>; replicated fork f; join zip j; processor a = A; a -> pipe -> f; f -> processor(b) -> pipe -> j; \
     f -> pipe -> j; j -> processor(|(a, b)| a + b);",
    "<u64 -> u64>; processor(a) -> pipe -> balanced fork(2) { filter_map(|x| x.checked_sub(1)) -> pipe -> \
     flat_map(|x| 0..x) } -> pipe -> join merge -> pipe -> try_map(|x| u64::try_from(x));",
    "pub Outer<u64 -> u64>(by: u64); pipeline inner = parts::Inner(*by, 3 + 4); pipeline again = parts::Inner(1, 2); \
     inner -> pipe(8) -> processor({ let mut n = 0; move |x| { n += 1; x + n } }) -> pipe -> again;",
    "<Image -> Image>; pool frames(8) of [f32; 1024]; processor(|image| blur(image, frames)) -> pipe -> \
     replicated fork { processor(left), pipe -> balanced fork { processor(up), processor(down) } -> pipe -> join merge -> \
     pipe -> processor(same) -> pipe -> sink(drop), pipe -> processor(right) } -> pipe -> join merge;",
    "source here = std::iter::once(1_u64); source there = [2_u64, 3]; sink show = |x: u64| println!(\"{x}\"); \
     join merge both; here -> pipe -> both; there -> pipe -> both; both -> pipe -> processor(a) [restart = on_crash(3)] -> pipe -> show;",
];

pub(super) const MESSAGES: &[&str] = &[
    "struct Sms { id: u64, text: String, scores: Vec<f32> }",
    "#[message(view = Glance, crate = ::conveyor)] pub enum Shape<T, const N: usize> where T: Clone { Dot, Line(T, T), \
     Poly { points: [T; N], closed: Option<Box<Shape<T, N>>> } }",
    "#[derive(Clone, Copy)] #[message(plain)] #[repr(C)] struct Point { x: f32, pub y: f32 }",
    "pub(crate) struct Tree(Vec<Self>, #[message(recursive)] Option<Box<Leaf>>);",
    "struct Unit;",
];
