//! A draft as text: random spaces, lines and comments between its tokens, and the place of each mark.

use crate::draft::{Draft, Element, Spot, Statement};
use fastrand::Rng;
use std::collections::BTreeMap;

/// A line and a column, from 1.
pub(crate) type Place = (usize, usize);

/// A text that knows where it is.
pub(crate) struct Layout<'r> {
    rng: &'r mut Rng,
    pub(crate) text: String,
    pub(crate) places: BTreeMap<usize, Place>,
    /// What is marked.
    pub(crate) texts: BTreeMap<usize, String>,
    line: usize,
    column: usize,
    /// How often a gap is a new line, and how often a comment, in percent.
    breaks: u32,
    comments: u32,
}

impl<'r> Layout<'r> {
    pub(crate) fn new(rng: &'r mut Rng) -> Layout<'r> {
        let breaks = [0, 5, 30][rng.usize(..3)];
        let comments = [0, 0, 8][rng.usize(..3)];
        Layout {
            rng,
            text: String::new(),
            places: BTreeMap::new(),
            texts: BTreeMap::new(),
            line: 1,
            column: 1,
            breaks,
            comments,
        }
    }

    /// Text as it is.
    pub(crate) fn raw(&mut self, text: &str) {
        for c in text.chars() {
            if c == '\n' {
                (self.line, self.column) = (self.line + 1, 1);
            } else {
                self.column += 1;
            }
        }
        self.text.push_str(text);
    }

    fn spot(&mut self, spot: &Spot) {
        if let Some(mark) = spot.mark {
            self.places.insert(mark, (self.line, self.column));
            self.texts.insert(mark, spot.text.clone());
        }
        self.raw(&spot.text);
    }

    /// Where Rust does not care.
    fn gap(&mut self) {
        match self.rng.u32(..100) {
            chance if chance < self.breaks => {
                let indent = " ".repeat(8 + 4 * self.rng.usize(..3));
                self.raw("\n");
                self.raw(&indent);
            }
            chance if chance < self.breaks + self.comments => {
                let comment =
                    [" /* on -> it goes; */ ", " // and on -> pipe {\n        "][self.rng.usize(..2)];
                self.raw(comment);
            }
            _ => self.raw(" "),
        }
    }

    /// All statements of a declaration, without the braces around.
    pub(crate) fn draft(&mut self, draft: &Draft) {
        for attribute in &draft.attributes {
            self.spot(attribute);
            self.raw("\n        ");
        }
        self.header(draft);
        for (number, statement) in draft.statements.iter().enumerate() {
            if number > 0 {
                self.raw("\n        ");
            }
            match statement {
                Statement::Declaration { name, element } => self.declaration(name, element),
                Statement::Chain(chain) => self.chain(chain),
                Statement::Pool(name) => {
                    self.raw("pool ");
                    self.spot(name);
                    self.raw("(2) of [u8; 16]");
                }
                Statement::Raw(spots) => spots.iter().for_each(|spot| self.spot(spot)),
            }
            let may_be_left_out =
                number + 1 == draft.statements.len() && matches!(statement, Statement::Chain(_));
            if !may_be_left_out || self.rng.bool() {
                self.raw(";");
            }
        }
    }

    fn header(&mut self, draft: &Draft) {
        let header = &draft.header;
        if let Some(name) = &header.name {
            self.raw("pub(crate) ");
            self.spot(name);
        }
        if let Some((takes, gives)) = &header.types {
            self.raw("<");
            self.spot(takes);
            self.raw(" -> ");
            self.spot(gives);
            self.raw(">");
        }
        if !header.params.is_empty() {
            self.raw("(");
            for param in &header.params {
                self.spot(&param.name);
                self.raw(&format!(": {}", param.ty));
                if let Some(value) = &param.value {
                    self.raw(" = ");
                    self.spot(value);
                }
                self.raw(",");
                self.gap();
            }
            self.raw(")");
        }
        if header.name.is_some() || header.types.is_some() || !header.params.is_empty() {
            self.raw(";\n        ");
        }
    }

    fn declaration(&mut self, name: &Spot, element: &Element) {
        if self.rng.u32(..100) < self.comments {
            self.raw("/// What it is for.\n        ");
        }
        self.words(element);
        self.gap();
        self.spot(name);
        if !element.is_stage() {
            self.code(element);
        }
        self.options(element);
        if let (true, Some(code)) = (element.is_stage(), &element.code) {
            self.raw(" =");
            self.gap();
            self.spot(code);
        }
    }

    fn chain(&mut self, chain: &[Element]) {
        for (number, element) in chain.iter().enumerate() {
            if number > 0 {
                self.gap();
                self.spot(&element.arrow);
                self.gap();
            }
            self.words(element);
            self.code(element);
            self.options(element);
            if !element.branches.is_empty() {
                self.raw(" {");
                self.gap();
                for (number, branch) in element.branches.iter().enumerate() {
                    if number > 0 {
                        self.raw(",");
                        self.gap();
                    }
                    self.chain(branch);
                }
                self.gap();
                self.raw("}");
            }
        }
    }

    fn words(&mut self, element: &Element) {
        for (number, word) in element.words.iter().enumerate() {
            if number > 0 {
                self.raw(" ");
            }
            self.spot(word);
        }
    }

    fn code(&mut self, element: &Element) {
        if let Some(code) = &element.code {
            self.raw("(");
            self.spot(code);
            self.raw(")");
        }
    }

    fn options(&mut self, element: &Element) {
        if element.options.is_empty() {
            return;
        }
        self.raw(" [");
        for (number, (name, value)) in element.options.iter().enumerate() {
            if number > 0 {
                self.raw(", ");
            }
            self.spot(name);
            if let Some(value) = value {
                self.raw(" = ");
                self.spot(value);
            }
        }
        self.raw("]");
    }
}
