//! The graphs of the language's page and of the examples, over stand-ins for their processors.

use conveyor::{Pipeline, Pool, Result, pipeline};

type Sms = String;
type Verdict = u64;
type PathBuf = String;
type Models = Vec<String>;

struct Clean;
impl Clean {
    fn of(_stop_words: &[String]) -> impl FnMut(Sms) -> Sms + use<> {
        |sms| sms
    }
}

struct Vote;
impl Vote {
    fn majority() -> impl FnMut((u64, u64, u64)) -> Verdict {
        |(bayes, neighbours, keywords)| (bayes + neighbours + keywords) / 2
    }
}

struct NaiveBayes;
impl NaiveBayes {
    fn load(_path: &str) -> Result<impl FnMut(Sms) -> u64 + use<>> {
        Ok(|sms: Sms| u64::from(sms.contains("win")))
    }
}

fn keyword_score(sms: &str, keywords: &[String]) -> u64 {
    keywords.iter().filter(|keyword| sms.contains(keyword.as_str())).count() as u64
}

pipeline! {
    /// Three models judge every message; a vote decides.
    pub SpamVote<Sms -> Verdict>(models: Models);

    processor clean = Clean::of(models);
    processor vote = Vote::majority();

    clean -> pipe(256) -> replicated fork {
        processor(NaiveBayes::load(&models[0])?),
        processor(NaiveBayes::load(&models[1])?),
        processor(|sms: Sms| keyword_score(&sms, models)),
    } -> pipe -> join zip -> vote;
}

struct Lines;
impl Lines {
    fn open(files: &[PathBuf]) -> Result<impl Iterator<Item = String> + use<>> {
        Ok(Vec::from(files).into_iter())
    }
    fn create(path: &str) -> Result<impl FnMut(String) + use<>> {
        let path = path.to_owned();
        Ok(move |line| println!("{path}: {line}"))
    }
}

struct Args {
    files: Vec<PathBuf>,
    workers: usize,
}

/// A row, or what is wrong with the line: the flag says which.
fn parse(line: String) -> (u64, String) {
    (u64::from(line.contains(',')), line)
}

#[test]
fn a_source_and_two_sinks() {
    let args = Args { files: vec!["a.csv".to_owned()], workers: 2 };
    let import = pipeline! {
        (files: Vec<PathBuf> = args.files, workers: usize = args.workers);
        source lines = Lines::open(files)?;
        sink store = Lines::create("good.db")?;
        sink bad = Lines::create("bad.txt")?;
        replicated fork parsed;

        lines -> pipe -> balanced fork(workers) { processor(|line| parse(line)) } -> pipe -> join merge
            -> pipe -> parsed;
        parsed -> filter_map(|(good, row)| (good > 0).then_some(row)) -> pipe -> store;
        parsed -> filter_map(|(good, line)| (good == 0).then_some(line)) -> pipe -> bad;
    };
    let _: Pipeline<(), ()> = import;
}

struct Camera;
impl Camera {
    fn open(_device: &str, _frames: &Pool<u8>) -> Result<impl Iterator<Item = u64> + use<>> {
        Ok(0..3)
    }
}

fn blur(frame: u64) -> u64 {
    frame
}

fn detect() -> impl FnMut(u64) -> Vec<u64> {
    |frame| vec![frame]
}

fn kalman() -> impl FnMut(Vec<u64>) -> u64 {
    |blobs| blobs.len() as u64
}

pipeline! {
    pub Watch<() -> u64>(device: PathBuf);
    pool frames(8) of [u8; 1920 * 1080];
    source camera = Camera::open(device, frames)?;
    processor track = kalman();
    camera -> pipe(4)
        -> balanced fork(auto) [max = 6] { processor(blur) -> pipe(2) -> processor(detect()) }
        -> pipe -> join ordered -> track;
}

#[test]
fn items_are_declared() {
    let _: Pipeline<Sms, Verdict> = SpamVote::pipeline(vec!["bayes".to_owned()]);
    let _: Pipeline<(), u64> = Watch::pipeline("/dev/video0".to_owned());
}

#[test]
fn an_acyclic_graph_by_name() {
    let invoices = pipeline! {
        <u64 -> String>;
        processor load = blur;
        processor tax = |order| order * 2;
        processor ship = |order| order + 3;
        processor bill = |(tax, shipping): (u64, u64)| format!("{tax} {shipping}");
        replicated fork split;
        join zip both;
        load -> pipe -> split;
        split -> tax -> pipe -> both;
        split -> ship -> pipe -> both;
        both -> bill;
    };
    let _: Pipeline<u64, String> = invoices;
}

#[test]
fn roots() {
    let roots = pipeline! {
        <f64 -> f64>;
        processor(f64::sqrt) -> pipe -> replicated fork { processor(f64::sqrt), processor(|x| x * x * x) } -> pipe
            -> join merge;
    };
    let _: Pipeline<f64, f64> = roots;
}

#[test]
fn word_count() {
    let directory = "src".to_owned();
    let count = pipeline! {
        <() -> Vec<(String, u64)>>(directory: String);
        source(std::iter::once(directory.clone())) -> pipe -> balanced fork(auto) {
            processor(|path| vec![(path, 1)])
        } -> pipe -> join merge -> processor({
            let mut all = Vec::new();
            move |counts| { all.extend(counts); all.clone() }
        });
    };
    let _: Pipeline<(), Vec<(String, u64)>> = count;
}

#[test]
fn branches_of_every_kind() {
    let every = pipeline! {
        <u64 -> u64>;
        processor(blur) -> pipe -> replicated fork {
            processor(blur) -> pipe -> sink(|_| ()),
            pipe,
            pipe -> balanced fork { processor(blur), pipe } -> pipe -> join ordered,
            processor(blur) -> pipe -> balanced fork(2) {
                pipe -> replicated fork { processor(blur), pipe } -> pipe -> join zip -> processor(|(a, b)| a + b)
            } -> pipe -> join merge,
        } -> pipe -> join merge -> pipe -> replicated fork { processor(blur), pipe } -> pipe -> join merge;
    };
    let _: Pipeline<u64, u64> = every;
}
