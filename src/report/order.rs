//! The order of events, as far as there is one: a frame for each part that hangs together, and no order between frames. A chain is
//! a column of dots and arrows; a part that branches has lanes, as histories of versions are drawn. A position means nothing but
//! before and behind.

use super::facts::Anchors;
use super::model::{Line, Order, Pair, Piece, Stamp};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// The most events that are drawn; a table has more.
const MOST_EVENTS: usize = 40;

/// The most lanes beside each other.
const MOST_LANES: usize = 5;

/// The width of a lane, in pixels.
const LANE: usize = 14;

/// A part of the events that hangs together.
struct Frame<'o> {
    rows: Vec<FrameRow<'o>>,
    lanes: usize,
}

/// A row of a frame: an event with the lanes beside it, and what leads on to the next row.
struct FrameRow<'o> {
    event: &'o str,
    lane: usize,
    /// The lanes that pass by, or come down from above.
    above: Vec<usize>,
    /// The lanes between this row and the next: from, to, and the pair that it is of.
    below: Vec<(usize, usize, &'o Pair)>,
    /// The pairs that begin here.
    begun: Vec<&'o Pair>,
    /// True if an arrow ends here.
    is_reached: bool,
}

/// The frames with their title; nothing for an order that can't be drawn.
pub(super) fn order(order: &Order, number: usize, anchors: &Anchors) -> Markup {
    let Some(frames) = frames(order) else { return html! {} };
    let title = format!("c{number}");
    html! {
        figure aria-labelledby=(title) {
            figcaption #(title) {
                "Order within each frame only"
                small {
                    "an arrow means “before”: solid where the interval is stated, dotted where it is not. "
                    "Between the frames no order is stated."
                }
            }
            ul.order {
                @for frame in &frames { (drawn(frame, anchors)) }
                @if !order.alone.is_empty() {
                    li.alone {
                        span.r { "in no order with any other" }
                        @for event in &order.alone { span.e { (event) } }
                    }
                }
            }
        }
    }
}

/// True if an order is drawn.
pub(super) fn is_drawn(order: &Order) -> bool {
    frames(order).is_some()
}

/// The order in sentences.
pub(super) fn in_words(order: &Order) -> String {
    let pair = |pair: &Pair| format!("{} {} {} ({}).", pair.earlier, pair.relation, pair.later, pair.interval);
    let mut words: Vec<String> = order.pairs.iter().map(pair).collect();
    if !order.alone.is_empty() {
        words.push(format!("In no order with any other: {}.", order.alone.join(", ")));
    }
    words.join(" ")
}

/// The frames of an order, in the order of its pairs; `None` if there are too many events, too many lanes, or events that are
/// before themselves.
fn frames(order: &Order) -> Option<Vec<Frame<'_>>> {
    let events: BTreeSet<&str> = order.pairs.iter().flat_map(|pair| [&*pair.earlier, &*pair.later]).collect();
    if order.pairs.is_empty() || events.len() + order.alone.len() > MOST_EVENTS {
        return None;
    }
    let mut left: Vec<&Pair> = order.pairs.iter().collect();
    let mut frames = Vec::new();
    while let Some(first) = left.first() {
        let mut members = BTreeSet::from([&*first.earlier]);
        loop {
            let is_in = |pair: &&&Pair| members.contains(&*pair.earlier) != members.contains(&*pair.later);
            let Some(pair) = left.iter().find(is_in) else { break };
            members.extend([&*pair.earlier, &*pair.later]);
        }
        let (part, others): (Vec<&Pair>, Vec<&Pair>) =
            left.into_iter().partition(|pair| members.contains(&*pair.earlier));
        frames.push(frame(&reduced(&part))?);
        left = others;
    }
    Some(frames)
}

/// The pairs without those that follow from others, and one of several for the same two events.
fn reduced<'o>(pairs: &[&'o Pair]) -> Vec<&'o Pair> {
    let mut kept: Vec<&Pair> = Vec::new();
    for pair in pairs {
        let is_same = |other: &&Pair| other.earlier == pair.earlier && other.later == pair.later;
        let follows = leads(pairs, &pair.earlier, &pair.later);
        if !follows && !kept.iter().any(is_same) {
            kept.push(pair);
        }
    }
    kept
}

