//! A run that is driven by hand to its end, and what is asked of it there.

use crate::caller::{Flushed, Mark, Seen};
use crate::life::Life;
use conveyor::private::Stand;
use conveyor::{Context, Message};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

/// A pipeline and what goes into it.
#[derive(Clone)]
pub(crate) struct Case<In, Out> {
    pub(crate) pipeline: conveyor::Pipeline<In, Out>,
    pub(crate) inputs: Vec<In>,
    pub(crate) order: Order,
    /// The first position.
    pub(crate) origin: u64,
    pub(crate) mark: Option<Mark>,
    /// What a row that starts with a source gives at marks.
    pub(crate) flushed: Flushed<Out>,
    /// What has to come out, if not what comes out of the serial context. Without what is `flushed`.
    pub(crate) right: Option<Vec<Out>>,
}

/// What is promised about the order of outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// It is that of the serial context.
    Kept,
    /// Any.
    Any,
    /// Inputs grow, and some of them may be missing: those are counted.
    Lossy,
}

/// More turns than any run needs: nobody gets on any more, but nobody sleeps either.
const TURNS_MAX: usize = 20_000;

/// What any course of a case has to come to.
pub(crate) struct Right<In: 'static, Out: 'static> {
    outputs: Vec<Out>,
    undisturbed: End<Out>,
    case: &'static Case<In, Out>,
    /// Of the workers' lanes.
    names: BTreeMap<usize, String>,
}

impl<In, Out> Right<In, Out>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    /// # Errors
    /// When not even an undisturbed course comes to it.
    pub(crate) fn of(case: &'static Case<In, Out>) -> Result<Self, String> {
        let mut course = Course::new(case)?;
        let undisturbed = course.end().map_err(|said| format!("undisturbed: {said}"))?;
        if matches!(case.mark, Some(Mark::Output(_))) && undisturbed.marks != 1 {
            return Err("undisturbed: the caller was not told of the mark".to_owned());
        }
        let stand = &course.stand;
        let workers = (0..stand.lanes()).filter(|lane| !stand.is_callers(*lane));
        let names = workers.map(|lane| (lane, stand.name(lane))).collect();
        let right = Right { outputs: case.right_outputs()?, undisturbed, case, names };
        right.judge(&right.undisturbed).map_err(|said| format!("undisturbed: {said}"))?;
        Ok(right)
    }

    /// The lanes that can be killed.
    pub(crate) fn workers(&self) -> impl Iterator<Item = usize> {
        self.names.keys().copied()
    }

    pub(crate) fn name(&self, lane: usize) -> &str {
        &self.names[&lane]
    }

    /// # Errors
    /// When a course has come to another end.
    pub(crate) fn judge(&self, end: &End<Out>) -> Result<(), String> {
        end.is_as_good_as(&self.outputs, &self.undisturbed, self.case.order)
    }
}

/// A run under way, with what has come out of it.
pub(crate) struct Course<In: 'static, Out: 'static> {
    pub(crate) stand: Rc<Stand<'static, In, Out>>,
    case: &'static Case<In, Out>,
    seen: Rc<RefCell<Seen<Out>>>,
    /// Of all lanes, and of the caller who waits for sinks.
    lives: Vec<Life>,
    /// Whose turn it is.
    random: fastrand::Rng,
}

/// What an undisturbed run ends with.
#[derive(Debug, PartialEq)]
pub(crate) struct End<Out> {
    outputs: Vec<Out>,
    /// Behind how many of them marks came out, where that is always the same.
    drained: Vec<usize>,
    /// How many marks came out.
    marks: u64,
    /// Taken, given and dropped, by stage.
    figures: BTreeMap<u32, [u64; 3]>,
}

impl<In, Out> Case<In, Out> {
    /// From position 0, without marks.
    pub(crate) fn new(pipeline: conveyor::Pipeline<In, Out>, order: Order, inputs: Vec<In>) -> Self {
        Case { pipeline, inputs, order, origin: 0, mark: None, flushed: |_, _| Vec::new(), right: None }
    }

    /// With a flush mark before this input.
    pub(crate) fn marked(self, input: usize) -> Self {
        self.with(Mark::Input(input))
    }

    pub(crate) fn with(self, mark: Mark) -> Self {
        Case { mark: Some(mark), ..self }
    }
}

