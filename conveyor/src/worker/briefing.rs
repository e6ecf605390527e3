//! What the caller tells its workers beside the parameters: the values of the settings, and what it knows of the
//! machine. From these and from the graph, which is in the program, every process makes the same plan and layout.

use crate::graph::facts::Facts;
use crate::graph::options::{ForkOptions, PipeOptions, StageOptions};
use crate::graph::plan::{self, Fusing, LanePlan, Limits, Plan};
use crate::graph::recovery::copies;
use crate::graph::settings::{PoolSize, Settings, Width};
use crate::graph::table::{Kind, Table};
use crate::memory::layout::{About, Budget, Layout, layout};
use crate::memory::map::Texts;
use crate::message::{Decoder, Encoded};
use crate::{Error, Message, Result};
use std::collections::BTreeSet;

/// What a process has to know to take part in a run.
#[derive(Clone, Debug)]
pub(crate) struct Briefing {
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    /// Bytes of last-level cache.
    pub(crate) cache: usize,
    /// Bytes of a page of memory.
    pub(crate) page: usize,
}

type Numbers = Vec<(u32, u64)>;
/// Options of pipes, stages and balanced forks.
type Options = (Vec<(u32, [u64; 2])>, Vec<(u32, [u64; 6])>, Vec<(u32, [u64; 2])>);
/// Workers, cores, fusion, cache, page; capacities, limits, fixed widths, automatic widths, chunks and elements of pools; who claims
/// the standard input.
type Text = (
    [u64; 5],
    Numbers,
    Numbers,
    Numbers,
    Vec<(u32, Option<u64>)>,
    Vec<(u32, [u64; 2])>,
    BTreeSet<u32>,
    Options,
);

impl Briefing {
    fn text(&self) -> Text {
        let numbers = |map: &std::collections::BTreeMap<u32, usize>| -> Numbers {
            map.iter().map(|(element, value)| (*element, *value as u64)).collect()
        };
        let settings = &self.settings;
        let (mut fixed, mut auto) = (Vec::new(), Vec::new());
        for (fork, width) in &settings.widths {
            match width {
                Width::Fixed(workers) => fixed.push((*fork, *workers as u64)),
                Width::Auto { max } => auto.push((*fork, max.map(|max| max as u64))),
            }
        }
        let pools = settings.pools.iter();
        (
            [
                self.limits.workers as u64,
                self.limits.cores as u64,
                self.limits.fusing.pack(),
                self.cache as u64,
                self.page as u64,
            ],
            numbers(&settings.capacities),
            numbers(&settings.limits),
            fixed,
            auto,
            pools.map(|(pool, size)| (*pool, [size.chunks as u64, size.elements as u64])).collect(),
            settings.stdin.clone(),
            (
                settings.pipes.iter().map(|(pipe, options)| (*pipe, options.pack())).collect(),
                settings.stages.iter().map(|(stage, options)| (*stage, options.pack())).collect(),
                settings.forks.iter().map(|(fork, options)| (*fork, options.pack())).collect(),
            ),
        )
    }

    /// As it travels.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub(crate) fn encoded(&self) -> Result<Encoded> {
        Encoded::of(&self.text())
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it is damaged.
    pub(crate) fn read(text: &[u8]) -> Result<Briefing> {
        let ([workers, cores, fusing, cache, page], capacities, limits, fixed, auto, pools, stdin, options) =
            Text::decode(&mut Decoder::new(text))?;
        let numbers = |numbers: Numbers| {
            numbers.into_iter().map(|(element, value)| (element, value as usize)).collect()
        };
        let fixed = fixed.into_iter().map(|(fork, workers)| (fork, Width::Fixed(workers as usize)));
        let auto =
            auto.into_iter().map(|(fork, max)| (fork, Width::Auto { max: max.map(|max| max as usize) }));
        let size =
            |[chunks, elements]: [u64; 2]| PoolSize { chunks: chunks as usize, elements: elements as usize };
        let (pipes, stages, forks) = options;
        let settings = Settings {
            capacities: numbers(capacities),
            limits: numbers(limits),
            widths: fixed.chain(auto).collect(),
            pools: pools.into_iter().map(|(pool, sizes)| (pool, size(sizes))).collect(),
            stdin,
            pipes: pipes.into_iter().map(|(pipe, options)| (pipe, PipeOptions::unpack(options))).collect(),
            stages: stages
                .into_iter()
                .map(|(stage, options)| (stage, StageOptions::unpack(options)))
                .collect(),
            forks: forks.into_iter().map(|(fork, options)| (fork, ForkOptions::unpack(options))).collect(),
        };
        Ok(Briefing {
            settings,
            limits: Limits {
                workers: workers as usize,
                cores: cores as usize,
                fusing: Fusing::unpack(fusing),
            },
            cache: cache as usize,
            page: page as usize,
        })
    }

    /// The plan.
    ///
    /// # Errors
    /// See [`plan::build`].
    pub(crate) fn plan(&self, table: &'static Table) -> Result<Plan, Error> {
        plan::build(table, &self.settings, self.limits)
    }

    /// The layout.
    ///
    /// # Errors
    /// See [`layout`].
    pub(crate) fn layout(
        &self,
        table: &'static Table,
        plan: &Plan,
        facts: &Facts,
        texts: Texts,
    ) -> Result<Layout, Error> {
        let gives = |stage: u32| match table.elements[stage as usize].kind {
            Kind::Input => facts.input.expect("inference knows the ends"),
            _ => facts.stages[&stage].gives,
        };
        let carries = |stage| gives(stage).holds_chunks;
        let pools = plan::pools(plan, &self.settings, &facts.pool_elements, carries)?;
        let about = About {
            gives,
            checkpoint: |lane: &LanePlan| facts.checkpoint_bytes(lane.stages.iter().map(|stage| stage.stage)),
            copies: |lane: &LanePlan| copies(lane, |stage| facts.stages[&stage]),
        };
        layout(
            plan,
            &pools,
            about,
            Budget { cache: self.cache, page: self.page, settings: texts.settings, params: texts.params },
        )
    }
}
