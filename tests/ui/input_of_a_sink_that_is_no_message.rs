use conveyor::{Result, Sink, pipeline};

struct Raw {
    id: u64,
}

struct Show;

impl Sink for Show {
    type In = Raw;
    fn consume(&mut self, raw: Raw) -> Result<()> {
        println!("{}", raw.id);
        Ok(())
    }
}

fn main() {
    pipeline! { <Raw -> ()>; sink(Show); };
}
