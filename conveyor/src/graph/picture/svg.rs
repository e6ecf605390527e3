//! The layout as SVG: a white card, readable on any page. It has no style sheet and no identifiers, so that it can stand
//! inside of a page with others, and no empty line, so that it can stand in Markdown.

use super::label::text;
use super::layout::{Layout, Placed};
use super::route::{Arrow, Point, Stretch};
use super::shape::{BEHIND, LINE};
use super::{Kind, Part};
use std::fmt::{Result, Write};

const EDGE: &str = "#57606a";

/// The picture of a graph. `title` is what those get who cannot see it.
pub(crate) fn svg(title: &str, parts: &[Part]) -> String {
    let mut svg = String::new();
    write_svg(&mut svg, title, parts).expect("writing to a string cannot fail");
    svg
}

fn write_svg(svg: &mut String, title: &str, parts: &[Part]) -> Result {
    let layout = Layout::new(parts);
    let (width, height) = (layout.width.ceil(), layout.height.ceil());
    write!(svg, r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" "#)?;
    writeln!(svg, r#"viewBox="0 0 {width} {height}" style="max-width:100%;height:auto">"#)?;
    writeln!(svg, "<title>{}</title>", escaped(title))?;
    let (card_width, card_height) = (width - 1.0, height - 1.0);
    write!(
        svg,
        r##"<rect x="0.5" y="0.5" width="{card_width}" height="{card_height}" rx="6" fill="#ffffff" "##
    )?;
    writeln!(svg, r##"stroke="#d0d7de"/>"##)?;
    for arrow in &layout.arrows {
        let dash = if parts[arrow.to].inserted { DASHED } else { "" };
        writeln!(svg, r#"<path d="{}" fill="none" stroke="{EDGE}"{dash}/>"#, path(arrow))?;
    }
    write!(
        svg,
        r#"<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" "#
    )?;
    writeln!(svg, r#"text-anchor="middle">"#)?;
    for (part, placed) in parts.iter().zip(&layout.boxes) {
        writeln!(svg, "<g>")?;
        writeln!(svg, "<title>{}</title>", escaped(&text(parts, part)))?;
        outline(svg, placed)?;
        letters(svg, placed)?;
        writeln!(svg, "</g>")?;
    }
    writeln!(svg, "</g>")?;
    writeln!(svg, "</svg>")
}

const DASHED: &str = r#" stroke-dasharray="4 3""#;

/// Lines, and a point if it ends at an element.
fn path(arrow: &Arrow) -> String {
    let mut text = format!("M{} {}", number(arrow.start.x), number(arrow.start.y));
    let mut at = arrow.start;
    for stretch in &arrow.stretches {
        let (Stretch::Straight(to) | Stretch::Bent(to)) = *stretch;
        let (x, y) = (number(to.x), number(to.y));
        let half = number((at.x + to.x) / 2.0);
        text += &match stretch {
            _ if at == to => String::new(),
            Stretch::Bent(_) if at.y != to.y => format!("C{half} {} {half} {y} {x} {y}", number(at.y)),
            _ => format!("L{x} {y}"),
        };
        at = to;
    }
    if arrow.arrives {
        text += "m-6 -3.5l6 3.5l-6 3.5";
    }
    text
}

fn outline(svg: &mut String, placed: &Placed) -> Result {
    let shape = &placed.shape;
    let (fill, stroke) = colours(shape.kind);
    let dash = if shape.inserted { DASHED } else { "" };
    let style = format!(r#"fill="{fill}" stroke="{stroke}"{dash}"#);
    let (Point { x, y }, width, height) = front(placed);
    if shape.is_stack {
        for behind in [2.0 * BEHIND, BEHIND] {
            let at = Point { x: x + behind, y: y - behind };
            writeln!(svg, r#"<path d="{}" {style}/>"#, contour(shape.kind, at, width, height))?;
        }
    }
    writeln!(svg, r#"<path d="{}" {style}/>"#, contour(shape.kind, Point { x, y }, width, height))?;
    if shape.kind == Kind::Pipe {
        let (x, half) = (number(x + width - 5.0), number(height / 2.0));
        let end = format!("M{x} {}a5 {half} 0 0 0 0 {}", number(y), number(height));
        writeln!(svg, r#"<path d="{end}" fill="none" stroke="{stroke}"/>"#)?;
    }
    Ok(())
}

/// The box without the ones behind it.
fn front(placed: &Placed) -> (Point, f64, f64) {
    let behind = if placed.shape.is_stack { 2.0 * BEHIND } else { 0.0 };
    let at = Point { x: placed.at.x, y: placed.at.y + behind };
    (at, placed.shape.width - behind, placed.shape.height - behind)
}

/// Sources are round on the left, sinks on the right, open ends on both sides; forks and joins are pointed; pipes are
/// pipes.
fn contour(kind: Kind, at: Point, width: f64, height: f64) -> String {
    let (left, right) = match kind {
        Kind::Source => (height / 2.0, 4.0),
        Kind::Sink => (4.0, height / 2.0),
        Kind::Input | Kind::Output => (height / 2.0, height / 2.0),
        _ => (4.0, 4.0),
    };
    let (x, y) = (number(at.x), number(at.y));
    match kind {
        Kind::Pipe => {
            let (start, long, half) = (number(at.x + 5.0), number(width - 10.0), number(height / 2.0));
            let height = number(height);
            format!("M{start} {y}h{long}a5 {half} 0 0 1 0 {height}h-{long}a5 {half} 0 0 1 0 -{height}z")
        }
        Kind::Replicate | Kind::Balance | Kind::Merge | Kind::Zip | Kind::Ordered => {
            let (half, long, middle) =
                (number(height / 2.0), number(width - 20.0), number(at.y + height / 2.0));
            format!("M{x} {middle}l10 -{half}h{long}l10 {half}l-10 {half}h-{long}z")
        }
        _ => {
            let (l, r) = (number(left), number(right));
            let (top, long) = (number(at.x + left), number(width - left - right));
            let (fall, rise) = (number(height - 2.0 * right), number(height - 2.0 * left));
            format!(
                "M{top} {y}h{long}a{r} {r} 0 0 1 {r} {r}v{fall}a{r} {r} 0 0 1 -{r} {r}h-{long}\
                 a{l} {l} 0 0 1 -{l} -{l}v-{rise}a{l} {l} 0 0 1 {l} -{l}z"
            )
        }
    }
}

fn letters(svg: &mut String, placed: &Placed) -> Result {
    let (at, width, height) = front(placed);
    // The end of a pipe takes some space.
    let end = if placed.shape.kind == Kind::Pipe { 8.0 } else { 0.0 };
    let middle = number(at.x + (width - end) / 2.0);
    let first = at.y + (height - placed.shape.lines.len() as f64 * LINE) / 2.0;
    for (row, line) in placed.shape.lines.iter().enumerate() {
        // The base line lies about a third of the font below the middle of the line.
        let base = number(first + (row as f64 + 0.5) * LINE + line.font() * 0.35);
        let fill = if line.is_small { EDGE } else { "#1f2328" };
        let (font, text) = (line.font(), escaped(&line.text));
        writeln!(svg, r#"<text x="{middle}" y="{base}" font-size="{font}" fill="{fill}">{text}</text>"#)?;
    }
    Ok(())
}

/// Of the inside and of the edge.
fn colours(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Source => ("#dafbe1", "#1a7f37"),
        Kind::Sink => ("#ffebe9", "#cf222e"),
        Kind::Processor => ("#ddf4ff", "#0969da"),
        Kind::Pipeline => ("#ffffff", "#0969da"),
        Kind::Replicate | Kind::Balance | Kind::Merge | Kind::Zip | Kind::Ordered => ("#fff8c5", "#9a6700"),
        Kind::Pipe | Kind::Relay | Kind::Input | Kind::Output => ("#f6f8fa", EDGE),
    }
}

/// One digit behind the point is enough.
fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // There is no -0.
    format!("{}", rounded + 0.0)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            // Line ends would end Markdown's block, and other control characters are no XML.
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
