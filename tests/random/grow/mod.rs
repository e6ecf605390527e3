//! Grows a random graph: streams are open, are worked on, fork and come together, until none or one is left.

mod part;
mod region;
mod stage;

use crate::model::{Chain, Graph, Join, Knot, Part, Policy, Role, Step, Strand};
use crate::value::Ty;
use fastrand::Rng;

/// The graph of a seed.
pub(crate) fn graph(rng: &mut Rng) -> Graph {
    let processes = [4, 8, 12, 16, 28][rng.usize(..5)];
    let mut grower = Grower {
        rng,
        left: processes,
        expansions: 2,
        strands: Vec::new(),
        knots: Vec::new(),
        sinks: 0,
        parts: Vec::new(),
    };
    let (takes, head) = grower.head();
    let mut open = vec![head];
    while grower.left > 2 {
        grower.step(&mut open);
    }
    let gives = grower.close(open);
    let Grower { strands, knots, sinks, parts, .. } = grower;
    Graph { strands, knots, regions: Vec::new(), takes, gives, sinks, parts }
}

struct Grower<'r> {
    rng: &'r mut Rng,
    /// How many more processes there may be, roughly.
    left: isize,
    /// How many more elements may give more than they take.
    expansions: usize,
    strands: Vec<Strand>,
    knots: Vec<Knot>,
    sinks: usize,
    parts: Vec<Part>,
}

/// What is known about the messages at a place.
#[derive(Clone)]
struct Flow {
    ty: Ty,
    /// All messages pass here, and in a known order.
    is_exact: bool,
}

/// A strand that has no end yet.
struct Open {
    from: Option<usize>,
    steps: Chain,
    ty: Ty,
    is_exact: bool,
}

impl Open {
    fn flow(&self) -> Flow {
        Flow { ty: self.ty.clone(), is_exact: self.is_exact }
    }

    /// A pipeline starts with a processor, not with a fork.
    fn may_fork(&self) -> bool {
        self.from.is_some() || !self.steps.is_empty()
    }
}

impl Grower<'_> {
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    /// The first stream, and what it takes from the caller, if it does.
    fn head(&mut self) -> (Option<Ty>, Open) {
        if self.chance(25) {
            return (None, self.source());
        }
        let ty = [Ty::Number, Ty::Number, Ty::Text, Ty::List, Ty::Tagged][self.rng.usize(..5)].clone();
        let mut head = Open { from: None, steps: Vec::new(), ty: ty.clone(), is_exact: true };
        self.extend(&mut head);
        (Some(ty), head)
    }

    fn source(&mut self) -> Open {
        let stage = self.end_stage(Role::Source, &Ty::Number);
        let ty = stage.gives();
        let steps = vec![Step::Stage(stage)];
        Open { from: None, steps, ty, is_exact: true }
    }

    /// One more element on one of the open streams, or a knot.
    fn step(&mut self, open: &mut Vec<Open>) {
        let at = self.rng.usize(..open.len());
        match self.rng.u32(..100) {
            0..35 => self.extend(&mut open[at]),
            35..72 if open[at].may_fork() => self.enclose(&mut open[at]),
            72..84 if open[at].may_fork() && open.len() < 4 => {
                let stream = open.swap_remove(at);
                let branches = self.fork(stream);
                open.extend(branches);
            }
            84..92 if open.len() > 1 => {
                let other = open.swap_remove((at + 1) % open.len());
                let stream = open.swap_remove(at % open.len());
                let joined = self.merge(vec![stream, other]);
                open.push(joined);
            }
            92..95 => {
                let stream = open.swap_remove(at);
                let source = self.source();
                let joined = self.merge(vec![stream, source]);
                open.push(joined);
            }
            95.. if open.len() > 1 => {
                let stream = open.swap_remove(at);
                self.drain(stream);
            }
            _ => self.extend(&mut open[at]),
        }
    }

    /// One more stage, or a part.
    fn extend(&mut self, stream: &mut Open) {
        let (step, flow) = self.element(&stream.flow(), &region::Around::nothing());
        (stream.ty, stream.is_exact) = (flow.ty, flow.is_exact);
        stream.steps.push(step);
    }

    /// A fork with its join.
    fn enclose(&mut self, stream: &mut Open) {
        let (region, flow) = self.region(&stream.flow(), &region::Around::nothing());
        (stream.ty, stream.is_exact) = (flow.ty, flow.is_exact);
        stream.steps.push(Step::Region(region));
    }

    fn knot(&mut self, knot: Knot) -> usize {
        self.knots.push(knot);
        self.knots.len() - 1
    }

    fn end(&mut self, stream: Open, to: Option<usize>) {
        let Open { from, steps, .. } = stream;
        self.strands.push(Strand { from, steps, to, in_zip: false });
    }

    /// The branches of a fork whose streams may go anywhere.
    fn fork(&mut self, stream: Open) -> Vec<Open> {
        let (ty, is_exact) = (stream.ty.clone(), stream.is_exact);
        let fork = self.knot(Knot::Fork(Policy::Replicated));
        self.end(stream, Some(fork));
        let branch = || Open { from: Some(fork), steps: Vec::new(), ty: ty.clone(), is_exact };
        let branches = if self.chance(25) { 3 } else { 2 };
        let mut branches: Vec<Open> = (0..branches).map(|_| branch()).collect();
        for branch in &mut branches {
            if self.chance(60) {
                self.extend(branch);
            }
        }
        branches
    }

    /// Messages of one type as they come.
    fn merge(&mut self, streams: Vec<Open>) -> Open {
        let join = self.knot(Knot::Join(Join::Merge));
        let is_one_type = streams.iter().all(|stream| stream.ty == streams[0].ty);
        let mut ty = streams[0].ty.clone();
        for mut stream in streams {
            if !is_one_type && stream.ty != Ty::Number {
                stream.steps.push(Step::Stage(self.digest(&stream.ty)));
                stream.ty = Ty::Number;
            }
            ty = stream.ty.clone();
            self.end(stream, Some(join));
        }
        let mut joined = Open { from: Some(join), steps: Vec::new(), ty, is_exact: false };
        if self.chance(50) {
            self.extend(&mut joined);
        }
        joined
    }

    /// Into a sink, or several.
    fn drain(&mut self, mut stream: Open) {
        let end = match stream.may_fork() && self.chance(40) {
            true => Step::Region(self.dead_end(&stream.flow())),
            false => Step::Stage(self.sink(&stream.ty)),
        };
        stream.steps.push(end);
        self.end(stream, None);
    }

    /// Ends all streams, or all but one, whose type it gives.
    fn close(&mut self, mut open: Vec<Open>) -> Option<Ty> {
        let has_output = self.chance(75);
        if has_output && open.len() > 1 && self.chance(60) {
            let joined = self.merge(open);
            open = vec![joined];
        }
        let output = has_output.then(|| open.remove(0));
        open.into_iter().for_each(|stream| self.drain(stream));
        output.map(|mut stream| {
            if stream.steps.is_empty() {
                self.extend(&mut stream);
            }
            let ty = stream.ty.clone();
            self.end(stream, None);
            ty
        })
    }
}