/// True if a way of several pairs leads from an event to another.
fn leads(pairs: &[&Pair], from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> =
        pairs.iter().filter(|pair| pair.earlier == from && pair.later != to).map(|pair| &*pair.later).collect();
    while let Some(event) = open.pop() {
        if event == to {
            return true;
        }
        if seen.insert(event) {
            open.extend(pairs.iter().filter(|pair| pair.earlier == event).map(|pair| &*pair.later));
        }
    }
    false
}

/// The events of a part so that each stands behind those before it; `None` if they run in a circle.
fn sorted<'o>(pairs: &[&'o Pair]) -> Option<Vec<&'o str>> {
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut events: Vec<&str> = Vec::new();
    for pair in pairs {
        for event in [&*pair.earlier, &*pair.later] {
            if !waits.contains_key(event) {
                waits.insert(event, 0);
                events.push(event);
            }
        }
        *waits.entry(&pair.later).or_default() += 1;
    }
    let mut sorted = Vec::new();
    while sorted.len() < events.len() {
        let next = events.iter().find(|event| waits.get(*event) == Some(&0))?;
        waits.remove(next);
        for pair in pairs.iter().filter(|pair| pair.earlier == **next) {
            *waits.entry(&pair.later).or_default() -= 1;
        }
        sorted.push(*next);
    }
    Some(sorted)
}

/// The rows of a part: an event takes the lane of an arrow that leads to it, and each further arrow of it a free lane.
fn frame<'o>(pairs: &[&'o Pair]) -> Option<Frame<'o>> {
    let mut lanes: Vec<Option<&Pair>> = Vec::new();
    let mut rows: Vec<FrameRow<'o>> = Vec::new();
    let mut most = 1;
    for event in sorted(pairs)? {
        let above: Vec<usize> = taken(&lanes);
        let reaching: Vec<usize> =
            above.iter().copied().filter(|at| lanes[*at].is_some_and(|pair| pair.later == event)).collect();
        let lane = reaching.first().copied().unwrap_or_else(|| free(&mut lanes));
        if let Some(before) = rows.last_mut() {
            // Arrows to one event meet in its lane.
            for (_, to, _) in before.below.iter_mut().filter(|(_, to, _)| reaching.contains(to)) {
                *to = lane;
            }
        }
        for at in &reaching {
            lanes[*at] = None;
        }
        let begun: Vec<&Pair> = pairs.iter().copied().filter(|pair| pair.earlier == event).collect();
        let before: Vec<(usize, &Pair)> =
            lanes.iter().enumerate().filter_map(|(at, pair)| Some((at, (*pair)?))).collect();
        let mut below: Vec<(usize, usize, &Pair)> = before.iter().map(|(at, pair)| (*at, *at, *pair)).collect();
        for (nth, pair) in begun.iter().enumerate() {
            let to = if nth == 0 && lanes[lane].is_none() { lane } else { free(&mut lanes) };
            lanes[to] = Some(pair);
            below.push((lane, to, pair));
        }
        most = most.max(lanes.len());
        let passing = above.into_iter().filter(|at| !reaching.contains(at)).collect();
        let is_reached = !reaching.is_empty();
        rows.push(FrameRow { event, lane, above: passing, below, begun, is_reached });
        while lanes.last().is_some_and(Option::is_none) {
            lanes.pop();
        }
    }
    (most <= MOST_LANES).then_some(Frame { rows, lanes: most })
}

/// The lanes that lead somewhere.
fn taken(lanes: &[Option<&Pair>]) -> Vec<usize> {
    lanes.iter().enumerate().filter(|(_, pair)| pair.is_some()).map(|(at, _)| at).collect()
}

/// A lane that leads nowhere.
fn free(lanes: &mut Vec<Option<&Pair>>) -> usize {
    let found = lanes.iter().position(Option::is_none);
    found.unwrap_or_else(|| {
        lanes.push(None);
        lanes.len() - 1
    })
}

fn drawn(frame: &Frame<'_>, anchors: &Anchors) -> Markup {
    let class = match frame.lanes {
        1 => None,
        lanes => Some(format!("w{lanes}")),
    };
    html! {
        li class=[class] {
            @for row in &frame.rows {
                span.e {
                    svg aria-hidden="true" focusable="false" {
                        @for lane in &row.above { (vertical(*lane)) }
                        use href="#dot" x=[(row.lane > 0).then_some(row.lane * LANE)] {}
                    }
                    (row.event)
                }
                @if !row.below.is_empty() { (between(row, frame, anchors)) }
            }
        }
    }
}

