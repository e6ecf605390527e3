//! Pipelines to be used inside others.

use conveyor::{Result, Sink, pipeline};
use std::path::{Path, PathBuf};

pipeline! {
    /// A row.
    pub(super) Affine<u64 -> u64>(by: u64, add: u64);
    processor scale = |x| x * by;
    processor shift = |x| x + add;
    scale -> pipe(8) -> shift;
}

pipeline! {
    /// Ends in an ordered join.
    pub(super) Shared<u64 -> u64>(workers: usize, room: usize);
    processor work = |x| x + 1;
    processor(|x| x) -> pipe(room) -> balanced fork(workers) { work } -> pipe(room) -> join ordered;
}

pipeline! {
    /// Ends in a zip.
    pub(super) Both<u64 -> (u64, u64)>;
    processor(|x| x) -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join zip;
}

pipeline! {
    /// Ends in a merge, and gives two for one.
    pub(super) Twice<u64 -> u64>;
    processor(|x| x) -> pipe -> replicated fork { processor(|x| x), pipe } -> pipe -> join merge;
}

pipeline! {
    /// Leaves some out.
    pub(super) Odd<u64 -> u64>;
    filter(|x| x % 2 == 1);
}

pipeline! {
    /// Starts with a source.
    pub(super) Numbers<() -> u64>(count: u64);
    source numbers = 0..*count;
    numbers -> pipe -> processor(|x| x);
}

/// Writes numbers into a file, one a line.
struct Lines(std::io::BufWriter<std::fs::File>);

impl Lines {
    fn create(file: &Path) -> Result<Lines> {
        Ok(Lines(std::io::BufWriter::new(std::fs::File::create(file)?)))
    }
}

impl Sink for Lines {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        use std::io::Write;
        writeln!(self.0, "{x}")?;
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        use std::io::Write;
        self.0.flush()?;
        Ok(())
    }
}

pipeline! {
    /// Ends in a sink.
    pub(super) Store<u64 -> ()>(file: PathBuf);
    processor(|x| x) -> pipe -> sink(Lines::create(file)?);
}

pub(super) mod deeper {
    use super::Affine;
    use conveyor::pipeline;

    pipeline! {
        /// Two in one, of which the last has a pipe behind it.
        pub(in super::super) Deep<u64 -> u64>(add: u64, room: usize);
        pipeline row = Affine(2, *add);
        pipeline shared = super::Shared(2, *room);
        row -> pipe -> shared -> pipe(room);
    }

    pub(in super::super) mod deepest {
        conveyor::pipeline! {
            /// Three levels.
            pub(in super::super::super) Deepest<u64 -> u64>;
            pipeline deep = super::Deep(7, 3);
            deep -> pipe -> processor(|x| x + 1);
        }
    }
}
