//! `pub SpamVote<Sms -> Verdict>(models: Models)`

use super::Parser;
use super::advice::{ahead, attribute, behind_read, has_an_arrow, missing};
use super::words::{self, Front, begins_an_element};
use crate::ast::{Header, Param};
use crate::at::At;
use crate::user::holds;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Lifetime, Token, Type, Visibility, parenthesized, token};

/// Is the first statement a header? A chain may begin with a name, too.
pub(super) fn stands_in(tokens: &TokenStream) -> bool {
    let front = Front::behind_attributes(tokens);
    let mut at = 0;
    if front.is_word(at, "pub") || rust_of_a_header(&front) {
        return true;
    }
    if let Some(word) = front.word(at) {
        if begins_an_element(&word) {
            return false;
        }
        at += 1;
    }
    let types = |at: usize| front.is_punct(at, '<') && !front.is_punct(at + 1, '-');
    let ends = |at: usize| at == front.len() || types(at);
    ends(at) || ends(at + 1) && looks_like_params(&front, at)
}

/// `u64 -> u64`: rustc's own types are no names of elements.
pub(super) fn without_brackets(tokens: &TokenStream) -> Option<syn::Error> {
    const TYPES: [&str; 16] = [
        "bool", "char", "String", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
        "i128", "f32", "f64",
    ];
    let front = Front::of(tokens);
    let is_type = |at| front.word(at).is_some_and(|word| TYPES.contains(&&*word));
    let is_header = front.len() == 4 && is_type(0) && front.is_punct(1, '-') && is_type(3);
    is_header.then(|| syn::Error::new_spanned(At::of(tokens), IN_ANGLES))
}

/// `struct Name<In -> Out>`
fn rust_of_a_header(front: &Front) -> bool {
    let is_rust = front.word(0).is_some_and(|word| ["pipeline", "struct", "fn", "type"].contains(&&*word));
    is_rust && front.word(1).is_some() && front.is_punct(2, '<')
}

/// `()` or `(name: ...)`
fn looks_like_params(front: &Front, at: usize) -> bool {
    front.is_group(at, Delimiter::Parenthesis)
        && front.group(at).is_some_and(|inside| words::looks_like_params(&inside))
}

