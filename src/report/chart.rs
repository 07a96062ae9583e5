//! Bars, drawn as SVG by hand: all in percent of the width, so that text keeps its size on a telephone. A shape tells what a colour
//! tells: what is supposed is hatched, a bound is open and has an arrow, an end that does not belong to a range is a ring.

use super::model::{Bar, Bars, Drawn, Extent};
use super::svg::{Scale, percent};
use maud::{Markup, html};

/// The most bars that are drawn.
pub const MOST_BARS: usize = 20;

/// The most characters of the words over a bar: those of a telephone's width.
const MOST_CHARS: usize = 40;

/// The least characters of a name that is cut.
const LEAST_CHARS: usize = 8;

/// The places of the parts of one bar, in pixels below its top.
const LABEL: usize = 12;
const BAR: usize = 18;
const RANGE: usize = 62;

/// A chart with its title; `number` tells its ids from those of others.
pub(super) fn bars(chart: &Bars, number: usize) -> Markup {
    let Some(scale) = scale(chart) else { return html! {} };
    let (title, description) = (format!("c{number}"), format!("c{number}d"));
    let height = if chart.bars.len() > 2 { 16 } else { 22 };
    let tops: Vec<usize> = chart
        .bars
        .iter()
        .scan(0, |next, bar| {
            let top = *next;
            *next += space(bar, height);
            Some(top)
        })
        .collect();
    let end = chart.bars.last().zip(tops.last()).map_or(0, |(bar, top)| top + space(bar, height)) - 4;
    html! {
        figure {
            figcaption #(title) { (chart.title) small { (measure(chart, scale)) } }
            svg role="img" paint-order="stroke" aria-labelledby={ (title) " " (description) } width="100%" height=(end + 22) {
                desc #(description) { (in_words(chart)) }
                (grid(scale, end))
                @for (bar, top) in chart.bars.iter().zip(&tops) { (drawn(bar, *top, height, scale)) }
                line.axis x1=(percent(scale.place(0.0))) x2=(percent(scale.place(0.0))) y1="14" y2=(end) {}
                (ticks(scale, end + 18, &chart.unit))
            }
        }
    }
}

/// True if a chart has a length to draw.
pub(super) fn is_drawn(chart: &Bars) -> bool {
    scale(chart).is_some()
}

fn scale(chart: &Bars) -> Option<Scale> {
    let ranges = chart.bars.iter().filter_map(|bar| bar.range.as_ref()).map(|(_, extent)| *extent);
    let ends: Vec<f64> = chart.bars.iter().map(|bar| bar.extent).chain(ranges).flat_map(ends).collect();
    Scale::of(ends.iter().copied().fold(0.0, f64::min), ends.iter().copied().fold(0.0, f64::max))
}

fn ends(extent: Extent) -> Vec<f64> {
    match extent {
        Extent::Unknown => Vec::new(),
        Extent::To(end) | Extent::AtLeast(end) | Extent::AtMost(end) => vec![end],
        Extent::Between((low, _), (high, _)) => vec![low, high],
    }
}

/// The line under the title: unit, where the bars begin, what the marks say.
fn measure(chart: &Bars, scale: Scale) -> String {
    let unit = if chart.unit.is_empty() { "plain numbers" } else { &chart.unit };
    let axis = scale.word().map(|(word, _)| format!(", on the axis in {word}s")).unwrap_or_default();
    let remark = if chart.remark.is_empty() { String::new() } else { format!("; {}", chart.remark) };
    let left_out = match chart.left_out {
        0 => String::new(),
        count => format!("; the first {} of {} rows", chart.bars.len(), chart.bars.len() + count),
    };
    format!("{unit}, from 0{axis}{remark}{left_out}")
}

