use conveyor::pipeline;

fn main() {
    pipeline! { <u64 -> u64>; pool frames(70_000) of [u8; 4]; processor(|x| x + frames.take().map_or(0, |chunk| chunk.len() as u64)); };
}
