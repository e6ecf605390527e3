//! What kind of user code stands behind a keyword. It says where the types come from: from the edge, from an
//! annotation, or from the value itself.

use crate::ast::Code;
use crate::at::At;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use std::collections::HashSet;
use syn::parse::{ParseStream, Parser as _};
use syn::{Expr, ExprPath, Pat, PathSegment, ReturnType, Stmt, Token, Type};

pub(crate) enum Form {
    Closure(Box<Closure>),
    /// A block that ends in a closure, with what that closure says about its argument.
    Block(Argument),
    /// A function by its path.
    Path,
    /// Anything else: the value knows its types.
    Value,
}

/// A closure literal. Its body may be code that does not parse yet.
pub(crate) struct Closure {
    pub(crate) capture: Option<Token![move]>,
    pub(crate) input: Pat,
    pub(crate) output: ReturnType,
    pub(crate) body: TokenStream,
}

/// What a closure says about the type of its argument.
pub(crate) enum Argument {
    /// Nothing, or not all: the edge knows.
    Open,
    /// All of it.
    Owned,
    /// It borrows; with the type behind the `&`, if it is a plain reference.
    Borrowed(Option<Box<Type>>),
}

impl Form {
    pub(crate) fn of(code: &Code) -> Form {
        match code.parsed.as_deref() {
            Some(Expr::Closure(_)) | None => {
                if let Ok(closure) = closure.parse2(code.tokens.clone()) {
                    return Form::Closure(Box::new(closure));
                }
            }
            Some(_) => {}
        }
        match code.parsed.as_deref() {
            Some(Expr::Path(path)) => match conversion(path) {
                Some(closure) => Form::Closure(Box::new(closure)),
                None => Form::Path,
            },
            Some(Expr::Block(block)) if block.label.is_none() => match block.block.stmts.last() {
                Some(Stmt::Expr(Expr::Closure(closure), None)) if closure.inputs.len() == 1 => {
                    Form::Block(Argument::of(&closure.inputs[0]))
                }
                _ => Form::Value,
            },
            None => half_typed_block(&code.tokens).map_or(Form::Value, Form::Block),
            _ => Form::Value,
        }
    }
}

impl Closure {
    pub(crate) fn argument(&self) -> Argument {
        Argument::of(&self.input)
    }

    /// Its body cannot simply become the argument of a call.
    pub(crate) fn returns_early(&self) -> bool {
        !matches!(self.output, ReturnType::Default) || says_return(self.body.clone())
    }

    /// It ends in `Ok(..)` and mentions no error: so nothing tells rustc the type of what it fails with.
    pub(crate) fn leaves_its_error_open(&self) -> bool {
        let is_err = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "Err");
        !self.returns_early() && ends_in_ok(self.body.clone()) && !holds(self.body.clone(), &is_err)
    }
}

impl Argument {
    fn of(pattern: &Pat) -> Argument {
        let Pat::Type(typed) = pattern else { return Argument::Open };
        let tokens = typed.ty.to_token_stream();
        if let Type::Reference(reference) = &*typed.ty {
            return Argument::Borrowed(Some(reference.elem.clone()));
        }
        if holds(
            tokens.clone(),
            &|token| matches!(token, TokenTree::Punct(punct) if "&'".contains(punct.as_char())),
        ) {
            return Argument::Borrowed(None);
        }
        if holds(tokens, &|token| matches!(token, TokenTree::Ident(ident) if ident == "_")) {
            return Argument::Open;
        }
        Argument::Owned
    }
}

/// A block that does not parse yet, but ends in a closure: behind its last `;`.
fn half_typed_block(code: &TokenStream) -> Option<Argument> {
    let mut tokens = code.clone().into_iter();
    let (Some(TokenTree::Group(block)), None) = (tokens.next(), tokens.next()) else { return None };
    if block.delimiter() != Delimiter::Brace {
        return None;
    }
    let statements: Vec<TokenTree> = block.stream().into_iter().collect();
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let last = statements.rsplit(is_end).next()?;
    closure.parse2(last.iter().cloned().collect()).ok().map(|closure| closure.argument())
}

/// `move |pattern| -> Type body`, with exactly one argument.
fn closure(input: ParseStream<'_>) -> syn::Result<Closure> {
    let capture = input.parse()?;
    input.parse::<Token![|]>()?;
    let mut argument = Pat::parse_single(input)?;
    if input.peek(Token![:]) {
        let colon_token = input.parse()?;
        let ty = input.parse()?;
        argument = Pat::Type(syn::PatType { attrs: Vec::new(), pat: Box::new(argument), colon_token, ty });
    }
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
    }
    input.parse::<Token![|]>()?;
    let output = input.parse()?;
    let body: TokenStream = input.parse()?;
    Ok(Closure { capture, input: argument, output, body })
}

