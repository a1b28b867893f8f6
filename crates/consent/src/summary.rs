use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use types::Actions;

use crate::{Choice, CodeFilter, Context, Dates, Decision, Grant, Mode, Permit, Proof, Selector};

/// A grant in plain language, as codes, which the wallet puts into words in this order. It says all that is enforced, and
/// nothing else: from the words the same grant can be read back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary(pub Vec<Phrase>);

/// One sentence: the key of its text, and what stands in its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Key of the text; one of [`Phrase::keys`].
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
    /// A code of a system, or any of its codes.
    Code(CodeFilter),
    /// A connection, by its id.
    Source(Box<str>),
    /// A whole day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// The instant at which something is over.
    End(Timestamp),
    /// A number.
    Count(u32),
}

impl Phrase {
    /// Every key there is; each has its text in the message files.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        WHOLE.into_iter().chain(OF).chain(OUT)
    }

    /// Whether it belongs to the sentence before it: it says which part of a permit or an exclusion is meant.
    pub fn is_part(&self) -> bool {
        self.key.starts_with("of.") || self.key.starts_with("out.")
    }

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
        for permit in told_together(&self.what.permits) {
            said.push(whole(&permit.select, "permit.everything", "permit.types"));
            said.extend(parts(&permit.select, &OF));
            if permit.context != Context::Patient {
                said.push(Phrase::bare("of.beyond"));
            }
            said.extend(may(permit.actions));
        }
        for select in &self.what.exclusions {
            said.push(whole(select, "except.everything", "except.types"));
            said.extend(parts(select, &OUT));
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
        said.extend(self.decided());
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

    /// What the owner decided about single places; of several decisions about one place the last holds.
    fn decided(&self) -> Vec<Phrase> {
        let place = |one: &Decision| (one.resource.clone(), one.place.clone());
        let mut last: BTreeMap<(Box<str>, Box<str>), Choice> = BTreeMap::new();
        last.extend(self.decisions.iter().map(|one| (place(one), one.choice)));
        let of = |wanted: Choice| {
            let places = last.iter().filter(move |(_, choice)| **choice == wanted);
            places.map(|((resource, place), _)| Named::Text(format!("{resource}{place}"))).collect::<Vec<_>>()
        };
        let keys = [
            ("decisions.keep", Choice::Keep),
            ("decisions.takeOut", Choice::TakeOut),
            ("decisions.leaveOut", Choice::LeaveOut),
        ];
        let said = keys.into_iter().map(|(key, choice)| Phrase::with(key, "places", of(choice)));
        said.filter(|phrase| phrase.places.iter().all(|(_, named)| !named.is_empty())).collect()
    }

    fn when(&self) -> Vec<Phrase> {
        let mut said = Vec::new();
        if let Some(start) = self.term.start {
            said.push(Phrase::with("term.start", "start", vec![Named::Instant(start)]));
        }
        said.push(match self.term.end {
            Some(end) => Phrase::with("term.end", "end", vec![Named::End(end)]),
            None => Phrase::bare("term.endless"),
        });
        if let Some(uses) = self.term.uses {
            said.push(Phrase::with("term.uses", "uses", vec![Named::Count(uses)]));
        }
        said
    }
}

/// What is said otherwise than member by member.
const WHOLE: [&str; 29] = [
    "who.owner",
    "who.did",
    "who.idToken",
    "who.credential",
    "who.client",
    "permit.everything",
    "permit.types",
    "of.beyond",
    "may.read",
    "may.open",
    "may.search",
    "may.add",
    "may.nothing",
    "except.everything",
    "except.types",
    "mode.strict",
    "mode.loose",
    "deidentified.year",
    "deidentified.shifted",
    "decisions.keep",
    "decisions.takeOut",
    "decisions.leaveOut",
    "purposes",
    "words",
    "term.start",
    "term.end",
    "term.endless",
    "term.uses",
    "nothing",
];

