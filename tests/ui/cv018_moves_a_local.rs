use conveyor::pipeline;

fn starting_with(prefix: String) -> impl FnMut(String) -> String {
    move |text| format!("{prefix}{text}")
}

fn main() {
    let prefix = String::from(">");
    pipeline! { <String -> String>; processor(starting_with(prefix)); };
}
