use wallet::views::{CardKind, CardView, CardsAdded, ErrorView, VerdictView};

use super::Page;
use crate::dates;
use crate::words::Words;

/// Several cards, in short.
pub(crate) fn cards(words: Words, cards: &Vec<CardView>) -> String {
    let mut page = Page::default();
    if cards.is_empty() {
        page.line(words.text("cards.none"));
    }
    for card in cards {
        page.gap();
        short(words, card, &mut page);
    }
    page.into()
}

/// One card, in full.
pub(crate) fn card(words: Words, card: &CardView) -> String {
    let mut page = Page::default();
    full(words, card, &mut page);
    page.into()
}

/// What came of taking cards in.
pub(crate) fn added(words: Words, added: &CardsAdded) -> String {
    let mut page = Page::default();
    let count = |cards: &[CardView]| u32::try_from(cards.len()).unwrap_or(u32::MAX);
    let groups = [("cards.added", &added.added), ("cards.already", &added.already)];
    for (key, cards) in groups.into_iter().filter(|(_, cards)| !cards.is_empty()) {
        page.gap();
        page.line(&words.count(key, count(cards)));
        for card in cards {
            page.gap();
            short(words, card, &mut page);
        }
    }
    for error in &added.unreadable {
        page.gap();
        let text = words.error(error);
        page.line(&format!("{} {}", text.what, text.help));
    }
    if !added.missing_parts.is_empty() {
        page.gap();
        let parts: Vec<String> = added.missing_parts.iter().map(u32::to_string).collect();
        page.line(&words.fill("cards.missingParts", &[("parts", &parts.join(", "))]));
    }
    if added.added.is_empty()
        && added.already.is_empty()
        && added.unreadable.is_empty()
        && added.missing_parts.is_empty()
    {
        page.line(words.text("cards.nothingNew"));
    }
    page.into()
}

/// What could not be read as a card.
pub(crate) fn unreadable(words: Words, said: &VerdictView, error: &ErrorView) -> String {
    let mut page = Page::default();
    page.line(&verdict(words, said));
    let text = words.error(error);
    page.line(&format!("{} {}", text.what, text.help));
    page.into()
}

fn short(words: Words, card: &CardView, page: &mut Page) {
    page.line(&heading(words, card));
    page.line(&verdict(words, &card.verdict));
    page.fact(words, words.text("card.for"), card.name.as_deref());
    page.fact(words, words.text("card.issuer"), Some(&card.issuer));
    for line in &card.lines {
        let date = dates::day_or_not_stated(words, line.date.as_deref());
        let what = line.what.as_deref().unwrap_or_else(|| words.text("title.notStated"));
        page.line(&format!("  {}", [what, line.value.as_deref().unwrap_or_default(), &date].join("  ")));
    }
}

fn full(words: Words, card: &CardView, page: &mut Page) {
    page.line(&heading(words, card));
    page.gap();
    page.line(&verdict(words, &card.verdict));
    page.line(&words.reason(&card.verdict.reason, "help", ""));
    page.gap();
    page.fact(words, words.text("card.for"), card.name.as_deref());
    let birth = card.birth_date.as_deref().map(|date| dates::day(words, date));
    page.fact(words, words.text("card.born"), birth.as_deref());
    let rows: Vec<Vec<String>> = card
        .lines
        .iter()
        .map(|line| {
            vec![
                String::new(),
                dates::day_or_not_stated(words, line.date.as_deref()),
                line.what.clone().unwrap_or_else(|| words.text("title.notStated").to_owned()),
                line.value.clone().unwrap_or_default(),
                line.by.clone().unwrap_or_default(),
            ]
        })
        .collect();
    page.table(&rows);
    page.gap();
    page.fact(words, words.text("card.issuer"), Some(&card.issuer));
    page.fact(words, words.text("card.issuerAddress"), Some(&card.issuer_address));
    let when = |at: &Option<String>| at.as_deref().map(|at| dates::instant(words, at));
    page.fact(words, words.text("card.issued"), when(&card.issued).as_deref());
    page.fact(
        words,
        words.text("card.expires"),
        Some(&when(&card.expires).unwrap_or(words.text("card.noEnd").to_owned())),
    );
    page.fact(words, words.text("card.keysDate"), when(&card.verdict.keys_date).as_deref());
    if let Some(at) = when(&card.added) {
        page.fact(words, words.text("card.added"), Some(&at));
    }
    if let Some(at) = when(&card.removed) {
        page.fact(words, words.text("card.removed"), Some(&at));
    }
    page.fact(words, words.text("card.evidence"), Some(&card.verdict.evidence));
    page.gap();
    page.line(words.text("card.notAnId"));
}

fn heading(words: Words, card: &CardView) -> String {
    let kind = match card.kind {
        CardKind::Immunization => words.text("card.immunization"),
        CardKind::Laboratory => words.text("card.laboratory"),
        CardKind::Other => words.text("card.other"),
    };
    match &card.id {
        Some(id) => format!("{kind}  {id}"),
        None => kind.to_owned(),
    }
}

/// "Verified: the issuer signed it, and it has not been changed."
fn verdict(words: Words, verdict: &VerdictView) -> String {
    let detail = verdict.detail.as_deref().unwrap_or_default();
    let is_instant = detail.parse::<jiff::Timestamp>().is_ok();
    let detail = if is_instant { dates::instant(words, detail) } else { detail.to_owned() };
    let said = |part: &str| words.reason(&verdict.reason, part, &detail);
    format!("{}: {}.", said("verdict"), said("reason"))
}
