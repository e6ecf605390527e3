//! Some regions of a graph turned into knots, so that they are written with names instead of braces.

use crate::model::{Chain, Graph, Knot, Policy, Region, Step, Strand, ends_in_sinks};
use fastrand::Rng;

/// A graph that means the same. Strands inside of what was a region come behind those that lead to it.
pub(crate) fn unfolded(mut graph: Graph, percent: u32, rng: &mut Rng) -> Graph {
    let mut left = std::mem::take(&mut graph.strands);
    left.reverse();
    while let Some(strand) = left.pop() {
        let at = strand.steps.iter().position(|step| {
            matches!(step, Step::Region(region) if can_unfold(region)) && rng.u32(..100) < percent
        });
        match at {
            None => graph.strands.push(strand),
            Some(at) => left.extend(unfold(&mut graph, strand, at).into_iter().rev()),
        }
    }
    graph
}

/// Workers stand in braces: a named fork has no count. A single branch would need no fork.
fn can_unfold(region: &Region) -> bool {
    !matches!(region.fork, Policy::Workers(_)) && region.branches.len() > 1
}

/// The strands that one becomes: the one before, the branches, the one behind.
fn unfold(graph: &mut Graph, mut strand: Strand, at: usize) -> Vec<Strand> {
    let behind = strand.steps.split_off(at + 1);
    let Some(Step::Region(region)) = strand.steps.pop() else { return vec![strand] };
    graph.knots.push(Knot::Fork(region.fork));
    let fork = graph.knots.len() - 1;
    let in_zip = strand.in_zip || region.join == Some(crate::model::Join::Zip);
    let branch = |steps: Chain, to: Option<usize>| Strand { from: Some(fork), steps, to, in_zip };
    let mut strands = Vec::new();
    match region.join {
        Some(kind) => {
            graph.knots.push(Knot::Join(kind));
            let join = fork + 1;
            graph.regions.push((fork, join));
            for steps in region.branches {
                let to = (!ends_in_sinks(&steps)).then_some(join);
                strands.push(branch(steps, to));
            }
            strands.push(Strand { from: Some(join), steps: behind, to: strand.to, in_zip: strand.in_zip });
        }
        None => {
            for mut steps in region.branches {
                let is_open = !ends_in_sinks(&steps);
                if is_open {
                    steps.extend(behind.iter().cloned());
                }
                strands.push(branch(steps, strand.to.filter(|_| is_open)));
            }
        }
    }
    strand.to = Some(fork);
    strands.insert(0, strand);
    strands
}
