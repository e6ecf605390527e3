//! What the shapes are made of, beside closures.

use conveyor::{Checkpoint, Chunk, Expand, Failure, Outlet, Pool, Processor, Result, Sink, Source};

/// Fills a chunk with its input.
pub(crate) struct Fill(pub(crate) Pool<u32>);

impl Processor for Fill {
    type In = u32;
    type Out = Chunk<u32>;
    fn process(&mut self, input: u32) -> Result<Chunk<u32>> {
        filled(&self.0, input)
    }
}

fn filled(pool: &Pool<u32>, value: u32) -> Result<Chunk<u32>> {
    let mut chunk = pool.take()?;
    chunk.fill(value);
    Ok(chunk)
}

/// Gives three chunks for one number, and has two of them at once.
pub(crate) struct FillMany(pub(crate) Pool<u32>);

impl Expand for FillMany {
    type In = u32;
    type Out = Chunk<u32>;
    fn expand(&mut self, input: u32, out: &mut impl Outlet<Chunk<u32>>) -> Result<()> {
        let chunk = |more| filled(&self.0, input.wrapping_mul(10).wrapping_add(more));
        let (first, second) = (chunk(0)?, chunk(1)?);
        out.push(first)?;
        out.push(second)?;
        out.push(chunk(2)?)
    }
}

/// Passes one chunk on, and then has two at once.
pub(crate) struct PassOn(pub(crate) Pool<u32>);

impl Expand for PassOn {
    type In = u32;
    type Out = Chunk<u32>;
    fn expand(&mut self, input: u32, out: &mut impl Outlet<Chunk<u32>>) -> Result<()> {
        let chunk = |more| filled(&self.0, input.wrapping_mul(10).wrapping_add(more));
        out.push(chunk(0)?)?;
        let (first, second) = (chunk(1)?, chunk(2)?);
        out.push(first)?;
        out.push(second)
    }
}

/// Gives what it has found in a chunk in several messages, more than a pipe holds; the second one has the chunk itself,
/// changed in a way that may be repeated.
pub(crate) struct Split;

impl Expand for Split {
    type In = Chunk<u32>;
    type Out = (u32, Option<Chunk<u32>>);
    fn expand(&mut self, mut chunk: Chunk<u32>, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        let found = chunk[2];
        out.push((found, None))?;
        chunk[3] = found.wrapping_add(1);
        out.push((0, Some(chunk)))?;
        (1..5).try_for_each(|more| out.push((found.wrapping_mul(10).wrapping_add(more), None)))
    }
}

/// Gives what a chunk holds in the chunk that it has kept of the message before, and keeps this one. The first output is so
/// long that it often finds no room.
pub(crate) struct Swap(pub(crate) Option<Chunk<u32>>);

impl Expand for Swap {
    type In = Chunk<u32>;
    type Out = (String, Option<Chunk<u32>>);
    fn expand(&mut self, chunk: Chunk<u32>, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        let given = match self.0.take() {
            Some(mut kept) => {
                kept.copy_from_slice(&chunk);
                kept
            }
            None => chunk.clone(),
        };
        self.0 = Some(chunk);
        out.push(("x".repeat(1500), Some(given)))?;
        (1..3).try_for_each(|more| out.push(("x".repeat(more), None)))
    }
    fn finish(&mut self, _: &mut impl Outlet<Self::Out>) -> Result<()> {
        self.0 = None;
        Ok(())
    }
}

/// Changes every number, so that it shows when that happens twice.
pub(crate) fn changed(mut chunk: Chunk<u32>) -> Chunk<u32> {
    chunk.iter_mut().for_each(|x| *x = x.wrapping_mul(3).wrapping_add(1));
    chunk
}

/// Gives as many messages as it takes, and more than a ring holds at a mark and at the end.
pub(crate) struct Closing;

impl Expand for Closing {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, input: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(input)
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        (100..106).try_for_each(|x| out.push(x))
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        (200..206).try_for_each(|x| out.push(x))
    }
}

/// Passes everything on, and tells at each mark how much that was, in more messages than a ring holds.
#[derive(Default)]
pub(crate) struct Telling {
    taken: u64,
    marks: u64,
}

