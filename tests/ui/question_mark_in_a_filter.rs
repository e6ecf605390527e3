use conveyor::pipeline;

fn main() {
    pipeline! { <String -> String>; filter(|text| text.parse::<u64>()? > 3); };
}