impl<In, Out> Case<In, Out>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    /// What has to come out.
    pub(crate) fn right_outputs(&self) -> Result<Vec<Out>, String> {
        if let Some(right) = &self.right {
            return Ok(right.clone());
        }
        let serial = self.pipeline.clone().context(Context::Serial);
        let outputs = serial.run(self.inputs.clone()).collect::<Result<Vec<Out>, _>>();
        outputs.map(|outputs| self.in_order(outputs)).map_err(|error| error.to_string())
    }

    /// In an order that can be compared.
    fn in_order(&self, mut outputs: Vec<Out>) -> Vec<Out> {
        if self.order == Order::Any {
            outputs.sort_unstable();
        }
        outputs
    }
}

impl<In, Out> Course<In, Out>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    pub(crate) fn new(case: &'static Case<In, Out>) -> Result<Self, String> {
        let stand =
            conveyor::private::stand(&case.pipeline, case.origin).map_err(|error| error.to_string())?;
        let (start, len) = stand.memory();
        // SAFETY: the mapping is the stand's, and whole; children are to see it.
        let done = unsafe { libc::madvise(start.cast(), len, libc::MADV_DOFORK) };
        assert_eq!(done, 0, "the memory can be shared with a child");
        let lives = (0..stand.lanes().max(stand.callers_end() + 1)).map(|_| Life::Unborn).collect();
        let random = fastrand::Rng::with_seed(case.origin);
        Ok(Course { stand: Rc::new(stand), case, seen: Rc::default(), lives, random })
    }

    /// The memory, while nobody writes it.
    pub(crate) fn bytes(&self) -> &[u8] {
        let (start, len) = self.stand.memory();
        // SAFETY: mapped as long as the stand; the victim stands still whenever this process works.
        unsafe { std::slice::from_raw_parts(start, len) }
    }

    /// To scribble over it.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        let (start, len) = self.stand.memory();
        // SAFETY: as above; no lane works while this is borrowed.
        unsafe { std::slice::from_raw_parts_mut(start, len) }
    }

    pub(crate) fn seen(&self) -> Seen<Out> {
        self.seen.borrow().clone()
    }

    /// Becomes as another course of the same case is; all lanes begin new lives.
    pub(crate) fn resume(&mut self, bytes: &[u8], seen: Seen<Out>) {
        self.stand.stop();
        self.lives.iter_mut().for_each(Life::dismiss);
        let (start, len) = self.stand.memory();
        assert_eq!(bytes.len(), len, "courses of one case have one layout");
        // SAFETY: as above; nobody works on this course.
        unsafe { start.copy_from_nonoverlapping(bytes.as_ptr(), len) };
        *self.seen.borrow_mut() = seen;
    }

    /// This lane is driven elsewhere.
    pub(crate) fn leave_out(&mut self, lane: usize) {
        self.lives[lane] = Life::Elsewhere;
    }

    /// The lane that was driven elsewhere has come to its end.
    pub(crate) fn retire(&mut self, lane: usize) {
        self.lives[lane] = Life::Over;
    }

    /// A lane works until it would sleep.
    fn turn(&mut self, lane: usize) -> Result<(), String> {
        if let Life::Unborn = self.lives[lane] {
            self.lives[lane] = self.born(lane);
        }
        self.lives[lane].turn()?;
        self.stand.error().map_or(Ok(()), Err)
    }

    fn born(&self, lane: usize) -> Life {
        let (stand, seen, case) = (self.stand.clone(), self.seen.clone(), self.case);
        if lane == stand.callers_end() {
            Life::begin(move || {
                seen.borrow_mut().ask(&stand, case.mark);
                let marks = seen.borrow().marks();
                stand.collect(marks, |came| {
                    let mut seen = seen.borrow_mut();
                    seen.note(came);
                    seen.ask(&stand, case.mark);
                });
                Ok(())
            })
        } else if stand.is_head(lane) {
            let before = if let Some(Mark::Input(before)) = case.mark { Some(before) } else { None };
            Life::begin(move || {
                stand.feed(lane, &case.inputs, before);
                Ok(())
            })
        } else {
            Life::begin(move || {
                stand.live(lane).map_err(|said| format!("{} fails: {said}", stand.name(lane)))
            })
        }
    }

    fn awake(&self) -> Vec<usize> {
        let is_awake = |lane: &usize| match self.lives[*lane] {
            Life::Unborn => true,
            Life::Lived(_) | Life::Elsewhere => !self.stand.sleeps(*lane),
            Life::Over => false,
        };
        (0..self.lives.len()).filter(is_awake).collect()
    }

    /// Until everybody sleeps or has ended, or until the lane that is driven elsewhere is awake.
    pub(crate) fn run(&mut self, until: Option<usize>) -> Result<(), String> {
        for _ in 0..TURNS_MAX {
            let awake = self.awake();
            if until.is_some_and(|lane| awake.contains(&lane)) {
                return Ok(());
            }
            let Some(lane) = self.random.choice(awake) else {
                return Ok(());
            };
            self.turn(lane)?;
        }
        Err("the lanes wake each other for ever".to_owned())
    }

    /// One turn of a lane that is awake, other than the one that is driven elsewhere.
    pub(crate) fn run_one(&mut self, except: usize) -> Result<(), String> {
        let others: Vec<usize> = self.awake().into_iter().filter(|lane| *lane != except).collect();
        let lane = self.random.choice(others);
        lane.map_or(Ok(()), |lane| self.turn(lane))
    }

    /// Runs to the end.
    pub(crate) fn end(&mut self) -> Result<End<Out>, String> {
        self.run(None)?;
        let waiting: Vec<String> = (0..self.stand.lanes())
            .filter(|lane| !self.stand.has_ended(*lane))
            .map(|lane| self.stand.name(lane))
            .collect();
        if !waiting.is_empty() {
            return Err(format!(
                "it hangs: {} wait for ever, {} messages have come out",
                waiting.join(", "),
                self.seen().outputs.len()
            ));
        }
        if !matches!(self.lives[self.stand.callers_end()], Life::Over) {
            return Err("it hangs: the caller waits for ever".to_owned());
        }
        let (held, open) = (self.stand.held_chunks(), self.stand.open_claims());
        if (held, open) != (0, 0) {
            return Err(format!("{held} chunks are held and {open} claims are open at the end"));
        }
        let seen = self.seen();
        let (outputs, drained) = seen.judge(self.case, &self.stand)?;
        let (marks, outputs) = (seen.marks(), self.case.in_order(outputs));
        let mut figures: BTreeMap<u32, [u64; 3]> = BTreeMap::new();
        for lane in self.stand.figures() {
            let sum = figures.entry(lane.stage).or_default();
            for (sum, more) in sum.iter_mut().zip([lane.taken, lane.given, lane.dropped]) {
                *sum = sum.wrapping_add(more);
            }
        }
        Ok(End { outputs, drained, marks, figures })
    }
}

