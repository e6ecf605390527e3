//! What a graph gives, by the plainest computation: every stage takes a whole stream and gives a whole stream.
//!
//! Branches of a balanced fork do the same, so the first one gets everything. What comes out of a merge has no order.

use crate::model::{Chain, Graph, Join, Knot, Policy, Region, Role, Stage, Step};
use crate::value::Value;
use std::collections::HashMap;

/// What a sink or the caller has to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    pub(crate) messages: Vec<Value>,
    /// For the pipeline, and for each balanced fork around: is the order known?
    order: Vec<bool>,
}

impl Stream {
    fn new(messages: Vec<Value>) -> Stream {
        Stream { messages, order: vec![true] }
    }

    /// Is this order promised?
    pub(crate) fn is_in_order(&self) -> bool {
        self.order.iter().all(|known| *known)
    }

    fn shared_out(mut self) -> Stream {
        self.order.push(false);
        self
    }
}

/// What comes out of a graph.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) outputs: Stream,
    /// By the numbers of the sinks.
    pub(crate) sinks: HashMap<usize, Stream>,
    /// The most messages that pass at one place.
    pub(crate) most: usize,
}

/// Runs a graph over inputs.
pub(crate) fn outcome(graph: &Graph, inputs: Vec<Value>) -> Outcome {
    let mut interpreter = Interpreter { graph, inputs, outcome: Outcome::default(), known: HashMap::new() };
    for (number, strand) in graph.strands.iter().enumerate() {
        let stream = interpreter.strand(number);
        if strand.to.is_none() && !crate::model::ends_in_sinks(&strand.steps) {
            interpreter.outcome.outputs = stream;
        }
    }
    interpreter.outcome
}

struct Interpreter<'g> {
    graph: &'g Graph,
    inputs: Vec<Value>,
    outcome: Outcome,
    /// What is at the end of strands.
    known: HashMap<usize, Stream>,
}

impl<'g> Interpreter<'g> {
    fn strand(&mut self, number: usize) -> Stream {
        if let Some(stream) = self.known.get(&number) {
            return stream.clone();
        }
        let strand = &self.graph.strands[number];
        let stream = match strand.from {
            None => Stream::new(self.inputs.clone()),
            Some(knot) => self.behind(knot, number),
        };
        let stream = self.chain(&strand.steps, stream);
        self.known.insert(number, stream.clone());
        stream
    }

    fn behind(&mut self, knot: usize, strand: usize) -> Stream {
        let leading_here = self.numbers(|strand| strand.to == Some(knot));
        let streams: Vec<Stream> = leading_here.into_iter().map(|number| self.strand(number)).collect();
        match self.graph.knots[knot] {
            Knot::Join(join) => joined(join, streams),
            Knot::Fork(policy) => {
                let stream = streams.into_iter().next().unwrap_or_default();
                let is_first = self.numbers(|other| other.from == Some(knot))[0] == strand;
                branch(policy, stream, is_first)
            }
        }
    }

    fn numbers(&self, is_meant: impl Fn(&crate::model::Strand) -> bool) -> Vec<usize> {
        (0..self.graph.strands.len()).filter(|number| is_meant(&self.graph.strands[*number])).collect()
    }

    fn chain(&mut self, chain: &'g Chain, stream: Stream) -> Stream {
        let passing = |interpreter: &mut Self, stream: Stream| {
            interpreter.outcome.most = interpreter.outcome.most.max(stream.messages.len());
            stream
        };
        let stream = passing(self, stream);
        chain.iter().fold(stream, |stream, step| {
            let stream = match step {
                Step::Stage(stage) => self.stage(stage, stream),
                Step::Region(region) => self.region(region, stream),
                Step::Part(part) => self.chain(&self.graph.parts[*part].steps, stream),
            };
            passing(self, stream)
        })
    }

    fn stage(&mut self, stage: &Stage, stream: Stream) -> Stream {
        let messages = (stage.function.apply)(stream.messages);
        let stream = Stream { messages, ..stream };
        if stage.role() == Role::Sink {
            let recorded = self.outcome.sinks.entry(stage.sink).or_insert(Stream::new(Vec::new()));
            recorded.messages.extend(stream.messages);
            recorded.order = stream.order;
            return Stream::default();
        }
        stream
    }

    fn region(&mut self, region: &'g Region, stream: Stream) -> Stream {
        let mut ends = Vec::new();
        for (number, chain) in region.branches.iter().enumerate() {
            let end = self.chain(chain, branch(region.fork, stream.clone(), number == 0));
            if !crate::model::ends_in_sinks(chain) {
                ends.push(end);
            }
        }
        match region.join {
            Some(join) => joined(join, ends),
            None => ends.into_iter().next().unwrap_or_default(),
        }
    }
}

/// What a branch of a fork gets.
fn branch(policy: Policy, stream: Stream, is_first: bool) -> Stream {
    match (policy, is_first) {
        (Policy::Replicated, _) => stream,
        (_, true) => stream.shared_out(),
        (_, false) => Stream { messages: Vec::new(), ..stream }.shared_out(),
    }
}

fn joined(join: Join, streams: Vec<Stream>) -> Stream {
    let mut order = streams[0].order.clone();
    if join == Join::Zip {
        let length = streams[0].messages.len();
        let part = |at: usize| streams.iter().map(move |stream| stream.messages[at].clone()).collect();
        return Stream { messages: (0..length).map(|at| Value::Tuple(part(at))).collect(), order };
    }
    match join {
        Join::Ordered => drop(order.pop()),
        _ => order = vec![false],
    }
    Stream { messages: streams.into_iter().flat_map(|stream| stream.messages).collect(), order }
}
