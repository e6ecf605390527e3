use conveyor::pipeline;

pipeline! {
    Count;
    source(0..3_u64) -> pip -> sink(|_: u64| ())
}

fn main() -> conveyor::Result<()> {
    Count::pipeline().run_to_end(())?;
    Ok(())
}