/// The members of a permit's part of the record, each with its key and the place in it.
const OF: [&str; 11] = [
    "of.topics",
    "of.query",
    "of.codes",
    "of.valueSets",
    "of.labels",
    "of.sources",
    "of.resources",
    "of.elements",
    "of.from",
    "of.to",
    "of.between",
];

/// The same of an exclusion, where doubt hides and elements go alone.
const OUT: [&str; 11] = [
    "out.topics",
    "out.query",
    "out.codes",
    "out.valueSets",
    "out.labels",
    "out.sources",
    "out.resources",
    "out.elements",
    "out.from",
    "out.to",
    "out.between",
];

/// Permits that differ in their types alone are one sentence.
fn told_together(permits: &[Permit]) -> Vec<Permit> {
    let of_types = |permit: &Permit| {
        let rest = Selector { types: Vec::new(), ..permit.select.clone() };
        !permit.select.types.is_empty() && rest == Selector::default()
    };
    let mut all: Vec<Permit> = Vec::new();
    for permit in permits {
        let like = |one: &&mut Permit| {
            of_types(one) && of_types(permit) && one.context == permit.context && one.actions == permit.actions
        };
        match all.iter_mut().find(like) {
            Some(one) => one.select.types.extend(permit.select.types.iter().cloned()),
            None => all.push(permit.clone()),
        }
    }
    all
}

fn whole(select: &Selector, everything: &'static str, of_types: &'static str) -> Phrase {
    let types: BTreeSet<&Box<str>> = select.types.iter().collect();
    match types.is_empty() {
        true => Phrase::bare(everything),
        false => Phrase::with(of_types, "types", types.into_iter().cloned().map(Named::Type).collect()),
    }
}

/// What narrows a part of the record, a phrase for each member: all of them must hold.
fn parts(select: &Selector, keys: &[&'static str; 11]) -> Vec<Phrase> {
    let Selector { types: _, query, codes, value_sets, topics, labels, dates, sources, resources, elements } = select;
    let [of_topics, of_query, of_codes, of_sets, of_labels, of_sources, of_resources, of_elements, from, to, between] =
        *keys;
    let boxed = |texts: &[Box<str>], named: fn(Box<str>) -> Named| texts.iter().cloned().map(named).collect();
    let text = |text: Box<str>| Named::Text(text.into());
    let lists: [(&'static str, &'static str, Vec<Named>); 7] = [
        (of_topics, "topics", boxed(topics, Named::Topic)),
        (of_query, "query", query.iter().cloned().map(Named::Text).collect()),
        (of_codes, "codes", codes.iter().cloned().map(Named::Code).collect()),
        (of_sets, "valueSets", value_sets.iter().cloned().map(Named::Text).collect()),
        (of_labels, "labels", boxed(labels, Named::Label)),
        (of_sources, "sources", boxed(sources, Named::Source)),
        (of_resources, "resources", boxed(resources, text)),
    ];
    let said = lists.into_iter().filter(|(.., named)| !named.is_empty());
    let mut said: Vec<Phrase> = said.map(|(key, place, named)| Phrase::with(key, place, named)).collect();
    said.extend(dates.and_then(|range| match (range.from, range.to) {
        (Some(first), Some(last)) => Some(Phrase {
            key: between,
            places: vec![("from", vec![Named::Day(first)]), ("to", vec![Named::Day(last)])],
        }),
        (Some(first), None) => Some(Phrase::with(from, "from", vec![Named::Day(first)])),
        (None, Some(last)) => Some(Phrase::with(to, "to", vec![Named::Day(last)])),
        (None, None) => None,
    }));
    if !elements.is_empty() {
        said.push(Phrase::with(of_elements, "elements", boxed(elements, text)));
    }
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
    let adding = actions.create.then_some("may.add");
    // `u` and `d` are never granted.
    let nothing = (reading.is_none() && adding.is_none()).then_some("may.nothing");
    reading.into_iter().chain(adding).chain(nothing).map(Phrase::bare).collect()
}

#[cfg(test)]
mod tests;