/// `u64::from`, `Into::into` are many functions, and only the edge says which: as the closure that calls it.
fn conversion(path: &ExprPath) -> Option<Closure> {
    const TYPES: [&str; 15] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "String",
    ];
    const TRAITS: [&str; 4] = ["From", "Into", "TryFrom", "TryInto"];
    const FUNCTIONS: [&str; 4] = ["from", "into", "try_from", "try_into"];
    let is_one_of = |segment: &PathSegment, names: &[&str]| names.iter().any(|name| segment.ident == name);
    let mut segments = path.path.segments.iter();
    let (Some(of), Some(function), None) = (segments.next(), segments.next(), segments.next()) else {
        return None;
    };
    let is_known = path.qself.is_none()
        && (is_one_of(of, &TYPES) || is_one_of(of, &TRAITS))
        && is_one_of(function, &FUNCTIONS);
    let at = At::of(path).ours();
    is_known.then(|| closure.parse2(quote_spanned!(at=> |message| #path(message))).ok()).flatten()
}

/// A `return` of the closure itself; those of closures inside are counted too, which only costs them a borrow.
fn ends_in_ok(body: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    match &tokens[..] {
        [TokenTree::Group(block)] if block.delimiter() == Delimiter::Brace => ends_in_ok(block.stream()),
        [.., TokenTree::Ident(ok), TokenTree::Group(value)] => {
            ok == "Ok" && value.delimiter() == Delimiter::Parenthesis
        }
        _ => false,
    }
}

fn says_return(body: TokenStream) -> bool {
    holds(body, &|token| matches!(token, TokenTree::Ident(ident) if ident == "return"))
}

/// All that user code mentions, at any depth. Going through tokens asks rustc for each of them: so that is done once.
#[derive(Clone, Default)]
pub(crate) struct Words {
    names: HashSet<String>,
    literals: Vec<String>,
}

impl Words {
    pub(crate) fn of(tokens: &TokenStream) -> Words {
        let mut words = Words::default();
        words.collect(tokens.clone());
        words
    }

    fn collect(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Ident(name) => {
                    self.names.insert(name.to_string());
                }
                TokenTree::Literal(literal) => self.literals.push(literal.to_string()),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Is this word among them?
    pub(crate) fn has(&self, word: &str) -> bool {
        self.names.contains(word)
    }

    /// Is this name mentioned? Strings may do so, too: `format!("{name}")`.
    pub(crate) fn mention(&self, name: &Ident) -> bool {
        let name = name.to_string();
        self.has(&name) || self.literals.iter().any(|literal| literal.contains(&name))
    }
}

/// Is there such a token, at any depth?
pub(crate) fn holds(tokens: TokenStream, wanted: &dyn Fn(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => holds(group.stream(), wanted),
        token => wanted(token),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> &'static str {
        let tokens: TokenStream = text.parse().expect("a test writes tokens");
        let parsed = syn::parse2(tokens.clone()).ok();
        let argument = |argument: &Argument| match argument {
            Argument::Open => "open",
            Argument::Owned => "owned",
            Argument::Borrowed(Some(_)) => "behind a reference",
            Argument::Borrowed(None) => "borrowed",
        };
        match Form::of(&Code { number: 0, words: Words::of(&tokens), tokens, parsed, at: At::everything() }) {
            Form::Closure(closure) => argument(&closure.argument()),
            Form::Block(inner) => match argument(&inner) {
                "open" => "block, open",
                "owned" => "block, owned",
                _ => "block, borrowed",
            },
            Form::Path => "path",
            Form::Value => "value",
        }
    }

    #[test]
    fn closures_by_what_they_say_of_their_argument() {
        assert_eq!(form("|x| x + 1"), "open");
        assert_eq!(form("|(a, b)| a + b"), "open");
        assert_eq!(form("|x: Vec<_>| x.len()"), "open");
        assert_eq!(form("move |x: Vec<u8>| x.len()"), "owned");
        assert_eq!(form("|x: u64,| -> u64 { x }"), "owned");
        assert_eq!(form("|text: &str| text.len()"), "behind a reference");
        assert_eq!(form("|sms: SmsView<'_>| sms.len"), "borrowed");
        // half-typed
        assert_eq!(form("|x| x."), "open");
    }

    #[test]
    fn other_code() {
        assert_eq!(form("{ let mut n = 0; move |x| { n += 1; x + n } }"), "block, open");
        assert_eq!(form("{ let mut n = 0; move |x: u64| { n += 1; x + n } }"), "block, owned");
        assert_eq!(form("{ move |text: &str| text.len() }"), "block, borrowed");
        assert_eq!(form("{ adder(3) }"), "value");
        // half-typed
        assert_eq!(form("{ let mut n = 0; move |x| x. }"), "block, open");
        assert_eq!(form("{ let mut n = ; adder(3) }"), "value");
        assert_eq!(form("image::blur::<u8>"), "path");
        assert_eq!(form("<u64 as From<u32>>::from"), "path");
        assert_eq!(form("u64::from"), "open");
        assert_eq!(form("Into::into"), "open");
        assert_eq!(form("Reading::from"), "path");
        assert_eq!(form("Clean::new(words)?"), "value");
        assert_eq!(form("|x, y| x + y"), "value");
        assert_eq!(form("|| 3"), "value");
    }

    #[test]
    fn a_return_keeps_a_body_from_becoming_an_argument() {
        let early = |text: &str| {
            let tokens: TokenStream = text.parse().expect("a test writes tokens");
            closure.parse2(tokens).expect("a closure").returns_early()
        };
        assert!(early("|x| { if x { return a; } b }"));
        assert!(early("|x| -> Vec<u8> { x }"));
        assert!(!early("|x| x.returned()"));
    }

    #[test]
    fn closures_that_leave_their_error_open() {
        let open = |code: &str| {
            let tokens: TokenStream = code.parse().expect("tokens");
            closure.parse2(tokens).expect("a closure").leaves_its_error_open()
        };
        assert!(open("|x| Ok(x.parse::<u64>()?)"));
        assert!(open("|x| { let n: u64 = x.parse()?; Ok(n) }"));
        assert!(!open("|x| x.parse()"));
        assert!(!open("|x| -> Result<u64> { Ok(x.parse()?) }"));
        assert!(!open("|x| { if x { return Err(Mine); } Ok(x) }"));
        assert!(!open("|x| if x { Err(Mine) } else { Ok(x) }"));
        assert!(!open("|x| { check(x)?; Ok(x).and_then(more) }"));
    }
}