impl Parser<'_> {
    /// Fills in what it finds before a mistake, so that the item's name is there even for a broken header.
    pub(super) fn header(&mut self, input: ParseStream<'_>, header: &mut Header) -> syn::Result<()> {
        let whole = ahead(input);
        header.attributes = Attribute::parse_outer(input)?;
        let visibility: Visibility = input.parse()?;
        let mut mistakes = Vec::new();
        if input.peek(Ident::peek_any) && input.peek2(Ident::peek_any) && !input.peek2(Token![where]) {
            let word = input.call(Ident::parse_any)?;
            let text = format!("leave `{word}` out: a header is `Name<In -> Out>(parameter: Type);`");
            mistakes.push(syn::Error::new_spanned(word, text));
        }
        if input.peek(Ident) {
            header.name = Some(input.parse()?);
        } else if !matches!(visibility, Visibility::Inherited) {
            let text = "only a pipeline with a name is visible: `pub Name<In -> Out>;`";
            return Err(syn::Error::new_spanned(visibility, text));
        }
        header.visibility = Some(visibility);
        if input.peek(Token![<]) {
            let meant = meant_types(&input.fork());
            match types(&whole, input) {
                Ok(types) => {
                    let is_item = header.name.is_some();
                    let wrong = (no_message(&types.0), no_end(&types.1, is_item));
                    header.types = sent(types.0, wrong.0.is_some()).zip(sent(types.1, wrong.1.is_some()));
                    mistakes.extend(wrong.0.into_iter().chain(wrong.1));
                }
                Err(error) => {
                    header.types = meant
                        .ok()
                        .filter(|(takes, gives)| no_message(takes).is_none() && no_message(gives).is_none());
                    mistakes.push(error);
                    if header.types.is_none() {
                        // its parameters may be of types that are not there
                        return Err(all_of(mistakes).unwrap_or_else(|| input.error(TYPES)));
                    }
                    skip_to_params(input)?;
                }
            }
        }
        if input.peek(token::Paren)
            && let Err(error) = self.params(input, header)
        {
            header.lacks_params = true;
            mistakes.push(error);
        }
        if mistakes.is_empty()
            && let Err(error) = header_ends(&whole, input)
        {
            mistakes.push(error);
        }
        all_of(mistakes).map_or(Ok(()), Err)
    }

    fn params(&mut self, input: ParseStream<'_>, header: &mut Header) -> syn::Result<()> {
        let open = At::from(input.span());
        let inside;
        parenthesized!(inside in input);
        if header.types.is_none() && has_an_arrow(&ahead(&inside)) {
            return Err(syn::Error::new_spanned(open, IN_ANGLES));
        }
        while !inside.is_empty() {
            let param = self.param(&inside, header)?;
            header.params.push(param);
            if !inside.is_empty() && !inside.peek(Token![,]) {
                return Err(inside.error("parameters are separated by `,`: `(name: Type, other: Type)`"));
            }
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn param(&mut self, input: ParseStream<'_>, header: &mut Header) -> syn::Result<Param> {
        if input.peek(Token![#]) {
            return Err(attribute(input));
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error(PARAMETER));
        }
        let name = self.name(input)?;
        if !input.peek(Token![:]) {
            return Err(syn::Error::new_spanned(&name, format!("a parameter has a type: `{name}: Type`")));
        }
        input.parse::<Token![:]>()?;
        let mut ty: Type = input.parse()?;
        if let Some(error) = no_message(&ty) {
            self.diagnostics.syntax(error);
            match sent(ty.clone(), true) {
                Some(sent) => ty = sent,
                // who uses the pipeline cannot know what it takes
                None => header.lacks_params = true,
            }
        }
        let mut value = None;
        if input.peek(Token![=]) {
            let equals: Token![=] = input.parse()?;
            let given = self.code_until_comma(input)?;
            if header.name.is_some() {
                let text = format!(
                    "a named pipeline takes its parameters as arguments, `Name::pipeline({name})`: write no value here"
                );
                return Err(syn::Error::new_spanned(equals, text));
            }
            value = Some(given);
        }
        Ok(Param { name, ty, value })
    }
}

/// What stands behind a header that is complete.
fn header_ends(whole: &TokenStream, input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    if input.peek(Token![where]) {
        return Err(input.error("a pipeline has no type parameters, and no bounds: leave `where` out"));
    }
    if input.peek(Token![<]) {
        return Err(
            input.error("the types stand in front of the parameters: `<In -> Out>(parameter: Type);`")
        );
    }
    if input.peek(token::Bracket)
        && Front::of(&ahead(input)).group(0).is_some_and(|inside| !has_an_arrow(&inside))
    {
        let text = "a header has no options: they stand behind elements; of a whole pipeline they are methods, `.fuse(..)`";
        return Err(input.error(text));
    }
    if input.peek(Token![:]) || input.peek(Token![->]) || input.peek(token::Bracket) {
        return Err(input.error(IN_ANGLES));
    }
    if input.peek(token::Brace) {
        let place = At::from(
            input.cursor().token_stream().into_iter().next().map_or(input.span(), |group| group.span()),
        );
        let text = "a header ends with `;`: the statements stand behind it, without braces of their own";
        return Err(syn::Error::new_spanned(place, text));
    }
    let text = "expected `;` behind the header: `Name<In -> Out>(parameter: Type);`";
    Err(syn::Error::new_spanned(missing(whole, input), text))
}

fn all_of(mistakes: Vec<syn::Error>) -> Option<syn::Error> {
    mistakes.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    })
}

/// What was most likely meant by `<u64, u64>` or `<u64 - > u64>`: whoever uses the pipeline need not hear of the mistake.
fn meant_types(input: ParseStream<'_>) -> syn::Result<(Type, Type)> {
    input.parse::<Token![<]>()?;
    let takes = input.parse()?;
    while input.peek(Token![-]) || input.peek(Token![=]) || input.peek(Token![>]) || input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok((takes, input.parse()?))
}

