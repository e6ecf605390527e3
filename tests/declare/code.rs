//! Every form of user code behind every keyword.

use conveyor::{
    Context, Expand, Filled, InPlace, Message, Outlet, Pipeline, Processor, Ref, Result, Sink, Slot, Source,
    pipeline,
};
use std::marker::PhantomData;

/// Owns its input, keeps a state.
struct Upper {
    seen: usize,
}
impl Processor for Upper {
    type In = String;
    type Out = String;
    fn process(&mut self, mut line: String) -> Result<String> {
        self.seen += 1;
        line.make_ascii_uppercase();
        Ok(line)
    }
}

/// Borrows its input; may fail.
struct ParseNumber;
impl Processor for ParseNumber {
    type In = Ref<String>;
    type Out = i64;
    fn process(&mut self, text: &str) -> Result<i64> {
        Ok(text.trim().parse()?)
    }
}

/// Borrows a block of plain values.
struct Mean;
impl Processor for Mean {
    type In = Ref<Vec<f32>>;
    type Out = f32;
    fn process(&mut self, values: &[f32]) -> Result<f32> {
        Ok(values.iter().sum::<f32>() / values.len() as f32)
    }
}

/// Several outputs, and one more at the end.
struct Words(u64);
impl Expand for Words {
    type In = Ref<String>;
    type Out = String;
    fn expand(&mut self, line: &str, out: &mut impl Outlet<String>) -> Result<()> {
        for word in line.split_whitespace() {
            self.0 += 1;
            out.push(word.to_owned())?;
        }
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<String>) -> Result<()> {
        out.push(format!("{} words", self.0))
    }
}

/// Writes its output where it will travel from.
struct Ramp;
impl InPlace for Ramp {
    type In = u64;
    type Out = u64;
    fn process<'s>(&mut self, first: u64, out: Slot<'s, u64>) -> Result<Filled<'s>> {
        Ok(out.zeroed(|to| *to = first))
    }
}

struct Twice<T>(PhantomData<T>);
impl<T: Message + Clone> Expand for Twice<T> {
    type In = T;
    type Out = T;
    fn expand(&mut self, value: T, out: &mut impl Outlet<T>) -> Result<()> {
        out.push(value.clone())?;
        out.push(value)
    }
}

struct Count(u64);
impl Source for Count {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        Ok((self.0 <= 3).then_some(self.0))
    }
}

struct Print;
impl Sink for Print {
    type In = Ref<String>;
    fn consume(&mut self, line: &str) -> Result<()> {
        println!("{line}");
        Ok(())
    }
}

fn length(text: &str) -> u64 {
    text.len() as u64
}
fn shout(text: String) -> String {
    text + "!"
}
fn sum(values: &[f32]) -> f32 {
    values.iter().sum()
}
fn half(x: &u64) -> Option<u64> {
    x.is_multiple_of(2).then_some(x / 2)
}
fn is_even(x: &u64) -> bool {
    x.is_multiple_of(2)
}
fn digits(x: u64) -> Vec<u64> {
    vec![x % 10, x / 10]
}
fn adder(by: u64) -> impl FnMut(u64) -> u64 {
    move |x| x + by
}
fn show<T: std::fmt::Debug>(x: T) -> String {
    format!("{x:?}")
}

#[test]
fn structs() {
    let _: Pipeline<String, i64> = pipeline! {
        <String -> i64>;
        processor(Upper { seen: 0 }) -> pipe -> processor(Words(0)) -> pipe
            -> processor(Twice::<String>(PhantomData)) -> pipe -> processor(ParseNumber);
    };
    let _: Pipeline<Vec<f32>, f32> = pipeline! { <Vec<f32> -> f32>; processor(Mean); };
    let _: Pipeline<u64, u64> = pipeline! { <u64 -> u64>; processor(Ramp); };
    let _: Pipeline<(), ()> =
        pipeline! { source(Count(0)) -> pipe -> processor(show::<u64>) -> pipe -> sink(Print); };
}

#[test]
fn paths_and_calls() {
    let by = 3;
    let _: Pipeline<String, String> = pipeline! {
        <String -> String>(by: u64);
        processor(shout) -> pipe -> processor(length) -> pipe -> processor(adder(*by)) -> pipe
            -> processor(<u64 as From<u64>>::from) -> pipe -> filter_map(half) -> pipe -> filter(is_even) -> pipe
            -> flat_map(digits) -> pipe -> processor(show::<u64>);
    };
    let _: Pipeline<Vec<f32>, f32> = pipeline! { <Vec<f32> -> f32>; processor(sum); };
}

#[test]
fn conversions_follow_the_edge() {
    let _: Pipeline<u16, u64> = pipeline! {
        <u16 -> u64>;
        processor wider = u32::from;
        wider -> pipe -> processor(Into::<u64>::into);
    };
    let _: Pipeline<u64, u8> = pipeline! {
        <u64 -> u8>;
        try_map(u32::try_from) -> pipe -> try_map(TryInto::<u8>::try_into);
    };
}