/// The lines between a row and the next, and what is known of the pairs that begin here.
fn between(row: &FrameRow<'_>, frame: &Frame<'_>, anchors: &Anchors) -> Markup {
    let next = frame.rows.iter().skip_while(|other| other.event != row.event).nth(1);
    let ends = |to: usize| next.is_some_and(|next| next.is_reached && next.lane == to);
    let is_chain = frame.lanes == 1;
    html! {
        span.r {
            svg aria-hidden="true" focusable="false" {
                @for (from, to, pair) in &row.below {
                    line.ink x1=(middle(*from)) x2=(middle(*to)) y2="100%" stroke-dasharray=[(!pair.is_stated).then_some("1.5 4")] {}
                    @if ends(*to) && pair.relation == BEFORE {
                        svg x=(to * LANE) y="100%" overflow="visible" { use href="#tip" {} }
                    }
                }
            }
            @for (at, pair) in row.begun.iter().enumerate() {
                @if at > 0 { br; }
                (anchors.line(&told(pair, is_chain)))
            }
        }
    }
}

/// The relation that an arrow stands for.
const BEFORE: &str = "before";

/// The known relation of a pair: `before · 1 day · F16`.
fn told(pair: &Pair, is_chain: bool) -> Line {
    let mut line = Line::default();
    if pair.is_assumed {
        line = line.then(Piece::Stamp(Stamp::WhatIf)).text(" ");
    }
    let whom = if is_chain { String::new() } else { format!(" {}", pair.later) };
    line = line.text(format!("{}{whom} · ", pair.relation));
    line =
        if pair.is_stated { line.then(Piece::Strong(pair.interval.clone())) } else { line.text(pair.interval.clone()) };
    line.text(" · ").ids(pair.facts.iter().map(String::as_str))
}

fn vertical(lane: usize) -> Markup {
    html! { line.ink x1=(middle(lane)) x2=(middle(lane)) y1="-50%" y2="150%" {} }
}

/// The middle of a lane, in pixels.
fn middle(lane: usize) -> usize {
    lane * LANE + LANE / 2
}

#[cfg(test)]
mod tests {
    use super::{frames, in_words};
    use crate::report::model::{Order, Pair};

    fn order(pairs: &[(&str, &str)]) -> Order {
        let pair = |(earlier, later): &(&str, &str)| Pair {
            earlier: (*earlier).to_owned(),
            later: (*later).to_owned(),
            relation: "before".to_owned(),
            interval: "unknown".to_owned(),
            ..Pair::default()
        };
        Order { pairs: pairs.iter().map(pair).collect(), alone: vec!["z".to_owned()] }
    }

    fn drawn(pairs: &[(&str, &str)]) -> Option<Vec<(usize, Vec<String>)>> {
        let order = order(pairs);
        let frames = frames(&order)?;
        let events = |rows: &[super::FrameRow<'_>]| rows.iter().map(|row| row.event.to_owned()).collect();
        Some(frames.iter().map(|frame| (frame.lanes, events(&frame.rows))).collect())
    }

    #[test]
    fn each_part_that_hangs_together_is_a_frame() {
        let all = drawn(&[("a", "b"), ("c", "d"), ("b", "e")]).unwrap();
        assert_eq!(all, [(1, ["a", "b", "e"].map(str::to_owned).into()), (1, ["c", "d"].map(str::to_owned).into())]);
    }

    #[test]
    fn what_follows_from_others_is_left_out() {
        assert_eq!(drawn(&[("a", "b"), ("b", "c"), ("a", "c")]).unwrap()[0].0, 1);
    }

    #[test]
    fn a_part_that_branches_has_lanes() {
        let all = drawn(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].0, 2);
        assert_eq!(all[0].1.first().map(String::as_str), Some("a"));
        assert_eq!(all[0].1.last().map(String::as_str), Some("d"));
    }

    #[test]
    fn a_circle_and_a_crowd_are_not_drawn() {
        assert!(drawn(&[("a", "b"), ("b", "a")]).is_none());
        let names: Vec<String> = (0..50).map(|n| format!("e{n}")).collect();
        let pairs: Vec<(&str, &str)> = names.windows(2).map(|two| (&*two[0], &*two[1])).collect();
        assert!(drawn(&pairs).is_none());
    }

    #[test]
    fn an_order_is_told_in_words() {
        assert_eq!(in_words(&order(&[("a", "b")])), "a before b (unknown). In no order with any other: z.");
    }
}
