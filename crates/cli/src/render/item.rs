use wallet::views::{AttachmentView, DocumentView, Fact, ItemView, LabView, Origin, Row};

use super::record::title;
use super::{Page, compared, measured};
use crate::dates;
use crate::words::Words;

/// Any item, with all its facts.
pub(crate) fn item(words: Words, item: &ItemView) -> String {
    let mut page = Page::default();
    head(words, &item.row, &mut page);
    facts(words, &item.facts, &mut page);
    if !item.links.is_empty() {
        page.gap();
        page.line(words.text("item.links"));
        let rows: Vec<Vec<String>> = item
            .links
            .iter()
            .map(|link| {
                let title = link.title.clone().unwrap_or_else(|| words.text("title.notStated").to_owned());
                vec![String::new(), title, link.id.clone()]
            })
            .collect();
        page.table(&rows);
    }
    origin(words, &item.origin, &mut page);
    page.into()
}

/// A result with every value of the same test.
pub(crate) fn lab(words: Words, lab: &LabView) -> String {
    let mut page = Page::default();
    head(words, &lab.row, &mut page);
    facts(words, &lab.facts, &mut page);
    if lab.history.len() > 1 {
        page.gap();
        page.line(words.text("lab.history"));
        let rows: Vec<Vec<String>> = lab
            .history
            .iter()
            .rev()
            .map(|point| {
                vec![
                    String::new(),
                    point
                        .date
                        .as_deref()
                        .map_or_else(|| words.text("date.notStated").to_owned(), |d| dates::day(words, d)),
                    measured(words, &point.value),
                    compared(words, &point.value).unwrap_or_default(),
                    point.source.clone(),
                    point.id.clone(),
                ]
            })
            .collect();
        page.table(&rows);
        if !lab.one_unit {
            page.line(words.text("lab.unitsDiffer"));
        }
    }
    page.gap();
    page.line(words.text("lab.notADiagnosis"));
    origin(words, &lab.origin, &mut page);
    page.into()
}

/// A document, with its files.
pub(crate) fn document(words: Words, document: &DocumentView) -> String {
    let mut page = Page::default();
    head(words, &document.item.row, &mut page);
    facts(words, &document.item.facts, &mut page);
    page.gap();
    page.line(match document.attachments.is_empty() {
        true => words.text("document.noFiles"),
        false => words.text("document.files"),
    });
    page.table(&document.attachments.iter().map(|file| file_row(words, file)).collect::<Vec<_>>());
    if let Some(file) = document.attachments.iter().find(|file| file.here) {
        let index = file.index.to_string();
        page.line(&words.fill("document.save", &[("id", &document.item.row.id), ("index", &index)]));
    }
    origin(words, &document.item.origin, &mut page);
    page.into()
}

fn head(words: Words, row: &Row, page: &mut Page) {
    page.line(&title(words, row));
    let day = row.date.as_deref().map_or_else(|| words.text("date.notStated").to_owned(), |d| dates::day(words, d));
    page.line(&format!("{}, {day}, {}", words.kind_one(row.kind), row.source));
    if let Some(value) = &row.value {
        page.gap();
        page.fact(words, words.text("item.value"), Some(&measured(words, value)));
        if let Some(compared) = compared(words, value) {
            page.fact(words, words.text("item.against"), Some(&compared));
        }
    }
    page.gap();
}

fn facts(words: Words, facts: &[Fact], page: &mut Page) {
    for fact in facts {
        let label = words.shared("facts", &fact.label);
        if fact.text.contains('\n') {
            page.line(&words.fill("fact", &[("label", label), ("value", "")]));
            page.block(&fact.text);
        } else {
            page.fact(words, label, Some(&fact.text));
        }
    }
    if facts.is_empty() {
        page.line(words.text("item.noFacts"));
    }
}

fn file_row(words: Words, file: &AttachmentView) -> Vec<String> {
    vec![
        format!("  {}", file.index),
        file.title.clone().unwrap_or_else(|| words.text("title.notStated").to_owned()),
        file.content_type.clone().unwrap_or_else(|| words.text("document.typeNotStated").to_owned()),
        file.size.map(|size| words.count("bytes", size)).unwrap_or_default(),
        if file.here { String::new() } else { words.text("document.notHere").to_owned() },
    ]
}

fn origin(words: Words, origin: &Origin, page: &mut Page) {
    page.gap();
    page.line(words.text("origin.heading"));
    let updated = origin.last_updated.as_deref().map(|at| dates::instant(words, at));
    page.fact(words, words.text("origin.source"), Some(&origin.source));
    page.fact(words, words.text("origin.received"), Some(&dates::instant(words, &origin.received)));
    page.fact(words, words.text("origin.updated"), updated.as_deref());
    page.fact(words, words.text("origin.reference"), Some(&origin.reference));
    page.fact(words, words.text("origin.address"), Some(&origin.address));
}
