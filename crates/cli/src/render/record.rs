use wallet::views::{RecordPage, Row};

use super::{Page, compared, lent, measured};
use crate::dates;
use crate::words::Words;

/// A page of the record: one row for each item, newest first.
pub(crate) fn record(words: Words, page: &RecordPage) -> String {
    let mut out = Page::default();
    lent(words, &page.lent, &mut out);
    if page.rows.is_empty() {
        out.line(match page.everything {
            0 => words.text("record.empty"),
            _ => words.text("record.none"),
        });
        if let Some(meant) = &page.did_you_mean {
            out.line(&words.fill("record.meant", &[("words", meant)]));
        }
    }
    out.table(&page.rows.iter().map(|row| cells(words, row)).collect::<Vec<_>>());
    let shown = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
    if shown > 0 {
        out.gap();
        let (shown, total) = (words.number(shown), words.count("items", page.total));
        out.line(&words.fill("record.shown", &[("shown", &shown), ("total", &total)]));
    }
    out.into()
}

/// Date, kind, title, value, source, id.
pub(super) fn cells(words: Words, row: &Row) -> Vec<String> {
    vec![
        row.date.as_deref().map_or_else(|| words.text("date.notStated").to_owned(), |date| dates::day(words, date)),
        words.kind_one(row.kind).to_owned(),
        title(words, row),
        said(words, row),
        row.source.clone(),
        row.id.clone(),
    ]
}

/// What an item is called.
pub(super) fn title(words: Words, row: &Row) -> String {
    row.title.clone().unwrap_or_else(|| words.text("title.notStated").to_owned())
}

/// The value beside its range; for what is not measured, its status.
fn said(words: Words, row: &Row) -> String {
    match &row.value {
        Some(value) => {
            let compared = compared(words, value).map(|text| format!(", {text}")).unwrap_or_default();
            format!("{}{compared}", measured(words, value))
        }
        None => row.status.clone().unwrap_or_default(),
    }
}