#[test]
fn closures() {
    let (stop, by) = (vec!["the".to_owned()], 2);
    let _: Pipeline<String, u64> = pipeline! {
        <String -> u64>(stop: Vec<String>, by: u64);
        processor(|s| s.trim().to_owned()) -> pipe
            -> processor(|s: String| s + "!") -> pipe
            -> filter(|s| s.starts_with('a')) -> pipe
            -> filter(|s: &str| !s.is_empty()) -> pipe
            -> flat_map(|s| s.split(' ').map(str::to_owned)) -> pipe
            -> flat_map(|s: &str| s.split(',').map(str::to_owned)) -> pipe
            -> flat_map(|s: String| -> Vec<String> { vec![s] }) -> pipe
            -> flat_map(|s| { if s.is_empty() { return vec![]; } vec![s] }) -> pipe
            -> processor(|s| {
                if stop.contains(&s) {
                    return 0;
                }
                s.chars().count() as u64
            }) -> pipe
            -> processor(|n| (n, n + by)) -> pipe
            -> processor(|(a, b)| a * b) -> pipe
            -> filter_map(|n| n.checked_sub(1)) -> pipe
            -> try_map(|n| u32::try_from(n)) -> pipe
            -> try_map(|n| -> Result<_> { Ok(u64::from(n)) }) -> pipe
            -> try_map(|n| Ok(n.to_string().parse::<u64>()?)) -> pipe
            -> try_map(|n| { let n: u64 = n.to_string().parse()?; Ok(n) }) -> pipe
            -> processor({
                let (mut seen, by) = (0, *by);
                move |x| {
                    seen += x.pow(2);
                    seen + by
                }
            }) -> pipe
            -> processor({ let mut calls = 0; move |x: u64| { calls += 1; x + calls } });
    };
}

#[test]
fn first_closures_say_what_they_take() {
    let _: Pipeline<String, u64> = pipeline! { processor(|s: &str| s.len() as u64); };
    let _: Pipeline<u64, u64> = pipeline! { processor(|x: u64| x + 1); };
    let _: Pipeline<u64, u64> =
        pipeline! { processor({ let mut sum = 0; move |x: u64| { sum += x; sum } }); };
    let _: Pipeline<String, u64> =
        pipeline! { processor({ let mut sum = 0; move |s: &str| { sum += s.len() as u64; sum } }); };
    let _: Pipeline<u64, u64> = pipeline! { filter(|x: &u64| *x > 3); };
    let _: Pipeline<String, String> = pipeline! { flat_map(|s: &str| s.split(' ').map(str::to_owned)); };
}

#[test]
fn sources_and_sinks() {
    let files = vec!["3".to_owned()];
    let _: Pipeline<(), ()> = pipeline! {
        (files: Vec<String>);
        source(files.clone()) -> pipe -> processor(adder_of(files)?) -> pipe -> sink(|s| println!("{s}"));
    };
    let _: Pipeline<(), ()> = pipeline! { source(0..3u64) -> pipe -> sink({ let mut sum = 0; move |x| { sum += x; println!("{sum}") } }); };
    let _: Pipeline<(), u64> = pipeline! { <() -> u64>; source(0..3u64); };
    let _: Pipeline<u64, ()> = pipeline! { <u64 -> ()>; sink(|_| ()); };
}

fn adder_of(texts: &[String]) -> Result<impl FnMut(String) -> u64 + use<>> {
    let by: u64 = texts[0].parse()?;
    Ok(move |text: String| by + text.len() as u64)
}

/// A generic function: nothing that the macro writes may name its type in an item.
fn generic<T: Message + Clone + std::ops::Add<Output = T>>(by: T) -> Pipeline<T, T> {
    pipeline! {
        <T -> T>(by: T);
        processor(|x| x + by.clone()) -> pipe -> replicated fork { processor(|x| x), processor(|x: T| x) } -> pipe
            -> join zip -> processor(|(a, b)| a + b);
    }
}

#[test]
fn generic_functions() {
    let _ = (generic(3u64), generic(0.5f32));
}

fn is_long(text: &str) -> bool {
    text.len() > 3
}
fn is_not_first<T: PartialOrd + Default>(x: T) -> bool {
    x > T::default()
}

#[test]
fn filters_by_a_function() {
    let _: Pipeline<String, String> = pipeline! {
        <String -> String>;
        filter(is_long) -> pipe -> filter(is_not_first) -> pipe -> filter(str::is_ascii);
    };
    let _: Pipeline<char, char> = pipeline! { <char -> char>; filter(char::is_alphabetic); };
    let _: Pipeline<[u64; 2], [u64; 2]> = pipeline! { <[u64; 2] -> [u64; 2]>; filter(<[u64]>::is_empty); };
}

/// As in Rust, the argument of a closure hides what has its name around it.
#[test]
fn arguments_hide_parameters() {
    let pipeline = pipeline! {
        <u64 -> u64>(x: u64 = 100, pair: (u64, u64) = (7, 8));
        processor(|x| (x, x + 1)) -> pipe -> filter(|(x, _)| *x > 3) -> pipe -> processor(|(pair, _): (u64, u64)| pair) -> pipe
            -> processor(|y| y + *x + pair.1);
    };
    let outputs: Result<Vec<u64>> =
        pipeline.context(Context::Serial).run([3, 5]).map(|output| Ok(output?)).collect();
    assert_eq!(outputs.unwrap(), [113]);
}

mod letters {
    type T = u64;
    conveyor::pipeline! { Same<self::T -> self::T>; processor(|x| x); }

    /// A type of one letter is no type parameter.
    #[test]
    fn a_type_of_one_letter() {
        let _ = Same::pipeline();
    }
}
