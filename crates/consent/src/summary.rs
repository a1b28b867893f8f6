use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use types::Actions;

use crate::{Dates, Grant, Mode, Permit, Proof, Selector};

/// A grant in plain language, as codes: what the window and the command line put into words, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary(pub Vec<Phrase>);

/// One sentence: the key of its text, and what stands in its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Key of the text; one of [`Phrase::KEYS`].
    pub key: &'static str,
    /// What stands in each place, by the name of the place.
    pub places: Vec<(&'static str, Vec<Named>)>,
}

/// Something a sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// As it stands.
    Text(String),
    /// A resource type.
    Type(Box<str>),
    /// A topic.
    Topic(Box<str>),
    /// A code of PurposeOfUse.
    Purpose(Box<str>),
    /// A code of a security label.
    Label(Box<str>),
    /// A connection, by its id.
    Source(Box<str>),
    /// A whole day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// A number.
    Count(u32),
}

impl Phrase {
    /// Every key there is; each has its text in the message files.
    pub const KEYS: &[&str] = &[
        "who.owner",
        "who.did",
        "who.idToken",
        "who.credential",
        "who.client",
        "may.read",
        "may.open",
        "may.search",
        "may.add",
        "permit.everything",
        "permit.types",
        "except.everything",
        "except.types",
        "of.query",
        "of.codes",
        "of.valueSets",
        "of.topics",
        "of.labels",
        "of.from",
        "of.to",
        "of.between",
        "of.sources",
        "of.resources",
        "of.elements",
        "mode.strict",
        "mode.loose",
        "deidentified.year",
        "deidentified.shifted",
        "purposes",
        "decisions",
        "words",
        "term.start",
        "term.end",
        "term.endless",
        "term.uses",
        "nothing",
    ];

    fn bare(key: &'static str) -> Self {
        Self { key, places: Vec::new() }
    }

    fn with(key: &'static str, place: &'static str, named: Vec<Named>) -> Self {
        Self { key, places: vec![(place, named)] }
    }
}

impl Grant {
    /// What the grant says, sentence by sentence: who, then each permit, then each exclusion, how, why, until when.
    pub fn summary(&self) -> Summary {
        let mut said = vec![self.who()];
        if self.what.permits.is_empty() {
            said.push(Phrase::bare("nothing"));
        }
        for permit in &self.what.permits {
            said.push(permitted(permit));
            said.extend(narrowed(&permit.select));
            said.extend(may(permit.actions));
        }
        for select in &self.what.exclusions {
            said.push(part(select, "except.everything", "except.types"));
            said.extend(narrowed(select));
        }
        said.extend(self.how());
        said.extend(self.when());
        Summary(said)
    }

    fn who(&self) -> Phrase {
        let text = |text: &String| vec![Named::Text(text.clone())];
        let (key, proof) = match &self.who.proof {
            Proof::Owner => return Phrase::bare("who.owner"),
            Proof::Did(did) => ("who.did", vec![("did", text(did))]),
            Proof::IdToken { issuer, subject } => {
                ("who.idToken", vec![("issuer", text(issuer)), ("subject", text(subject))])
            }
            Proof::Credential { kind, issuer } => {
                ("who.credential", vec![("kind", text(kind)), ("issuer", text(issuer))])
            }
            Proof::Client(id) => ("who.client", vec![("client", text(id))]),
        };
        let mut places = vec![("name", text(&self.who.name))];
        places.extend(proof);
        Phrase { key, places }
    }

    fn how(&self) -> Vec<Phrase> {
        let mode = match self.mode {
            Mode::Strict => Some("mode.strict"),
            Mode::Usual => None,
            Mode::Loose => Some("mode.loose"),
        };
        let deidentified = self.deidentified.map(|dates| match dates {
            Dates::Year => "deidentified.year",
            Dates::Shifted => "deidentified.shifted",
        });
        let mut said: Vec<Phrase> = mode.into_iter().chain(deidentified).map(Phrase::bare).collect();
        if !self.decisions.is_empty() {
            said.push(Phrase::with("decisions", "count", vec![count(self.decisions.len())]));
        }
        if !self.words.is_empty() {
            let words = self.words.iter().map(|word| Named::Text(word.to_string())).collect();
            said.push(Phrase::with("words", "words", words));
        }
        if !self.purposes.is_empty() {
            let purposes = self.purposes.iter().cloned().map(Named::Purpose).collect();
            said.push(Phrase::with("purposes", "purposes", purposes));
        }
        said
    }