/// The chart as a sentence, for those who don't see it.
pub(super) fn in_words(chart: &Bars) -> String {
    let bar = |bar: &Bar| {
        let supposed = if bar.drawn == Drawn::Supposed { ", under the assumption, hatched" } else { "" };
        let range = bar.range.as_ref().map(|(words, _)| format!("; it may lie from {words}")).unwrap_or_default();
        let tail = if bar.tail.is_empty() { String::new() } else { format!(", {}", bar.tail) };
        format!("{}: {}{tail}{supposed}{range}.", bar.label, bar.value)
    };
    chart.bars.iter().map(bar).collect::<Vec<_>>().join(" ")
}

/// The pixels that a bar takes with its label and the gap behind it.
fn space(bar: &Bar, height: usize) -> usize {
    let own = match (bar.extent, &bar.range) {
        (_, Some(_)) => RANGE + 8,
        (Extent::Unknown, None) => LABEL + 4,
        _ => BAR + height,
    };
    own + 12
}

fn grid(scale: Scale, end: usize) -> Markup {
    let zero = percent(scale.place(0.0));
    html! {
        @for (place, _) in scale.ticks() {
            @let place = percent(place);
            @if place != zero { line.grid x1=(place) x2=(place) y1="18" y2=(end) {} }
        }
    }
}

fn ticks(scale: Scale, y: usize, unit: &str) -> Markup {
    let ticks = scale.ticks();
    let last = ticks.len() - 1;
    let unit = if scale.word().is_none() && unit.chars().count() <= LEAST_CHARS { unit } else { "" };
    html! {
        @for (at, (place, number)) in ticks.iter().enumerate() {
            @let anchor = if at == 0 { "start" } else if at == last { "end" } else { "middle" };
            text.m x=(percent(*place)) y=(y) text-anchor=(anchor) {
                (number) @if at == last && !unit.is_empty() { " " (unit) }
            }
        }
    }
}

fn drawn(bar: &Bar, top: usize, height: usize, scale: Scale) -> Markup {
    let y = top + BAR;
    html! {
        text y=(top + LABEL) {
            (cut(&bar.label, &bar.value, &bar.tail)) " " tspan.v { (bar.value) }
            @if !bar.tail.is_empty() { ", " (bar.tail) }
        }
        @match bar.extent {
            Extent::Unknown => {}
            Extent::To(end) => (rectangle(scale, 0.0, end, y, height, bar.drawn)),
            Extent::AtLeast(end) => {
                (outline(scale, 0.0, end, y, height))
                svg x=(percent(scale.place(end))) y=(y + height / 2) overflow="visible" {
                    path.ink d="M4 0H16M10-5 16 0 10 5" {}
                }
            }
            Extent::AtMost(end) => (outline(scale, 0.0, end, y, height)),
            Extent::Between((low, is_low_open), (high, is_high_open)) => {
                (line(scale, (low, is_low_open), (high, is_high_open), y + height / 2))
            }
        }
        @if let Some((words, extent)) = &bar.range { (range(scale, words, *extent, top + RANGE)) }
    }
}

/// A name that fits over the bar, before its number.
fn cut(label: &str, value: &str, tail: &str) -> String {
    let taken = value.chars().count() + tail.chars().count() + 2;
    let most = MOST_CHARS.saturating_sub(taken).max(LEAST_CHARS);
    if label.chars().count() <= most {
        return label.to_owned();
    }
    format!("{}…", label.chars().take(most - 1).collect::<String>().trim_end())
}

fn rectangle(scale: Scale, from: f64, to: f64, y: usize, height: usize, drawn: Drawn) -> Markup {
    let (x, width) = span(scale, from, to);
    match drawn {
        Drawn::Solid => html! { rect.bar x=(x) y=(y) width=(width) height=(height) {} },
        Drawn::Supposed => html! { rect.supposed x=(x) y=(y) width=(width) height=(height) {} },
    }
}

fn outline(scale: Scale, from: f64, to: f64, y: usize, height: usize) -> Markup {
    let (x, width) = span(scale, from, to);
    html! { rect.open x=(x) y=(y) width=(width) height=(height) {} }
}

