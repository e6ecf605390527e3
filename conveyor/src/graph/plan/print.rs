//! The plan as text: `CONVEYOR_GRAPH=plan`.

use super::{Inlet, LanePlan, Plan, Tap};
use crate::graph::options::{ForkOptions, Policy, StageOptions};
use crate::ring::WhenFull;
use std::fmt;

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, lane) in self.lanes.iter().enumerate() {
            write!(f, "{number:4}  {lane}")?;
            if let Some(inlet) = &lane.inlet {
                write!(f, "  <- ")?;
                self.print_inlet(f, inlet)?;
            }
            if let Some(ring) = &lane.outlet {
                write!(f, "  -> ring {number}")?;
                if let Some(capacity) = ring.capacity {
                    write!(f, " of {capacity}")?;
                }
                if ring.depth > 0 {
                    write!(f, ", {} tag(s)", ring.depth)?;
                }
                if let Some(batch) = ring.options.batch {
                    write!(f, ", batch {batch}")?;
                }
                match ring.options.when_full {
                    WhenFull::Block => {}
                    WhenFull::DropNewest => write!(f, ", drops the newest")?,
                    WhenFull::DropOldest => write!(f, ", drops the oldest")?,
                }
            }
            let said = lane.stages.iter().filter(|stage| stage.options != StageOptions::default());
            for stage in said {
                match &lane.stages[..] {
                    [_] => write!(f, "  [{}]", stage.options)?,
                    _ => write!(f, "  {} [{}]", stage.name, stage.options)?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl Plan {
    fn print_inlet(&self, f: &mut fmt::Formatter<'_>, inlet: &Inlet) -> fmt::Result {
        match inlet {
            Inlet::Whole(tap) => write!(f, "ring {}", tap.ring),
            Inlet::Share(tap) => {
                let group = &self.ring(tap).groups[tap.group];
                let up_to = if group.auto.is_some() { "up to " } else { "" };
                write!(f, "share {} of {up_to}{} of ring {}", tap.member, group.members.len(), tap.ring)?;
                let ForkOptions { policy, window } = group.fork;
                if policy == Policy::RoundRobin {
                    write!(f, " in turn")?;
                }
                match window {
                    Some(window) => write!(f, " in a window of {window}"),
                    None => Ok(()),
                }
            }
            Inlet::Merge(taps) => print_join(f, "merge", taps),
            Inlet::Ordered(taps) => print_join(f, "ordered", taps),
            Inlet::Zip(_, taps) => print_join(f, "zip", taps),
        }
    }
}

fn print_join(f: &mut fmt::Formatter<'_>, kind: &str, taps: &[Tap]) -> fmt::Result {
    let rings: Vec<String> = taps.iter().map(|tap| tap.ring.to_string()).collect();
    write!(f, "{kind} of rings {}", rings.join(", "))
}

/// Its name: those of its stages, and which of several lanes it is.
impl fmt::Display for LanePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LanePlan { stages, index, of, .. } = self;
        let names: Vec<&str> = stages.iter().map(|stage| stage.name).collect();
        write!(f, "{}", names.join(" + "))?;
        if *of == 1 { Ok(()) } else { write!(f, "#{index}") }
    }
}
