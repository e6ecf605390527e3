//! Pictures of the documentation are those of real pipelines.
#![cfg(feature = "svg")]

use conveyor::{Graph, pipeline};
use std::path::Path;

#[test]
fn gallery() {
    let out = std::env::var("GALLERY").unwrap();
    let save = |name: &str, graph: Graph| {
        std::fs::write(Path::new(&out).join(format!("{name}.svg")), graph.svg()).unwrap()
    };
    #[allow(dead_code)]
    fn f(x: u64) -> u64 {
        x
    }
    pipeline! {
        /// x
        Diamond<u64 -> ((u64, u64), (u64, u64))>;
        processor a = f; processor b = f; processor c = f; processor d = f; processor e = f; processor g = f; processor h = f;
        a -> pipe -> replicated fork {
            b -> pipe -> replicated fork { c, d } -> pipe -> join zip,
            e -> pipe -> replicated fork { g, h } -> pipe -> join zip,
        } -> pipe -> join zip;
    }
    save("diamond", Diamond::graph());
    pipeline! {
        Nested<u64 -> u64>(n: usize);
        processor(f) -> pipe(64) -> balanced fork(n) {
            processor(f) -> pipe -> replicated fork { pipe -> balanced fork(auto) { processor(f) -> pipe -> processor(f) } -> pipe -> join merge, filter(|x| x % 2 == 0) } -> pipe -> join merge
        } -> pipe -> join merge -> pipe(4 * n) -> balanced fork { processor(f), pipe -> balanced fork(3) { processor(f) } -> pipe -> join ordered -> pipe -> processor(f) } -> pipe -> join ordered;
    }
    save("nested", Nested::graph());
    pipeline! {
        Monster<u64 -> u64>;
        processor(f) -> pipe(64) -> replicated fork {
            processor(f) -> pipe -> processor(f), processor(f), processor(f) -> pipe -> processor(f) -> pipe -> processor(f), processor(f), processor(f),
            processor(f), processor(f), processor(f), pipe -> balanced fork(7) {processor(f) }, processor(f), processor(f) -> pipe -> sink(|_x: u64| {}),
        } -> pipe -> join merge -> pipe(1000) -> processor(f);
    }
    save("monster", Monster::graph());
    pipeline! {
        Long<std::collections::BTreeMap<String, Vec<u8>> -> std::collections::BTreeMap<String, Vec<u8>>>;
        processor this_is_a_very_long_name_that_nobody_should_ever_give_to_anything = |x| x;
        processor ein_kürzerer_name = |x| x;
        pipe also_a_pipe_can_have_a_long_name(usize::from(u16::MAX) * 2 + 5);
        this_is_a_very_long_name_that_nobody_should_ever_give_to_anything -> also_a_pipe_can_have_a_long_name -> balanced fork(usize::from(u8::MAX)) { ein_kürzerer_name } -> pipe -> join ordered;
    }
    save("long", Long::graph());
    pipeline! {
        Chain<u64 -> u64>;
        processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe
         -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe
         -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f);
    }
    save("chain", Chain::graph());
    pipeline! {
        #![allow(implicit_pipe)]
        Wide<u64 -> u64>;
        processor(f) -> pipe -> replicated fork {
        processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f),
         processor(f) -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f),
         processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f) -> pipe -> processor(f),
         } -> pipe -> join merge -> pipe -> balanced fork(2) { processor(f) } -> pipe -> join merge ;
    }
    save("wide", Wide::graph());
}
