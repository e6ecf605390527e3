use conveyor::pipeline;

pipeline! {
    /// Its ends are closed: the error inside is the only one.
    Closed;
    source(0..3u64) -> pipe(0) -> sink(|_| ());
}

fn main() -> Result<(), conveyor::Error> {
    Closed::pipeline().run_to_end(())?;
    Ok(())
}
