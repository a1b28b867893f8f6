use std::collections::BTreeMap;

use wallet::views::{GrantPreview, ResourceName};

use super::Page;
use crate::words::Words;

/// Most findings of one list that are said; `--json` has all.
const MOST: usize = 100;

/// What a grant says, and what it would let out.
pub(crate) fn grant(words: Words, preview: &GrantPreview) -> String {
    let mut out = Page::default();
    for said in &preview.summary {
        out.line(said.of(words.language()));
    }
    out.gap();
    if !preview.holds {
        out.line(words.text("grants.notNow"));
    }
    out.line(&words.fill(
        "grants.counts",
        &[
            ("kept", &words.number(preview.kept)),
            ("changed", &words.number(preview.changed)),
            ("left", &words.number(preview.left_out)),
        ],
    ));
    out.gap();
    types(words, preview, &mut out);
    reasons(words, preview, &mut out);
    findings(words, preview, &mut out);
    out.into()
}

fn types(words: Words, preview: &GrantPreview, out: &mut Page) {
    let heads = ["grants.type", "grants.kept", "grants.changed", "grants.left"];
    let mut rows = vec![heads.iter().map(|key| words.text(key).to_owned()).collect::<Vec<_>>()];
    rows.extend(preview.types.iter().map(|count| {
        let numbers = [count.kept, count.changed, count.left_out].map(|number| words.number(number));
        std::iter::once(count.resource_type.clone()).chain(numbers).collect()
    }));
    if rows.len() > 1 {
        out.table(&rows);
    }
}

fn reasons(words: Words, preview: &GrantPreview, out: &mut Page) {
    let mut counts: BTreeMap<(&str, Option<&str>), u32> = BTreeMap::new();
    for left in &preview.left {
        *counts.entry((&left.why, left.topic.as_deref())).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    out.gap();
    out.line(words.text("grants.why"));
    for ((why, topic), count) in counts {
        let reason = words.shared("leftOut", why);
        let reason = match topic {
            Some(topic) => format!("{reason}: {}", words.shared("topics", topic)),
            None => reason.to_owned(),
        };
        out.line(&format!("  {}  {reason}", words.number(count)));
    }
}

fn findings(words: Words, preview: &GrantPreview, out: &mut Page) {
    if !preview.review.is_empty() {
        out.gap();
        out.line(words.text("grants.review"));
        for review in preview.review.iter().take(MOST) {
            let said = [
                ("of", name(words, &review.of)),
                ("place", review.place.clone()),
                ("found", review.found.join(", ")),
                ("does", words.text(does(&review.default)).to_owned()),
            ];
            let values: Vec<(&str, &str)> = said.iter().map(|(key, value)| (*key, value.as_str())).collect();
            out.line(&format!("  {}", words.fill("grants.found", &values)));
        }
        more(words, preview.review.len(), out);
    }
    if !preview.concerns.is_empty() {
        out.gap();
        out.line(words.text("grants.concerns"));
        for concern in &preview.concerns {
            out.line(&format!("  {}  {}", words.number(concern.count), words.shared("concerns", &concern.code)));
        }
    }
    if !preview.not_understood.is_empty() {
        out.gap();
        out.line(words.text("grants.notUnderstood"));
        for one in preview.not_understood.iter().take(MOST) {
            out.line(&format!("  {}", name(words, &one.of)));
        }
        more(words, preview.not_understood.len(), out);
    }
}

fn more(words: Words, count: usize, out: &mut Page) {
    if let Some(rest) = count.checked_sub(MOST).filter(|rest| *rest > 0) {
        let rest = words.number(u32::try_from(rest).unwrap_or(u32::MAX));
        out.line(&format!("  {}", words.fill("grants.more", &[("count", &rest)])));
    }
}

fn does(choice: &str) -> &'static str {
    match choice {
        "takeOut" => "grants.takeOut",
        "leaveOut" => "grants.leaveOut",
        _ => "grants.keep",
    }
}

fn name(words: Words, of: &ResourceName) -> String {
    let title = of.title.as_deref().unwrap_or_else(|| words.text("title.notStated"));
    let kind = of.resource.split('/').next().unwrap_or_default();
    format!("{kind} {title} {}", of.item.as_deref().unwrap_or(&of.resource))
}