fn skip_to_params(input: ParseStream<'_>) -> syn::Result<()> {
    let are_there =
        || Front::of(&ahead(input)).group(0).is_some_and(|inside| words::looks_like_params(&inside));
    while !input.is_empty() {
        if input.peek(token::Paren) && are_there() {
            break;
        }
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// The type as it can be sent, if that is known.
fn sent(ty: Type, is_wrong: bool) -> Option<Type> {
    if !is_wrong {
        return Some(ty);
    }
    owned_form(&ty).and_then(|owned| syn::parse_str(&owned).ok())
}

/// What can be seen not to cross processes.
fn no_message(ty: &Type) -> Option<syn::Error> {
    borrowed(ty).or_else(|| unwritten(ty, &["_", "impl"], "neither `_` nor `impl` can"))
}

/// What an expression gives may be left to inference.
fn no_end(ty: &Type, is_item: bool) -> Option<syn::Error> {
    if is_item { no_message(ty) } else { borrowed(ty).or_else(|| unwritten(ty, &["impl"], "`impl` cannot")) }
}

/// The processors in all processes are compiled for types that the declaration names.
fn unwritten(ty: &Type, open: &[&str], none: &str) -> Option<syn::Error> {
    let is_open =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if open.iter().any(|open| word == open));
    holds(ty.to_token_stream(), &is_open).then(|| {
        let text = format!("a type is written out here: {none} stand for one");
        syn::Error::new_spanned(At::of(ty), text)
    })
}

/// Nothing that crosses processes is borrowed.
fn borrowed(ty: &Type) -> Option<syn::Error> {
    let instead = match ty {
        Type::Never(_) => {
            let text = "nothing of this type can travel: an end that is closed is `()`";
            return Some(syn::Error::new_spanned(At::of(ty), text));
        }
        Type::Paren(inner) => return borrowed(&inner.elem),
        Type::Group(inner) => return borrowed(&inner.elem),
        Type::TraitObject(_) => {
            let text = "a `dyn` type cannot cross processes: write an enum of the types that it stands for, which can";
            return Some(syn::Error::new_spanned(At::of(ty), text));
        }
        Type::Reference(reference) if matches!(*reference.elem, Type::TraitObject(_)) => {
            return borrowed(&reference.elem);
        }
        Type::Reference(_) | Type::Slice(_) => owned_form(ty),
        Type::Path(path) if path.path.is_ident("str") => owned_form(ty),
        _ if lends(ty.to_token_stream()) => None,
        _ => return None,
    };
    let instead = instead.map(|instead| format!(": write `{instead}`")).unwrap_or_default();
    let text = format!(
        "what crosses processes owns its data and has no lifetime{instead}; user code may borrow it, `|x: &T|`"
    );
    Some(syn::Error::new_spanned(At::of(ty), text))
}

/// What to write instead of a borrowed type.
fn owned_form(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => owned(&reference.elem),
        Type::Slice(_) => owned(ty),
        Type::Path(path) if path.path.is_ident("str") => owned(ty),
        _ => None,
    }
}

/// The owned form of what stands behind a `&`.
fn owned(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) if path.path.is_ident("str") => Some("String".to_owned()),
        Type::Path(path) if path.path.is_ident("Path") => Some("PathBuf".to_owned()),
        Type::Slice(slice) => Some(format!("Vec<{}>", slice.elem.to_token_stream())),
        Type::Path(path) => Some(path.to_token_stream().to_string()),
        _ => None,
    }
}

/// Does a type mention a lifetime that ends?
fn lends(ty: TokenStream) -> bool {
    let mut after_quote = false;
    ty.into_iter().any(|token| match token {
        TokenTree::Group(group) => lends(group.stream()),
        TokenTree::Punct(punct) => {
            after_quote = punct.as_char() == '\'';
            false
        }
        TokenTree::Ident(ident) => std::mem::take(&mut after_quote) && ident != "static",
        TokenTree::Literal(_) => false,
    })
}

const PARAMETER: &str = "expected a parameter: `name: Type`";
const IN_ANGLES: &str = "the types of a header stand in angle brackets: `Name<In -> Out>;`";
const TYPES: &str =
    "a header has two types, with an arrow between them: `<In -> Out>`; `()` stands for a closed end";

/// `<In -> Out>`
pub(super) fn types(whole: &TokenStream, input: ParseStream<'_>) -> syn::Result<(Type, Type)> {
    input.parse::<Token![<]>()?;
    let takes = one_type(whole, input)?;
    if input.peek(Token![=>]) {
        return Err(input.error("the types of a header are connected by `->`: `<In -> Out>`"));
    }
    if input.peek(Token![>]) && input.peek2(Token![<]) {
        let text = "a pipeline has no type parameters: leave them out, and write `Name<In -> Out>`";
        return Err(syn::Error::new_spanned(At::of(takes), text));
    }
    if !input.peek(Token![->]) {
        return Err(input.error(TYPES));
    }
    input.parse::<Token![->]>()?;
    let gives = one_type(whole, input)?;
    if input.peek(Token![->]) {
        return Err(
            input.error("a header has two types, `<In -> Out>`: those in between follow from the elements")
        );
    }
    if !input.peek(Token![>]) {
        let place = behind_read(whole, input);
        return Err(syn::Error::new_spanned(place, "expected `>` behind the types of the header"));
    }
    input.parse::<Token![>]>()?;
    Ok((takes, gives))
}

fn one_type(whole: &TokenStream, input: ParseStream<'_>) -> syn::Result<Type> {
    if input.peek(Lifetime) {
        let text = "a pipeline has no lifetimes and no type parameters: it takes and gives types that own their data, \
                    `<In -> Out>`";
        return Err(input.error(text));
    }
    if input.is_empty() {
        return Err(syn::Error::new_spanned(behind_read(whole, input), TYPES));
    }
    if input.peek(Token![>]) || input.peek(Token![->]) {
        return Err(input.error(TYPES));
    }
    input.parse()
}