/// The start and the width of a bar between two numbers.
fn span(scale: Scale, from: f64, to: f64) -> (String, String) {
    let (one, other) = (scale.place(from), scale.place(to));
    (percent(one.min(other)), percent((one - other).abs()))
}

/// A line between two ends: a dot belongs to the range, a ring does not.
fn line(scale: Scale, low: (f64, bool), high: (f64, bool), y: usize) -> Markup {
    let end = |(value, is_open): (f64, bool)| {
        html! { circle class=(if is_open { "hole" } else { "dot" }) cx=(percent(scale.place(value))) cy=(y) r="4" {} }
    };
    html! {
        line.ink x1=(percent(scale.place(low.0))) x2=(percent(scale.place(high.0))) y1=(y) y2=(y) {}
        (end(low)) (end(high))
    }
}

/// The range under a bar, with its words on the side that has room.
fn range(scale: Scale, words: &str, extent: Extent, y: usize) -> Markup {
    let Extent::Between(low, high) = extent else { return html! {} };
    let (start, end) = (scale.place(low.0), scale.place(high.0));
    let (x, anchor) = if start > 100.0 - end { (start - 2.0, "end") } else { (end + 2.0, "start") };
    html! {
        text.m x=(percent(x)) y=(y + 5) text-anchor=(anchor) { (words) }
        (line(scale, low, high, y))
    }
}

#[cfg(test)]
mod tests {
    use super::{bars, cut, in_words};
    use crate::report::model::{Bar, Bars, Drawn, Extent};

    fn bar(label: &str, value: &str, extent: Extent) -> Bar {
        Bar { label: label.to_owned(), value: value.to_owned(), extent, ..Bar::default() }
    }

    #[test]
    fn every_kind_of_number_has_its_shape() {
        let supposed = Bar { drawn: Drawn::Supposed, ..bar("if", "≈2", Extent::To(2.0)) };
        let range = Some(("1 to <3".to_owned(), Extent::Between((1.0, false), (3.0, true))));
        let stated = Bar { range, ..bar("stated", "2", Extent::To(2.0)) };
        let chart = Bars {
            title: "Numbers".to_owned(),
            unit: "state".to_owned(),
            bars: vec![
                stated,
                supposed,
                bar("most", "≥2", Extent::AtLeast(2.0)),
                bar("none", "unknown", Extent::Unknown),
            ],
            ..Bars::default()
        };
        let drawn = bars(&chart, 1).into_string();
        for shape in ["class=\"bar\"", "class=\"supposed\"", "class=\"open\"", "class=\"dot\"", "class=\"hole\""] {
            assert!(drawn.contains(shape), "{shape}: {drawn}");
        }
        assert_eq!(drawn.matches("<rect").count(), 3, "{drawn}");
        assert!(drawn.contains(">3 state</text>"), "{drawn}");
        assert!(in_words(&chart).ends_with("none: unknown."), "{}", in_words(&chart));
    }

    #[test]
    fn nothing_is_drawn_without_a_length() {
        let chart = Bars { bars: vec![bar("a", "unknown", Extent::Unknown)], ..Bars::default() };
        assert_eq!(bars(&chart, 1).into_string(), "");
    }

    #[test]
    fn negative_numbers_begin_at_the_axis() {
        let chart =
            Bars { bars: vec![bar("a", "-5", Extent::To(-5.0)), bar("b", "5", Extent::To(5.0))], ..Bars::default() };
        let drawn = bars(&chart, 1).into_string();
        assert!(drawn.contains("x=\"0%\"") && drawn.contains("x=\"50%\""), "{drawn}");
    }

    #[test]
    fn a_long_name_is_cut_and_its_number_is_not() {
        let name = cut(&"w".repeat(300), "1,600,000,000", "");
        assert_eq!(name.chars().count(), 25);
        assert!(name.ends_with('…'));
    }
}
