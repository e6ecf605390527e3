//! A table as the macro writes it: as text. One literal is far less for rustc to read, resolve and check than the
//! hundreds of expressions that a table of constants is.
//!
//! A line for each element, with its parts between spaces: the name of its [`Kind`], its own name, the numbers of its
//! predecessors, of the forks around it and of its pools (`1,2`, or `-` for none), `written` or `inserted`, and the
//! rest of the line is the detail.

use super::kind::Kind;
use super::table::{Element, Table};
use std::panic::Location;
use std::sync::OnceLock;

/// A declared pipeline, read when it is first asked for.
#[derive(Debug)]
pub struct Written {
    name: &'static str,
    place: &'static Location<'static>,
    elements: &'static str,
    pools: &'static str,
    groups: &'static str,
    init: Option<fn()>,
    table: OnceLock<Table>,
}

impl Written {
    /// The item's name, or `pipeline`; a line for each element; the names of the pools and the groups between spaces,
    /// each group as numbers between commas. Its place is that of the call.
    #[track_caller]
    pub const fn new(
        name: &'static str,
        elements: &'static str,
        pools: &'static str,
        groups: &'static str,
    ) -> Self {
        let place = Location::caller();
        Written { name, place, elements, pools, groups, init: None, table: OnceLock::new() }
    }

    /// `#![init = path]`
    pub const fn init(mut self, init: fn()) -> Self {
        self.init = Some(init);
        self
    }

    pub(crate) fn table(&'static self) -> &'static Table {
        self.table.get_or_init(|| Table {
            name: self.name,
            place: self.place,
            elements: self.elements.lines().map(element).collect::<Vec<_>>().leak(),
            pools: self.pools.split_ascii_whitespace().collect::<Vec<_>>().leak(),
            groups: self.groups.split_ascii_whitespace().map(numbers).collect::<Vec<_>>().leak(),
            init: self.init,
        })
    }
}

fn element(line: &'static str) -> Element {
    let mut parts = line.splitn(7, ' ');
    let mut part = || parts.next().expect("the macro writes every part");
    Element {
        kind: kind(part()),
        name: part(),
        from: numbers(part()),
        within: numbers(part()),
        pools: numbers(part()),
        inserted: part() == "inserted",
        detail: part(),
    }
}

fn numbers(text: &str) -> &'static [u32] {
    let numbers = text.split(',').filter(|number| *number != "-");
    numbers.map(|number| number.parse().expect("the macro writes numbers")).collect::<Vec<_>>().leak()
}

fn kind(word: &str) -> Kind {
    match word {
        "Input" => Kind::Input,
        "Output" => Kind::Output,
        "Source" => Kind::Source,
        "Processor" => Kind::Processor,
        "Sink" => Kind::Sink,
        "Relay" => Kind::Relay,
        "Pipe" => Kind::Pipe,
        "Replicate" => Kind::Replicate,
        "Balance" => Kind::Balance,
        "Merge" => Kind::Merge,
        "Zip" => Kind::Zip,
        "Ordered" => Kind::Ordered,
        "Pipeline" => Kind::Pipeline,
        other => unreachable!("the macro writes kinds, not `{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_from_its_text() {
        static WRITTEN: Written = Written::new(
            "Name",
            "Source s - - 0,1 written \nPipe pipe1 0 - - inserted 2 * 3\nSink r#in 1 4,5 - written ",
            "frames rooms",
            "0,2 7",
        );
        let table = WRITTEN.table();
        assert_eq!(
            (table.name, table.place.file(), table.pools),
            ("Name", file!(), &["frames", "rooms"][..])
        );
        assert_eq!(table.groups, [&[0, 2][..], &[7]]);
        let [source, pipe, sink] = table.elements else { panic!("{:?}", table.elements) };
        assert_eq!(
            (source.kind, source.name, source.from, source.pools),
            (Kind::Source, "s", &[][..], &[0, 1][..])
        );
        assert_eq!((pipe.kind, pipe.from, pipe.inserted, pipe.detail), (Kind::Pipe, &[0][..], true, "2 * 3"));
        assert_eq!((sink.name, sink.within, sink.inserted, sink.detail), ("r#in", &[4, 5][..], false, ""));
    }
}