impl<In, Out> Drop for Course<In, Out> {
    fn drop(&mut self) {
        self.stand.stop();
        self.lives.iter_mut().for_each(Life::dismiss);
    }
}

impl<Out: Ord + Debug> End<Out> {
    /// The course has come to another end that is as good as this one.
    ///
    /// # Errors
    /// When it has not.
    pub(crate) fn is_as_good_as(
        &self,
        right: &[Out],
        undisturbed: &End<Out>,
        order: Order,
    ) -> Result<(), String> {
        if order == Order::Lossy {
            return self.misses_what_is_counted(right);
        }
        if self.outputs != right {
            return Err(format!("out came {:?}, not {right:?}", self.outputs));
        }
        if self.drained != undisturbed.drained {
            return Err(format!("marks came out behind {:?}, not {:?}", self.drained, undisturbed.drained));
        }
        // what is given at marks counts, too
        if self.marks == undisturbed.marks && self.figures != undisturbed.figures {
            return Err(format!("the figures are {:?}, not {:?}", self.figures, undisturbed.figures));
        }
        Ok(())
    }

    fn misses_what_is_counted(&self, right: &[Out]) -> Result<(), String> {
        let mut all = right.iter();
        if !self.outputs.iter().all(|output| all.any(|other| other == output)) {
            return Err(format!("out came {:?}, which is not a part of {right:?}", self.outputs));
        }
        let dropped: u64 = self.figures.values().map(|[.., dropped]| dropped).sum();
        if self.outputs.len() as u64 + dropped != right.len() as u64 {
            return Err(format!(
                "{} of {} came out, and {dropped} count as dropped",
                self.outputs.len(),
                right.len()
            ));
        }
        Ok(())
    }
}