impl Telling {
    /// One of the messages at a mark, if so many have been taken before.
    pub(crate) fn at_mark(mark: u64, taken: u64, more: u64) -> u64 {
        (mark + 1) * 10_000 + taken * 100 + more
    }
}

impl Expand for Telling {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, input: u64, out: &mut impl Outlet<u64>) -> Result<()> {
        self.taken += 1;
        out.push(input)
    }
    fn flush(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        (0..6).try_for_each(|more| out.push(Telling::at_mark(self.marks, self.taken, more)))?;
        self.marks += 1;
        Ok(())
    }
}

impl Checkpoint for Telling {
    type State = (u64, u64);
    const STATE_BYTES_MAX: usize = 64;
    fn save(&mut self) -> Result<(u64, u64)> {
        Ok((self.taken, self.marks))
    }
    fn restore(&mut self, (taken, marks): (u64, u64)) -> Result<()> {
        (self.taken, self.marks) = (taken, marks);
        Ok(())
    }
}

/// The sum of everything so far.
pub(crate) struct Sum(pub(crate) u64);

impl Processor for Sum {
    type In = u64;
    type Out = u64;
    fn process(&mut self, input: u64) -> Result<u64> {
        self.0 += input;
        Ok(self.0)
    }
}

impl Checkpoint for Sum {
    type State = u64;
    const STATE_BYTES_MAX: usize = 64;
    fn save(&mut self) -> Result<u64> {
        Ok(self.0)
    }
    fn restore(&mut self, sum: u64) -> Result<()> {
        self.0 = sum;
        Ok(())
    }
}

/// The same, many times over: a state that takes many stores to write.
pub(crate) struct Many(pub(crate) [u64; 40]);

impl Processor for Many {
    type In = u64;
    type Out = u64;
    fn process(&mut self, input: u64) -> Result<u64> {
        self.0.iter_mut().for_each(|sum| *sum += input);
        Ok(self.0[0])
    }
}

impl Checkpoint for Many {
    type State = [u64; 40];
    const STATE_BYTES_MAX: usize = 320;
    fn save(&mut self) -> Result<[u64; 40]> {
        Ok(self.0)
    }
    fn restore(&mut self, sums: [u64; 40]) -> Result<()> {
        if sums.iter().any(|sum| *sum != sums[0]) {
            return Err(Failure::new(format_args!("half a state: {sums:?}")));
        }
        self.0 = sums;
        Ok(())
    }
}

/// Takes 0, 1, 2 and so on, and knows at the end whether each has come once, and no mark twice.
#[derive(Default)]
pub(crate) struct Triangle {
    sum: u64,
    count: u64,
    marks: u64,
}

impl Sink for Triangle {
    type In = u64;
    fn consume(&mut self, input: u64) -> Result<()> {
        (self.sum, self.count) = (self.sum + input, self.count + 1);
        Ok(())
    }
    fn flush(&mut self) -> Result<()> {
        self.marks += 1;
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        let Triangle { sum, count, marks } = self;
        if *sum != *count * count.saturating_sub(1) / 2 || *marks > 1 {
            return Err(Failure::new(format_args!("{count} messages with the sum {sum}, and {marks} marks")));
        }
        Ok(())
    }
}

impl Checkpoint for Triangle {
    type State = (u64, u64, u64);
    const STATE_BYTES_MAX: usize = 64;
    fn save(&mut self) -> Result<(u64, u64, u64)> {
        Ok((self.sum, self.count, self.marks))
    }
    fn restore(&mut self, (sum, count, marks): (u64, u64, u64)) -> Result<()> {
        (self.sum, self.count, self.marks) = (sum, count, marks);
        Ok(())
    }
}

/// Counts to twelve.
pub(crate) struct Count(pub(crate) u64);

impl Source for Count {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        Ok((self.0 <= 12).then_some(self.0))
    }
}

impl Checkpoint for Count {
    type State = u64;
    const STATE_BYTES_MAX: usize = 64;
    fn save(&mut self) -> Result<u64> {
        Ok(self.0)
    }
    fn restore(&mut self, count: u64) -> Result<()> {
        self.0 = count;
        Ok(())
    }
}
