//! The text scan: names of hidden drugs, looked for in every string that stays.

use serde_json::{Map, Value};

use crate::attachment::{self, Read};
use crate::place::{Part, pointer};
use crate::topics::words::{Words, fold};

mod drugs;

pub use drugs::{drug_names, drug_words};

/// Words to look for in what stays.
#[derive(Debug, Clone)]
pub struct TextScan {
    words: Words<()>,
}

/// What a scan of one resource found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Places with words, in order.
    pub found: Vec<Found>,
    /// Attachments that could not be looked into.
    pub not_read: Vec<NotRead>,
}

/// A string in which words were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// JSON pointer of the string; of `data` for an attachment.
    pub place: String,
    /// The words, in lower case without accents, each once.
    pub words: Vec<String>,
}

/// An attachment whose content the scan has not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// JSON pointer of the attachment; empty for a `Binary`.
    pub place: String,
    /// Why not.
    pub why: Unread,
}

/// Why an attachment was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// PDF, picture, anything whose text cannot be read here.
    Format,
    /// It lies at another address: what is there must be judged by itself.
    Elsewhere,
    /// Not the base64 it should be, or too long.
    Broken,
}

/// serde_json reads no deeper.
const DEEPEST: usize = 160;

impl TextScan {
    /// A scan for these words, each whole, in any case, with or without accents. Words under four letters are not
    /// looked for: they are parts of too many others' names.
    pub fn new(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { words: Words::new(words.into_iter().filter_map(|word| plain(word.as_ref())).map(|word| (word, ()))) }
    }

    /// Whether it looks for nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Looks through every string of a resource: narratives, references and identifiers too, text in base64 where FHIR
    /// puts it, and attachments that are text.
    pub fn scan(&self, resource: &Value) -> Scanned {
        let mut scanned = Scanned::default();
        self.value(resource, &mut Vec::new(), &mut scanned);
        scanned
    }

    /// The words in one text, each once.
    pub fn words_in(&self, text: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        self.words.find(text, |(), word| {
            if !words.iter().any(|before| before == word) {
                words.push(word.to_owned());
            }
        });
        words
    }

    fn value<'v>(&self, value: &'v Value, at: &mut Vec<Part<'v>>, scanned: &mut Scanned) {
        match value {
            _ if at.len() > DEEPEST => scanned.not_read.push(NotRead { place: pointer(at), why: Unread::Broken }),
            Value::String(text) => self.text(text, at, scanned),
            Value::Object(members) => self.object(members, at, scanned),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    at.push(Part::At(index));
                    self.value(item, at, scanned);
                    at.pop();
                }
            }
            _ => {}
        }
    }

    fn object<'v>(&self, members: &'v Map<String, Value>, at: &mut Vec<Part<'v>>, scanned: &mut Scanned) {
        let attachment = members.get("contentType").is_some_and(Value::is_string)
            || (members.get("data").is_some_and(Value::is_string) && members.contains_key("hash"));
        if attachment {
            self.attachment(members, at, scanned);
        }
        for (name, member) in members {
            if attachment && name == "data" {
                continue;
            }
            at.push(Part::Name(name));
            match member {
                // AuditEvent.entity.query, Signature.data, valueBase64Binary: text in base64, where it is text.
                Value::String(text) if matches!(name.as_str(), "query" | "data" | "valueBase64Binary") => {
                    self.text(text, at, scanned);
                    if let Some(inner) = attachment::decoded(text).and_then(|bytes| String::from_utf8(bytes).ok()) {
                        self.encoded(&inner, at, scanned);
                    }
                }
                _ => self.value(member, at, scanned),
            }
            at.pop();
        }
    }

    fn text(&self, text: &str, at: &[Part<'_>], scanned: &mut Scanned) {
        let words = self.words_in(text);
        if !words.is_empty() {
            scanned.found.push(Found { place: pointer(at), words });
        }
    }

    /// A query string as it was sent, with its escapes resolved.
    fn encoded(&self, text: &str, at: &[Part<'_>], scanned: &mut Scanned) {
        self.text(&unescaped(text), at, scanned);
    }

    fn attachment(&self, members: &Map<String, Value>, at: &[Part<'_>], scanned: &mut Scanned) {
        let unread = |why| NotRead { place: pointer(at), why };
        match attachment::read(members) {
            Read::Text(texts) => {
                let mut words: Vec<String> = Vec::new();
                for text in texts {
                    words.extend(
                        self.words_in(&text).into_iter().filter(|word| !words.contains(word)).collect::<Vec<_>>(),
                    );
                }
                if !words.is_empty() {
                    scanned.found.push(Found { place: format!("{}/data", pointer(at)), words });
                }
            }
            Read::Format => scanned.not_read.push(unread(Unread::Format)),
            Read::Broken => scanned.not_read.push(unread(Unread::Broken)),
            Read::Elsewhere => scanned.not_read.push(unread(Unread::Elsewhere)),
            Read::Nothing => {}
        }
    }
}

/// How a scan for a word says that it found it; `None`: it does not look for it.
pub(crate) fn as_found(word: &str) -> Option<String> {
    Some(fold(plain(word)?.trim()).to_lowercase())
}

/// A word as it is looked for: `*` and `=` mean something in the rules, and nothing here.
fn plain(word: &str) -> Option<String> {
    let long = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    Some(word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| long(word)).map(str::to_owned)
}

/// `%20` and `+` resolved.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (byte, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
