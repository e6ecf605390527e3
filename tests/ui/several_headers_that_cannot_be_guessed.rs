//! Who uses a pipeline hears nothing of what is wrong with its header.

use conveyor::pipeline;

pipeline! { pub A<u64>; processor(|x: u64| x + 1) }
pipeline! { pub B<u64 -> u64 -> u64>(a: u64); processor(|x: u64| x + 1) }
pipeline! { pub C<'a, u64 -> u64>; processor(|x: u64| x + 1) }
pipeline! { pub D<u64 -> u64>(a u64, b: u64); processor(|x: u64| x + 1) }
pipeline! { pub E<u64 -> u64>(a: u64; b: u64); processor(|x: u64| x + 1) }
pipeline! { pub pipeline F<u64 -> u64>(a: u64); processor(|x: u64| x + 1) }
pipeline! { pub G(a: u64)<u64 -> u64>; processor(|x: u64| x + 1) }
pipeline! { pub H<_ -> u64>; processor(|x: u64| x + 1) }
pipeline! { pub I<(dyn Fn()) -> u64>; processor(|x: u64| x + 1) }
pipeline! { pub J<u64 -> u64>(a: u64 = 3); processor(|x: u64| x + 1) }
pipeline! { pub K<u64, u64>; processor(|x: u64| x + 1) }
pipeline! { pub L<u64 -> u64>(&self); processor(|x: u64| x + 1) }
fn main() {
    let _: u64 = A::pipeline().run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = B::pipeline(3).run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = C::pipeline().run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = D::pipeline(3, 4).run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = E::pipeline(3, 4).run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = F::pipeline(3).run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = G::pipeline(3).run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = H::pipeline().run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = I::pipeline().run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = J::pipeline(3).run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = K::pipeline().run([1]).map(|x| x.unwrap() + 1).sum();
    let _: u64 = L::pipeline().run([1]).map(|x| x.unwrap() + 1).sum();
    pipeline! { <u64 -> u64>; pipeline d = D(1, 2); pipeline a = A; processor(|x| x) -> pipe -> a -> pipe -> d; };
}
