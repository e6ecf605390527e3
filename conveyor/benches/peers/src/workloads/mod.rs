//! What is measured, and by whom.

mod bare_ring;
mod buffers;
mod farm;
mod frames;
mod frames_60;
mod iceoryx;
mod large;
mod maps;
mod messages;
mod paced;
mod pipe;
mod relay;
mod replicate;
mod round_trip;
mod stages;
mod start;
mod timely;
mod unix_pipe;

use crate::scale::Scale;
use crate::usage::Spent;
use unix_pipe::Buffers;

/// One kind of work, and the systems that do it.
pub struct Workload {
    pub name: &'static str,
    pub about: &'static str,
    pub systems: &'static [System],
}

const fn system(name: &'static str, context: &'static str, run: fn(Scale) -> Outcome) -> System {
    System { name, context, run }
}

/// How one library does it.
pub struct System {
    /// `conveyor`, or the rival and how it is used.
    pub name: &'static str,
    /// What its stages are.
    pub context: &'static str,
    /// Does it once, checks the result, and says how long it took without starting and ending.
    pub run: fn(Scale) -> Outcome,
}

impl System {
    /// Unlike any other of its workload.
    pub fn label(&self) -> String {
        format!("{}/{}", self.name, self.context)
    }

    pub fn is_ours(&self) -> bool {
        self.name == "conveyor"
    }

    /// `ours` is the processes context, or what has none.
    pub fn ratio_name(&self) -> String {
        match self.context {
            "processes" | "codec" => "ours".to_owned(),
            context => format!("ours-{context}"),
        }
    }
}

pub struct Outcome {
    pub spent: Spent,
    /// Systems may do different numbers of items: speeds are compared.
    pub items: u64,
    /// What else there is to report.
    pub more: Vec<(String, f64)>,
}

impl Outcome {
    pub fn new(spent: Spent, items: u64) -> Outcome {
        Outcome { spent, items, more: Vec::new() }
    }
}

const fn workload(name: &'static str, about: &'static str, systems: &'static [System]) -> Workload {
    Workload { name, about, systems }
}

pub const WORKLOADS: &[Workload] = &[
    workload("pipe-8", "one pipe, messages of 8 bytes", pipe::SYSTEMS_8),
    workload("pipe-64", "one pipe, messages of 64 bytes", pipe::SYSTEMS_64),
    workload("pipe-1k", "one pipe, messages of 1 KiB", pipe::SYSTEMS_1K),
    workload("pipe-64k", "one pipe, buffers of 64 KiB", large::SYSTEMS_64K),
    workload("pipe-1m", "one pipe, buffers of 1 MiB", large::SYSTEMS_1M),
    workload("pipe-4m", "one pipe, buffers of 4 MiB", large::SYSTEMS_4M),
    workload("round-trip", "one message there and back, both ends awake: median", round_trip::SYSTEMS),
    workload("paced", "1000 messages a second: processor time per message", paced::SYSTEMS),
    workload("start", "five stages up, and the first message through", start::FIVE),
    workload("start-64", "64 stages and 223 pipes up, and the first message through", start::SIXTY_FOUR),
    workload("stages-64", "the relay with 64 processors, beside one with 4", stages::SYSTEMS),
    workload("relay", "source, three trivial processors, sink; u64", relay::SYSTEMS),
    workload("farm-20us", "two workers, 20 us an item", farm::EVEN),
    workload("farm-skewed", "two workers, one item in 50 costs 50 times 20 us", farm::SKEWED),
    workload("farm-ordered", "the same, results in the order of the items", farm::ORDERED),
    workload("farm-200ns", "two workers, 200 ns an item", farm::FINE),
    workload("replicate", "buffers of 64 KiB to three branches, and a zip", replicate::SYSTEMS),
    workload("frames", "five blurs of 1920x1080 on two workers, threshold, run lengths", frames::SYSTEMS),
    workload(
        "frames-60",
        "the same with 60 frames a second: from the source to the caller",
        frames_60::SYSTEMS,
    ),
    workload("map-elements", "50 million doubles, three times each", maps::PER_ELEMENT),
    workload("map-rows", "means of 2000 rows of 4096 doubles", maps::PER_ROW),
    workload("map-compute", "20 us an item, added up", maps::COMPUTE),
    workload("map-empty", "an item for each worker, and nothing to do", maps::EMPTY),
    workload("map-chunks", "chunks of 64 bytes with nothing to do, and a call-back for each", maps::CHUNKS),
    workload("batches", "buffers of 12.6 MB from two producers, in order", buffers::OF_12_MB),
    workload("hand-offs", "chunks of 512 bytes to two workers that add up", buffers::HAND_OFFS),
    workload("encode-text", "a string of 1 KiB into bytes", messages::ENCODE_TEXT),
    workload("decode-text", "and back", messages::DECODE_TEXT),
    workload("encode-floats", "64 Ki floats", messages::ENCODE_FLOATS),
    workload("decode-floats", "and back", messages::DECODE_FLOATS),
    workload("encode-fixed", "a derived struct of eight fields of fixed size", messages::ENCODE_FIXED),
    workload("decode-fixed", "and back", messages::DECODE_FIXED),
    workload("encode-rows", "1000 of them", messages::ENCODE_ROWS),
    workload("decode-rows", "and back", messages::DECODE_ROWS),
    workload("encode-record", "a string, an option, 64 floats, 20 words", messages::ENCODE_RECORD),
    workload("decode-record", "and back", messages::DECODE_RECORD),
    workload("encode-frame", "three integers and 300 kB", messages::ENCODE_FRAME),
    workload("decode-frame", "and back", messages::DECODE_FRAME),
];

/// What this share of the sorted times does not exceed.
fn quantile(sorted: &[u64], share: f64) -> u64 {
    sorted[(share * (sorted.len() - 1) as f64) as usize]
}

/// A workload by its name.
pub fn find(name: &str) -> &'static Workload {
    WORKLOADS.iter().find(|workload| workload.name == name).expect("a workload from the list")
}

/// The other process of a rival that has no workers of its own.
pub fn help(name: &str, arguments: &[&str]) {
    match (name, arguments) {
        ("iceoryx2", [words, count, service]) => iceoryx::sender(words, count, service),
        ("iceoryx2-large", [words, count, service]) => iceoryx::large_sender(words, count, service),
        ("paced-receiver", []) => paced::receiver(),
        ("start-row", []) => start::in_row(),
        ("unix-pipe", [words, count]) => unix_pipe::sender(Buffers::None, words, count),
        ("unix-pipe-64k", [words, count]) => unix_pipe::sender(Buffers::Of64Ki, words, count),
        _ => panic!("no helper {name} {arguments:?}"),
    }
}
