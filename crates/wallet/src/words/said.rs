//! A grant in words. What the window and the command line show is made here and nowhere else, so that it can be read
//! back: what somebody else chose (names, addresses, codes) stands in quotation marks that it cannot leave, lists say
//! whether one or all are meant, and instants are told to the last digit.

use std::collections::BTreeMap;

use consent::{CodeFilter, Named, Phrase, Summary};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::{Language, fill};
use crate::views::Sentence;

/// A grant in sentences; `name_of` knows what the owner calls a source, and instants are told in this zone.
pub(crate) fn said(summary: &Summary, name_of: &dyn Fn(&str) -> Option<String>, zone: &TimeZone) -> Vec<Sentence> {
    let mut all = Vec::new();
    let mut rest = summary.0.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let (parts, after) = after.split_at(after.iter().take_while(|phrase| phrase.is_part()).count());
        let tell = |language| Telling { language, name_of, zone }.sentence(first, parts);
        let (en, es) = (tell(Language::English), tell(Language::Spanish));
        all.push(Sentence { key: first.key.to_owned(), en, es });
        rest = after;
    }
    all
}

struct Telling<'a> {
    language: Language,
    name_of: &'a dyn Fn(&str) -> Option<String>,
    zone: &'a TimeZone,
}

impl Telling<'_> {
    /// A sentence; a permit or an exclusion with everything that says which part of the record it means.
    fn sentence(&self, first: &Phrase, parts: &[Phrase]) -> String {
        let mut text = self.phrase(first);
        for (at, part) in parts.iter().enumerate() {
            text.push_str(match part.key {
                "out.elements" => "",
                key if key.starts_with("of.") => ", ",
                _ if at == 0 => " ",
                _ => self.text("out.and"),
            });
            text.push_str(&self.phrase(part));
        }
        if first.key.starts_with("permit.") || first.key.starts_with("except.") {
            text.push('.');
        }
        text
    }

    fn text(&self, key: &str) -> &'static str {
        self.language.text(&["grant", key]).unwrap_or_default()
    }

    fn filled(&self, key: &str, places: &[(&str, String)]) -> String {
        let places: BTreeMap<String, String> =
            places.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        fill(self.text(key), &places)
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        // Of the values of one member any will do; of the things that are named, each is meant.
        let joint = match phrase.places.as_slice() {
            [("topics" | "codes" | "valueSets" | "labels" | "sources", _)] => "list.or",
            _ => "list.and",
        };
        let places: Vec<(&str, String)> = phrase
            .places
            .iter()
            .map(|(name, named)| (*name, self.list(joint, named.iter().map(|one| self.named(one)).collect())))
            .collect();
        self.filled(phrase.key, &places)
    }

    /// `a, b and c`.
    fn list(&self, joint: &str, mut items: Vec<String>) -> String {
        let Some(last) = items.pop() else { return String::new() };
        if items.is_empty() {
            return last;
        }
        let joint = match (self.language, joint, last.chars().next()) {
            (Language::Spanish, "list.and", Some('i' | 'I' | 'í' | 'Í')) => " e ",
            (Language::Spanish, "list.or", Some('o' | 'O' | 'ó' | 'Ó')) => " u ",
            _ => self.text(joint),
        };
        format!("{}{joint}{last}", items.join(", "))
    }

    fn named(&self, one: &Named) -> String {
        let word = |area: &str, code: &str| self.language.text(&[area, code]);
        match one {
            Named::Text(text) if text.is_empty() => self.text("who.unnamed").to_owned(),
            Named::Text(text) => self.quoted(text),
            Named::Label(code) => self.quoted(code),
            Named::Type(name) => word("types", name).unwrap_or(name).to_owned(),
            Named::Topic(id) => word("topics", id).map_or_else(|| self.quoted(id), str::to_owned),
            Named::Purpose(code) => word("purposes", code).map_or_else(|| self.quoted(code), str::to_owned),
            Named::Code(CodeFilter { system, code: None }) => {
                self.filled("code.any", &[("system", self.quoted(system))])
            }
            Named::Code(CodeFilter { system, code: Some(code) }) => {
                self.filled("code.one", &[("code", self.quoted(code)), ("system", self.quoted(system))])
            }
            Named::Source(id) => match (self.name_of)(id) {
                Some(name) => self.quoted(&name),
                None => self.filled("source.gone", &[("id", self.quoted(id))]),
            },
            Named::Day(day) => self.day(*day),
            Named::Instant(at) => self.instant(*at),
            Named::End(at) => self.end(*at),
            Named::Count(count) => count.to_string(),
        }
    }

    fn quoted(&self, text: &str) -> String {
        let (open, close) = match self.language {
            Language::English => ('“', '”'),
            Language::Spanish => ('«', '»'),
        };
        format!("{open}{}{close}", plain(text))
    }

    /// 3 May 2027.
    fn day(&self, day: Date) -> String {
        let month = u8::try_from(day.month()).ok().and_then(|month| self.language.month(month)).unwrap_or_default();
        format!("{} {month} {}", day.day(), day.year())
    }

    /// 3 May 2027, 18:04, with seconds where there are any, and with what the clock is off where it shows that time twice.
    fn instant(&self, at: Timestamp) -> String {
        let here = at.to_zoned(self.zone.clone());
        let mut text = format!("{}, {:02}:{:02}", self.day(here.date()), here.hour(), here.minute());
        if here.second() != 0 || here.subsec_nanosecond() != 0 {
            text.push_str(&format!(":{:02}", here.second()));
        }
        if here.subsec_nanosecond() != 0 {
            text.push_str(format!(".{:09}", here.subsec_nanosecond()).trim_end_matches('0'));
        }
        if self.comes_twice(&here) {
            text.push_str(&format!(" (UTC{})", here.strftime("%:z")));
        }
        text
    }

    /// The end of a day is called so: midnight would name the day after it.
    fn end(&self, at: Timestamp) -> String {
        let here = at.to_zoned(self.zone.clone());
        let midnight = here.time() == jiff::civil::Time::midnight() && !self.comes_twice(&here);
        match here.date().yesterday() {
            Ok(day) if midnight => self.filled("term.endOfDay", &[("day", self.day(day))]),
            _ => self.filled("term.endAt", &[("at", self.instant(at))]),
        }
    }

    fn comes_twice(&self, here: &Zoned) -> bool {
        self.zone.to_ambiguous_zoned(here.datetime()).is_ambiguous()
    }
}

/// A foreign text that shows all it holds: marks that would end it, signs that are not seen or turn the line around, and
/// spaces that a page would swallow are written as their numbers, `⟨U+202E⟩`.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut edge = true;
    while let Some(one) = chars.next() {
        let swallowed = one.is_whitespace() && (one != ' ' || edge || chars.peek().is_none_or(|next| *next == ' '));
        if swallowed || is_unseen(one) || matches!(one, '“' | '”' | '«' | '»' | '⟨' | '⟩') {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(one)));
        } else {
            out.push(one);
        }
        edge = false;
    }
    out
}

/// Control and format characters, and what Unicode calls ignorable by default.
fn is_unseen(one: char) -> bool {
    one.is_control()
        || matches!(one,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
            | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
