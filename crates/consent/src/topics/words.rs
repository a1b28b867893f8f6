//! Words in texts: one automaton for all of them, over text without accents, at word boundaries.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

/// Some words that are looked for together, each with what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Words<T> {
    automaton: Option<AhoCorasick>,
    words: Vec<Word<T>>,
}

#[derive(Debug, Clone)]
struct Word<T> {
    folded: String,
    end: End,
    meaning: T,
}

/// How a word may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It ends there.
    Whole,
    /// Written with `*` at its end: any ending.
    Stem,
    /// Written with `=` before it: whole, and in these very letters.
    AsWritten,
}

impl<T: Copy> Words<T> {
    /// Words with their meanings. `stem*` takes any ending, `=AIDS` only capitals.
    pub(crate) fn new(all: impl IntoIterator<Item = (impl AsRef<str>, T)>) -> Self {
        let words: Vec<Word<T>> = all
            .into_iter()
            .filter_map(|(word, meaning)| {
                let word = word.as_ref().trim();
                let (text, end) = match (word.strip_prefix('='), word.strip_suffix('*')) {
                    (Some(text), _) => (text, End::AsWritten),
                    (None, Some(text)) => (text, End::Stem),
                    (None, None) => (word, End::Whole),
                };
                let folded = fold(text).into_owned();
                let folded = if end == End::AsWritten { folded } else { folded.to_lowercase() };
                (!folded.is_empty()).then_some(Word { folded, end, meaning })
            })
            .collect();
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            // A few megabytes for speed: every text of a record goes through it.
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.iter().map(|word| &word.folded))
            .ok()
            .filter(|_| !words.is_empty());
        Self { automaton, words }
    }

    /// Whether there is no word at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What each word in `text` stands for, with the word as it is listed; the same word as often as it is there.
    pub(crate) fn find<'w>(&'w self, text: &str, mut found: impl FnMut(T, &'w str)) {
        let Some(automaton) = &self.automaton else { return };
        let text = fold(text);
        let bytes = text.as_bytes();
        if !automaton.is_match(bytes) {
            return;
        }
        let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|b| is_letter(*b));
        for hit in automaton.find_overlapping_iter(bytes) {
            let Some(word) = self.words.get(hit.pattern().as_usize()) else { continue };
            let whole = !letter(Some(hit.end()));
            let fits = match word.end {
                End::Stem => true,
                End::Whole => whole,
                End::AsWritten => whole && bytes.get(hit.span().range()) == Some(word.folded.as_bytes()),
            };
            if fits && !letter(hit.start().checked_sub(1)) {
                found(word.meaning, &word.folded);
            }
        }
    }
}

/// Whether one of these words (in lower case, without accents) is somewhere in the text.
pub(crate) fn any(words: &[String], text: &str) -> bool {
    if words.is_empty() {
        return false;
    }
    let text = fold(text).to_lowercase();
    words.iter().any(|word| text.contains(word.as_str()))
}

fn is_letter(byte: u8) -> bool {
    // What is not ASCII after folding is part of some word.
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// Text without accents, so that “metadona” and “Metadóna” are one. Case stays; the automaton does not look at it.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            _ => out.push(plain(c)),
        }
    }
    Cow::Owned(out)
}

/// The letter under the accents, for the letters of European languages.
fn plain(c: char) -> char {
    const ROWS: &[(&str, char)] = &[
        ("ÀÁÂÃÄÅĀĂĄǍ", 'A'),
        ("àáâãäåāăąǎ", 'a'),
        ("ÇĆĈĊČ", 'C'),
        ("çćĉċč", 'c'),
        ("ĎĐ", 'D'),
        ("ďđ", 'd'),
        ("ÈÉÊËĒĔĖĘĚ", 'E'),
        ("èéêëēĕėęě", 'e'),
        ("ĜĞĠĢ", 'G'),
        ("ĝğġģ", 'g'),
        ("ÌÍÎÏĨĪĬĮİ", 'I'),
        ("ìíîïĩīĭįı", 'i'),
        ("ĹĻĽŁ", 'L'),
        ("ĺļľł", 'l'),
        ("ÑŃŅŇ", 'N'),
        ("ñńņň", 'n'),
        ("ÒÓÔÕÖØŌŎŐ", 'O'),
        ("òóôõöøōŏő", 'o'),
        ("ŔŖŘ", 'R'),
        ("ŕŗř", 'r'),
        ("ŚŜŞŠȘ", 'S'),
        ("śŝşšș", 's'),
        ("ŢŤȚ", 'T'),
        ("ţťț", 't'),
        ("ÙÚÛÜŨŪŬŮŰŲ", 'U'),
        ("ùúûüũūŭůűų", 'u'),
        ("ÝŶŸ", 'Y'),
        ("ýÿŷ", 'y'),
        ("ŹŻŽ", 'Z'),
        ("źżž", 'z'),
        ("\u{2010}\u{2011}\u{2012}\u{2013}", '-'),
        ("\u{a0}\u{2009}\u{202f}", ' '),
        ("\u{2019}", '\''),
    ];
    if c.is_ascii() {
        return c;
    }
    ROWS.iter().find(|(row, _)| row.contains(c)).map_or(c, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests;
