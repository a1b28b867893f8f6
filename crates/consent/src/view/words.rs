//! The text scan: names of hidden drugs in what stays (topics.md §4, medications).
//!
//! Searched for are the words of the grant and no others, although more drugs may be hidden by now: what is hidden must not
//! show in what becomes of a text. The wallet is told of new names and adds them to the grant.

use serde_json::Value;

use super::entry::{Entry, Known};
use super::facts::Judge;
use super::shape::Cut;
use crate::{Choice, Found, Review, TextScan};

/// What a scan found in one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spoken {
    /// What goes, sorted; an empty place is the whole.
    pub(super) cuts: Vec<Cut>,
    /// What the owner is shown, with the string that it is about, as JSON writes it.
    pub(super) review: Vec<(Review, Box<str>)>,
    /// Places in documents, with the words there.
    documents: Vec<(Box<str>, Vec<String>)>,
}

impl Spoken {
    /// Words in the attachment at a place.
    pub(super) fn in_document(&self, attachment: &str) -> Vec<String> {
        let inside = |place: &str| place.strip_prefix(attachment).is_some_and(|rest| rest.starts_with('/'));
        self.documents.iter().filter(|(place, _)| inside(place)).flat_map(|(_, words)| words.clone()).collect()
    }
}

/// The rule that the text scan is called by.
pub(super) const RULE: &str = "text-scan";

/// Names of the drugs in all that a topic hides now.
pub(super) fn hidden(entries: &[Option<Entry>]) -> impl Iterator<Item = &str> {
    let versions = entries.iter().flatten().flat_map(|entry| &entry.versions);
    versions.flat_map(|known| &known.facts.drugs).flat_map(|drugs| drugs.0.iter()).map(|word| &**word)
}

/// A string that names drugs, in a version.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    place: Box<str>,
    words: Vec<String>,
    goes: Goes,
    /// The string, as JSON writes it, where the owner may be asked about it.
    said: Box<str>,
}

/// Looks through a version that may stand.
pub(super) fn listen(key: &str, known: &Known, scan: &TextScan, judge: &Judge<'_>) -> Spoken {
    if !known.may_stand() || scan.is_empty() {
        return Spoken::default();
    }
    spoken(key, known, &heard(&known.json, scan), &|_| true, judge)
}

/// Every string of a resource with words that are looked for.
pub(super) fn heard(json: &str, scan: &TextScan) -> Vec<Heard> {
    if scan.words_in(json).is_empty() && !is_escaped(json) {
        return Vec::new();
    }
    let Ok(value) = serde_json::from_str::<Value>(json) else { return Vec::new() };
    let one = |Found { place, words }: Found| {
        let goes = what_goes(&value, &place);
        // The owner is shown a narrative even where another change takes it.
        let listed = matches!(goes, Goes::Listed(_)) && !place.ends_with("/div");
        let said = value.pointer(&place).filter(|_| listed).map(Value::to_string).unwrap_or_default();
        (goes != Goes::Nothing).then(|| Heard { place: place.into(), words, goes, said: said.into() })
    };
    scan.scan(&value).found.into_iter().filter_map(one).collect()
}

/// What becomes of these strings for the words that are `wanted`.
pub(super) fn spoken(
    key: &str,
    known: &Known,
    heard: &[Heard],
    wanted: &dyn Fn(&str) -> bool,
    judge: &Judge<'_>,
) -> Spoken {
    let mut spoken = Spoken::default();
    let of = key.split('/').next().unwrap_or_default();
    for Heard { place, words, goes, said } in heard {
        let words: Vec<String> = words.iter().filter(|word| wanted(word)).cloned().collect();
        if words.is_empty() {
            continue;
        }
        let (goes, listed) = match goes {
            Goes::Nothing => continue,
            Goes::Document => {
                spoken.documents.push((place.clone(), words));
                continue;
            }
            Goes::Silently(goes) => (goes, false),
            Goes::Listed(goes) => (goes, true),
        };
        let covered =
            |cut: &Cut| place.strip_prefix(&*cut.place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if known.facts.cuts.iter().any(covered) {
            continue;
        }
        let choice = judge.decided(key, place);
        let default = if matches!(of, "AllergyIntolerance" | "Immunization") { Choice::Keep } else { Choice::TakeOut };
        if choice.unwrap_or(default) != Choice::Keep {
            spoken.cuts.push(Cut { place: goes.as_str().into(), rule: RULE.into() });
        }
        if listed && choice.is_none() {
            let (resource, place, rule) = (key.into(), place.clone(), RULE.into());
            spoken.review.push((Review { resource, place, found: words, rule, default }, said.clone()));
        }
    }
    spoken.cuts.sort_unstable();
    spoken.cuts.dedup();
    spoken
}

/// What goes with a string that names a drug.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Goes {
    /// The string must stay for the rest to be read: an address of an attachment, a reference that is cut by itself.
    Nothing,
    /// Nothing by itself: it is in a document, which goes or stays as a whole.
    Document,
    /// This, and nobody is asked.
    Silently(String),
    /// This; the owner may keep it.
    Listed(String),
}

fn what_goes(value: &Value, place: &str) -> Goes {
    let parts: Vec<&str> = place.split('/').skip(1).collect();
    let last = parts.last().copied().unwrap_or_default();
    let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
    match (parts.as_slice(), last) {
        // What a reference leads to is in the view; what it leads to otherwise, it is cut.
        (_, "reference") => Goes::Nothing,
        // A narrative is made from the rest, and goes with any change.
        (["text", "div"], _) => Goes::Silently("/text".into()),
        // An id cannot go alone.
        (["id"], _) => Goes::Silently(String::new()),
        (_, "div") => Goes::Listed(parent.into()),
        // A display says what its code says: the concept goes, and what cannot stand without it.
        (_, "display" | "code" | "system" | "version") if is_coding(value, parent) => Goes::Silently(concept(parent)),
        (_, "text") if is_coded(value, parent) => Goes::Silently(concept(parent)),
        (_, "data") => Goes::Document,
        _ => Goes::Listed(place.to_owned()),
    }
}

fn is_coding(value: &Value, place: &str) -> bool {
    value.pointer(place).is_some_and(|coding| coding.get("code").is_some())
}

fn is_coded(value: &Value, place: &str) -> bool {
    value
        .pointer(place)
        .and_then(|concept| concept.get("coding"))
        .and_then(Value::as_array)
        .is_some_and(|all| !all.is_empty())
}

/// The concept that a Coding or a text is of; the whole resource, where the concept says what the resource is.
fn concept(place: &str) -> String {
    let concept = match place.rsplit_once("/coding/") {
        Some((concept, _)) => concept,
        None => place,
    };
    let path: Vec<&str> = concept.split('/').skip(1).filter(|part| part.parse::<usize>().is_err()).collect();
    let says_what = matches!(path.as_slice(), ["code" | "type" | "category" | "vaccineCode" | "productOrService"]);
    if says_what { String::new() } else { concept.to_owned() }
}

/// A text with escapes may say what its bytes do not.
fn is_escaped(json: &str) -> bool {
    json.contains('\\') || json.contains("\"data\"") || json.contains("\"query\"") || json.contains("valueBase64Binary")
}
