use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};

use crate::example::Example;
use scene::{COLOURS, FRAME};

#[path = "../../examples/acquisition/scene.rs"]
mod scene;

pub(crate) fn check(context: &str) {
    let counted = |frames: usize| Example::new("acquisition", context).arg(frames.to_string()).prints();
    // no frame, no pair of frames, one pair, a full chunk, one frame more, a short last chunk behind full ones, and more
    // chunks than there are, so that they are used again
    for frames in [0, 1, 2, 32, 33, 100, 600] {
        assert_eq!(counted(frames), serial(frames), "{frames} frames");
    }
    is_told_to_stop(context);
}

/// Once it is at work. What it has given until then is counted, and it is closed.
fn is_told_to_stop(context: &str) {
    const MANY: usize = 20_000;
    let mut acquisition = Example::new("acquisition", context).arg(MANY.to_string()).starts();
    let mut said = BufReader::new(acquisition.stderr.take().expect("it is piped"));
    let mut line = String::new();
    while !line.contains("the first frames are there") {
        line.clear();
        assert!(said.read_line(&mut line).expect("it says UTF-8") > 0, "it has ended early");
    }
    acquisition.stdin.take().expect("it is piped").write_all(b"\n").expect("it reads");
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it says UTF-8");
    assert_eq!(rest.matches("the detector is closed").count(), 1, "{rest}");
    let output = acquisition.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{rest}");
    let printed = String::from_utf8(output.stdout).expect("examples print UTF-8");
    let pairs: usize = printed.trim_end().rsplit('\n').next().and_then(|last| last.split(' ').next()).map_or(0, |pairs| pairs.parse().expect("a number"));
    assert!(pairs > 0 && pairs < (MANY - 1) * FRAME, "{pairs}");
    assert_eq!(printed, serial(pairs / FRAME + 1));
}

fn serial(frames: usize) -> String {
    let (mut before, mut after) = (vec![0; FRAME], vec![0; FRAME]);
    let mut counted = [[0_u64; COLOURS]; COLOURS];
    for number in 0..frames as u64 {
        std::mem::swap(&mut before, &mut after);
        scene::draw(number, &mut after);
        if number > 0 {
            before.iter().zip(&after).for_each(|(from, to)| counted[usize::from(*from)][usize::from(*to)] += 1);
        }
    }
    let mut printed = String::new();
    for row in counted {
        row.iter().for_each(|count| write!(printed, "{count:>9}").unwrap());
        printed.push('\n');
    }
    let pairs = frames.saturating_sub(1) * FRAME;
    assert_eq!(counted.as_flattened().iter().sum::<u64>(), pairs as u64);
    printed + &format!("{pairs} transitions\n")
}
