use conveyor::{Result, pipeline};

fn adder(text: &str) -> Result<impl FnMut(u64) -> u64 + use<>> {
    let by: u64 = text.parse()?;
    Ok(move |x| x + by)
}

fn main() {
    let _ = pipeline! {
        <u64 -> u64>;
        processor(adder("3")?);
    };
}
