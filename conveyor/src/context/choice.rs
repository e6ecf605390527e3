//! Where a pipeline runs, and what the environment has to say about it.

use crate::graph::options::Fuse;
#[cfg(target_os = "linux")]
use crate::sys::segment;
use crate::{Error, ErrorKind};
use std::fmt;
use std::path::PathBuf;

/// Where the processors of a pipeline run. The same messages come out of all three.
///
/// ```
/// use conveyor::{Context, pipeline};
///
/// let square = pipeline! { <u64 -> u64>; processor(|x| x * x) };
/// for context in [Context::Serial, Context::Threads, Context::default()] {
///     let squares = square.clone().context(context).run(1..4);
///     assert_eq!(squares.collect::<Result<Vec<_>, _>>()?, [1, 4, 9]);
/// }
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Context {
    /// In the calling thread, one message after the other: deterministic, for tests and debugging.
    Serial,
    /// On threads of this process.
    Threads,
    /// As processes over shared memory. The default where it exists, which is Linux.
    Processes,
}

impl Default for Context {
    fn default() -> Self {
        if cfg!(target_os = "linux") { Context::Processes } else { Context::Threads }
    }
}

/// What the shared memory of [`Context::Processes`] is made of; see [`Pipeline::backend`](crate::Pipeline::backend).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Memory without a name: nothing of it can stay behind, whoever dies.
    #[default]
    Memfd,
    /// A file in `/dev/shm`, which other programs can look at; it stays behind if this program is killed.
    Named,
}

#[cfg(target_os = "linux")]
impl From<Backend> for segment::Backend {
    fn from(backend: Backend) -> Self {
        match backend {
            Backend::Memfd => segment::Backend::Memfd,
            Backend::Named => segment::Backend::Named,
        }
    }
}

/// What to print instead of running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    Dot,
    Mermaid,
    #[cfg(feature = "svg")]
    Svg,
    Plan,
}

/// What the environment has to say. An empty variable says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overrides {
    /// `CONVEYOR_CONTEXT`
    pub(crate) context: Option<Context>,
    /// `CONVEYOR_WORKERS`: how many workers a `balanced fork(auto)` gets, and a pool of maps.
    pub(crate) workers: Option<usize>,
    /// `CONVEYOR_FUSE`
    pub(crate) fuse: Option<Fuse>,
    /// `CONVEYOR_GRAPH`
    pub(crate) show: Option<Show>,
    /// `CONVEYOR_DEAD_LETTERS`: a file.
    pub(crate) dead_letters: Option<PathBuf>,
}

impl Overrides {
    /// # Errors
    /// When a variable has a value that it cannot have; the text lists those that it can.
    pub(crate) fn from_environment() -> Result<Overrides, Error> {
        Self::read(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// `CONVEYOR_CONTEXT` alone.
    ///
    /// # Errors
    /// See [`Overrides::from_environment`].
    pub(crate) fn context_from_environment() -> Result<Option<Context>, Error> {
        let value = std::env::var_os("CONVEYOR_CONTEXT").map(|value| value.to_string_lossy().into_owned());
        context(value.filter(|value| !value.is_empty()))
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Overrides, Error> {
        let value = |name| variable(name).filter(|value| !value.is_empty());
        Ok(Overrides {
            context: context(value("CONVEYOR_CONTEXT"))?,
            workers: value("CONVEYOR_WORKERS").map(|value| workers(&value)).transpose()?,
            fuse: choose(
                "CONVEYOR_FUSE",
                value("CONVEYOR_FUSE"),
                &[("none", Fuse::None), ("auto", Fuse::Auto), ("all", Fuse::All)],
            )?,
            show: choose(
                "CONVEYOR_GRAPH",
                value("CONVEYOR_GRAPH"),
                &[
                    ("dot", Show::Dot),
                    ("mermaid", Show::Mermaid),
                    #[cfg(feature = "svg")]
                    ("svg", Show::Svg),
                    ("plan", Show::Plan),
                ],
            )?,
            dead_letters: value("CONVEYOR_DEAD_LETTERS").map(PathBuf::from),
        })
    }
}

fn context(value: Option<String>) -> Result<Option<Context>, Error> {
    let choices =
        [("serial", Context::Serial), ("threads", Context::Threads), ("processes", Context::Processes)];
    choose("CONVEYOR_CONTEXT", value, &choices)
}

fn choose<T: Copy>(name: &str, value: Option<String>, choices: &[(&str, T)]) -> Result<Option<T>, Error> {
    let Some(value) = value else {
        return Ok(None);
    };
    match choices.iter().find(|(text, _)| value.eq_ignore_ascii_case(text)) {
        Some((_, choice)) => Ok(Some(*choice)),
        None => {
            let texts: Vec<_> = choices.iter().map(|(text, _)| format!("`{text}`")).collect();
            Err(refused(name, &value, texts.join(", ")))
        }
    }
}

fn workers(value: &str) -> Result<usize, Error> {
    match value.parse() {
        Ok(workers) if workers > 0 => Ok(workers),
        _ => Err(refused("CONVEYOR_WORKERS", value, "a number from 1 on")),
    }
}

#[cold]
fn refused(name: &str, value: &str, choices: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::Start,
        format_args!("the environment variable {name} is {value:?}, but can only be {choices}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Overrides, Error> {
        Overrides::read(|name| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_is_set_is_read() {
        assert_eq!(read(&[]).unwrap(), Overrides::default());
        assert_eq!(read(&[("CONVEYOR_CONTEXT", "")]).unwrap(), Overrides::default());
        let all = [
            ("CONVEYOR_CONTEXT", "Threads"),
            ("CONVEYOR_WORKERS", "3"),
            ("CONVEYOR_FUSE", "all"),
            ("CONVEYOR_GRAPH", "dot"),
            ("CONVEYOR_DEAD_LETTERS", "/some/file"),
        ];
        assert_eq!(
            read(&all).unwrap(),
            Overrides {
                context: Some(Context::Threads),
                workers: Some(3),
                fuse: Some(Fuse::All),
                show: Some(Show::Dot),
                dead_letters: Some("/some/file".into()),
            }
        );
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_can() {
        let error = read(&[("CONVEYOR_CONTEXT", "thread")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Start);
        assert_eq!(
            error.to_string(),
            "the environment variable CONVEYOR_CONTEXT is \"thread\", \
             but can only be `serial`, `threads`, `processes`"
        );
        for workers in ["0", "-1", "two"] {
            let error = read(&[("CONVEYOR_WORKERS", workers)]).unwrap_err();
            assert!(error.to_string().contains("a number from 1 on"), "{error}");
        }
        assert!(read(&[("CONVEYOR_GRAPH", "png")]).is_err());
    }
}
