//! Cards that were exchanged, and mandates that are held.

use wallet::views::{EraseView, HeldMandateView, LentView, MandateState, PairState, PairView};

use super::Page;
use crate::dates;
use crate::words::Words;

/// Cards that were exchanged.
pub(crate) fn pairs(words: Words, all: &[PairView]) -> String {
    let mut page = Page::default();
    for one in all {
        page.line(&format!("{}  {}", one.id, one.name));
        page.fact(words, words.text("pairs.says"), one.says.as_deref());
        page.fact(words, words.text("pairs.server"), one.server.as_deref());
        page.line(match one.state {
            PairState::Waiting => words.text("pairs.waiting"),
            PairState::ToCompare => words.text("pairs.toCompare"),
            PairState::Compared => words.text("pairs.compared"),
            PairState::Refused => words.text("pairs.refused"),
        });
        if let Some(code) = &one.code {
            page.line(&words.fill("pairs.code", &[("code", code)]));
        }
        page.gap();
    }
    if all.is_empty() {
        page.line(words.text("pairs.none"));
    }
    page.into()
}

/// A card that was read, and what is to be done next.
pub(crate) fn pair_read(words: Words, all: &[PairView]) -> String {
    let mut text = pairs(words, all);
    for one in all.iter().filter(|one| one.state == PairState::ToCompare) {
        text.push_str(&words.fill("pairs.answer", &[("id", &one.id)]));
        text.push('\n');
    }
    text
}

/// Mandates that are held, or were.
pub(crate) fn mandates(words: Words, all: &[HeldMandateView]) -> String {
    let mut page = Page::default();
    for one in all {
        page.line(&format!("{}  {}", one.id, words.fill("mandates.from", &[("name", &one.from)])));
        page.line(match one.state {
            MandateState::Asking => words.text("mandates.asking"),
            MandateState::Held => words.text("mandates.held"),
            MandateState::Refused => words.text("mandates.refused"),
            MandateState::Ended => words.text("mandates.ended"),
        });
        let at = |at: &Option<String>| at.as_deref().map(|at| dates::instant(words, at));
        page.fact(words, words.text("mandates.until"), at(&one.until).as_deref());
        page.fact(words, words.text("mandates.server"), Some(&one.server));
        page.fact(words, words.text("mandates.items"), Some(&words.number(one.items)));
        if one.lapsed > 0 {
            page.fact(words, words.text("mandates.lapsed"), Some(&words.number(one.lapsed)));
        }
        if let Some(asked) = at(&one.erase_asked).filter(|_| one.erase_answer.is_none()) {
            page.line(&words.fill("mandates.eraseAsked", &[("at", &asked)]));
        }
        let answered = at(&one.erase_answered).unwrap_or_default();
        match (one.erase_answer.as_deref(), &one.erase_told) {
            (None, _) => {}
            (Some("erased"), _) => page.line(&words.fill("mandates.erased", &[("at", &answered)])),
            (Some(_), _) => page.line(&words.fill("mandates.kept", &[("at", &answered)])),
        }
        if one.erase_asked.is_some() && one.erase_answer.is_some() && one.erase_told.is_none() {
            page.line(words.text("mandates.notTold"));
        }
        page.gap();
    }
    if all.is_empty() {
        page.line(words.text("mandates.none"));
    }
    page.into()
}

/// Whose record it is, and that it is a part.
pub(super) fn lent(words: Words, lent: &[LentView], page: &mut Page) {
    for one in lent {
        let line = match (&one.ended, &one.until) {
            (Some(ended), _) => words.fill("lent.ended", &[("name", &one.from), ("at", &dates::instant(words, ended))]),
            (None, Some(until)) => {
                words.fill("lent.until", &[("name", &one.from), ("at", &dates::instant(words, until))])
            }
            (None, None) => words.fill("lent.part", &[("name", &one.from)]),
        };
        page.line(&line);
    }
}

/// What the other side says about erasing.
pub(super) fn erase(words: Words, erase: &EraseView) -> String {
    let answered = erase.answered.as_deref().map(|at| dates::instant(words, at)).unwrap_or_default();
    match erase.answer.as_deref() {
        None => words.fill("erase.asked", &[("at", &dates::instant(words, &erase.asked))]),
        Some("erased") => words.fill("erase.erased", &[("at", &answered)]),
        Some(_) => words.fill("erase.refused", &[("at", &answered)]),
    }
}
