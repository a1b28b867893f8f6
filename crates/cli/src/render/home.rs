use wallet::views::{HomeView, TrailState};

use super::record::cells;
use super::{Page, lent};
use crate::dates;
use crate::words::Words;

/// What is new, and the record at a glance.
pub(crate) fn home(words: Words, home: &HomeView) -> String {
    let mut page = Page::default();
    page.line(&words.fill("home.record", &[("name", &home.person.name)]));
    lent(words, &home.person.lent, &mut page);
    for connection in &home.need_sign_in {
        page.gap();
        page.line(&words.fill("home.signIn", &[("name", &connection.name), ("id", &connection.id)]));
    }
    page.gap();
    match (&home.last_pull, home.news.is_empty()) {
        (None, _) => page.line(words.text("home.empty")),
        (Some(at), true) => page.line(&words.fill("home.nothingNew", &[("date", &dates::instant(words, at))])),
        (Some(_), false) => {
            page.line(words.text("home.news"));
            page.table(&home.news.iter().map(|row| cells(words, row)).collect::<Vec<_>>());
        }
    }
    page.gap();
    let changed = home.medications_changed.as_deref();
    let is_part = !home.person.lent.is_empty();
    let medications = words.count("home.active", home.medications_active);
    let medications = match changed {
        // Nothing of a kind may be shared: that there is nothing would be a dangerous thing to say.
        _ if is_part && home.medications_active == 0 => words.text("home.noneInPart").to_owned(),
        Some(date) => words.fill("home.changed", &[("active", &medications), ("date", &dates::day(words, date))]),
        None => medications,
    };
    let allergies = if home.allergies.is_empty() { None } else { Some(home.allergies.join(", ")) };
    let conditions = words.fill(
        "home.conditionsOf",
        &[("active", &words.count("home.active", home.conditions_active)), ("all", &words.number(home.conditions))],
    );
    let everything = words.fill(
        "home.everythingFrom",
        &[("items", &words.count("items", home.everything)), ("sources", &words.count("sources", home.sources))],
    );
    page.fact(words, words.text("home.medications"), Some(&medications));
    page.fact(
        words,
        words.text("home.allergies"),
        Some(allergies.as_deref().unwrap_or(words.text(if is_part { "home.noneInPart" } else { "home.noAllergies" }))),
    );
    page.fact(words, words.text("home.conditions"), Some(&conditions));
    page.fact(words, words.text("home.everything"), Some(&everything));
    page.fact(words, words.text("home.cards"), Some(&words.number(home.cards)));
    page.gap();
    page.line(&trail_line(words, &home.trail));
    page.into()
}

/// Whether the trail is whole, in a sentence.
pub(super) fn trail_line(words: Words, trail: &TrailState) -> String {
    match trail.broken_at {
        None => words.count("trail.whole", trail.entries),
        Some(entry) => words.fill("trail.broken", &[("entry", &words.number(entry))]),
    }
}
