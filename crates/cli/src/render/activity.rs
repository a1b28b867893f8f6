use wallet::views::{ActivityEntry, ActivityOutcome, ActivityPage, TrailState};

use super::Page;
use super::home::trail_line;
use crate::dates;
use crate::words::Words;

/// What happened, newest first.
pub(crate) fn activity(words: Words, activity: &ActivityPage) -> String {
    let mut page = Page::default();
    page.table(&activity.entries.iter().map(|entry| row(words, entry)).collect::<Vec<_>>());
    page.gap();
    let shown = u32::try_from(activity.entries.len()).unwrap_or(u32::MAX);
    let total = words.count("entries", activity.total);
    page.line(&words.fill("record.shown", &[("shown", &words.number(shown)), ("total", &total)]));
    page.line(&trail_line(words, &activity.trail));
    page.into()
}

/// Whether the trail is whole, and what to do where it is not.
pub(crate) fn trail(words: Words, trail: &TrailState) -> String {
    let mut page = Page::default();
    page.line(&trail_line(words, trail));
    if trail.broken_at.is_some() {
        page.line(words.text("trail.brokenHelp"));
    }
    page.into()
}

fn row(words: Words, entry: &ActivityEntry) -> Vec<String> {
    let counts: Vec<String> = entry
        .counts
        .iter()
        .map(|(name, count)| format!("{} {}", words.number(*count), count_name(words, name)))
        .collect();
    vec![
        words.number(entry.seq),
        dates::instant(words, &entry.at),
        words.shared("actions", &entry.action).to_owned(),
        entry.about.clone().unwrap_or_default(),
        counts.join(", "),
        match entry.outcome {
            ActivityOutcome::Done => String::new(),
            ActivityOutcome::Refused => words.text("outcome.refused").to_owned(),
            ActivityOutcome::Failed => words.text("outcome.failed").to_owned(),
        },
    ]
}

fn count_name<'a>(words: Words, name: &'a str) -> std::borrow::Cow<'a, str> {
    match name {
        "new" => words.text("count.new").to_owned().into(),
        "changed" => words.text("count.changed").to_owned().into(),
        "unchanged" => words.text("count.unchanged").to_owned().into(),
        "failed" => words.text("count.failed").to_owned().into(),
        other => other.into(),
    }
}