    fn when(&self) -> Vec<Phrase> {
        let mut said = Vec::new();
        if let Some(start) = self.term.start {
            said.push(Phrase::with("term.start", "start", vec![Named::Instant(start)]));
        }
        said.push(match self.term.end {
            Some(end) => Phrase::with("term.end", "end", vec![Named::Instant(end)]),
            None => Phrase::bare("term.endless"),
        });
        if let Some(uses) = self.term.uses {
            said.push(Phrase::with("term.uses", "uses", vec![Named::Count(uses)]));
        }
        said
    }
}

fn count(of: usize) -> Named {
    Named::Count(u32::try_from(of).unwrap_or(u32::MAX))
}

fn permitted(permit: &Permit) -> Phrase {
    part(&permit.select, "permit.everything", "permit.types")
}

fn part(select: &Selector, everything: &'static str, of_types: &'static str) -> Phrase {
    let types: BTreeSet<&Box<str>> = select.types.iter().collect();
    match types.is_empty() {
        true => Phrase::bare(everything),
        false => Phrase::with(of_types, "types", types.into_iter().cloned().map(Named::Type).collect()),
    }
}

/// What narrows a part of the record, one sentence for each member: all of them must hold.
fn narrowed(select: &Selector) -> Vec<Phrase> {
    let Selector { types: _, query, codes, value_sets, topics, labels, dates, sources, resources, elements } = select;
    let boxed = |texts: &[Box<str>], named: fn(Box<str>) -> Named| texts.iter().cloned().map(named).collect();
    let text = |text: Box<str>| Named::Text(text.into());
    let code = |code: &crate::CodeFilter| match &code.code {
        Some(one) => Named::Text(format!("{}|{one}", code.system)),
        None => Named::Text(code.system.to_string()),
    };
    let lists: [(&'static str, &'static str, Vec<Named>); 8] = [
        ("of.topics", "topics", boxed(topics, Named::Topic)),
        ("of.query", "query", query.iter().cloned().map(Named::Text).collect()),
        ("of.codes", "codes", codes.iter().map(code).collect()),
        ("of.valueSets", "valueSets", value_sets.iter().cloned().map(Named::Text).collect()),
        ("of.labels", "labels", boxed(labels, Named::Label)),
        ("of.sources", "sources", boxed(sources, Named::Source)),
        ("of.resources", "resources", boxed(resources, text)),
        ("of.elements", "elements", boxed(elements, text)),
    ];
    let said = lists.into_iter().filter(|(.., named)| !named.is_empty());
    let mut said: Vec<Phrase> = said.map(|(key, place, named)| Phrase::with(key, place, named)).collect();
    said.extend(dates.and_then(|range| match (range.from, range.to) {
        (Some(from), Some(to)) => Some(Phrase {
            key: "of.between",
            places: vec![("from", vec![Named::Day(from)]), ("to", vec![Named::Day(to)])],
        }),
        (Some(from), None) => Some(Phrase::with("of.from", "from", vec![Named::Day(from)])),
        (None, Some(to)) => Some(Phrase::with("of.to", "to", vec![Named::Day(to)])),
        (None, None) => None,
    }));
    said
}

/// What may be done. To read and to search are one sentence where both are said.
fn may(actions: Actions) -> Vec<Phrase> {
    let reading = match (actions.read, actions.search) {
        (true, true) => Some("may.read"),
        (true, false) => Some("may.open"),
        (false, true) => Some("may.search"),
        (false, false) => None,
    };
    reading.into_iter().chain(actions.create.then_some("may.add")).map(Phrase::bare).collect()
}

#[cfg(test)]
mod tests;
