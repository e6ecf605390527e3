use conveyor::{Result, Source, pipeline};

struct Raw {
    id: u64,
}

struct Numbers(u64);

impl Source for Numbers {
    type Out = Raw;
    fn next(&mut self) -> Result<Option<Raw>> {
        self.0 += 1;
        Ok(Some(Raw { id: self.0 }))
    }
}

fn main() {
    pipeline! { source(Numbers(0)) -> pipe -> sink(|raw: Raw| println!("{}", raw.id)); };
}
