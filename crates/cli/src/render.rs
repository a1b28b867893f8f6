//! Views as text. Each function takes the words and a view, and gives lines for a person.

mod activity;
mod card;
mod connection;
mod grant;
mod home;
mod item;
mod key;
mod mandates;
mod people;
mod pull;
mod record;
mod sharing;
mod status;
mod value;

pub(crate) use activity::{activity, trail};
pub(crate) use card::{added, card, cards, unreadable};
pub(crate) use connection::{connections, directory, disconnected, doctor};
pub(crate) use grant::grant;
pub(crate) use home::home;
pub(crate) use item::{document, item, lab};
pub(crate) use key::dids;
use mandates::{erase, lent};
pub(crate) use mandates::{mandates, pair_read, pairs};
pub(crate) use people::people;
pub(crate) use pull::report;
pub(crate) use record::record;
pub(crate) use sharing::{
    app_passwords, clients, contacts, inbox, issuers, request, requests, seen, service, share, share_detail, shares,
    trail_page,
};
pub(crate) use status::{look, status};
use value::{compared, measured};

use console::measure_text_width;

use crate::escape;
use crate::words::Words;

/// Widest a column grows before its text runs on regardless.
const MAX_COLUMN: usize = 48;

/// Lines of text. Whatever is put in stands on its own line and cannot pass for another.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    /// One line.
    pub(crate) fn line(&mut self, text: &str) {
        self.0.push_str(escape::line(text).trim_end());
        self.0.push('\n');
    }

    /// An empty line, unless nothing stands above it.
    pub(crate) fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    /// A label and what stands under it; missing is said.
    pub(crate) fn fact(&mut self, words: Words, label: &str, value: Option<&str>) {
        let value = value.unwrap_or_else(|| words.text("notStated"));
        self.line(&words.fill("fact", &[("label", label), ("value", value)]));
    }

    /// Text of several lines from elsewhere, set in.
    pub(crate) fn block(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("  {line}"));
        }
    }

    /// Rows with their columns one under another.
    pub(crate) fn table(&mut self, rows: &[Vec<String>]) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| escape::line(cell).into_owned()).collect()).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                rows.iter().filter_map(|row| row.get(column)).map(|c| measure_text_width(c)).max().unwrap_or(0)
            })
            .map(|width| width.min(MAX_COLUMN))
            .collect();
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(measure_text_width(cell)) + 2));
            }
            self.line(&line);
        }
    }
}

impl From<Page> for String {
    fn from(page: Page) -> Self {
        page.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_one_under_another_and_no_cell_starts_a_line() {
        let mut page = Page::default();
        page.table(&[vec!["Peña".into(), "one".into()], vec!["漢字\nfake".into(), "two".into()]]);
        assert_eq!(String::from(page), "Peña       one\n漢字 fake  two\n");
    }

    #[test]
    fn a_gap_is_one_line_and_none_at_the_top() {
        let mut page = Page::default();
        page.gap();
        page.line("a");
        page.gap();
        page.gap();
        page.block("b\nc");
        assert_eq!(String::from(page), "a\n\n  b\n  c\n");
    }
}
