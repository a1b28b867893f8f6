//! A view that is looked at: what came out of its answers, in the order of lists.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use consent::{Counts, Grant, LeftOut};
use fhir::LocalReference;
use jiff::Timestamp;
use serde_json::Value;
use types::{GrantId, PersonId};

use super::asked;
use crate::consider::reasons;
use crate::documents::{DocumentError, decode};
use crate::draft::{attachment, value_view};
use crate::error::{InputError, WalletError};
use crate::grants::counted;
use crate::now;
use crate::served::{Ground, Served, Terms};
use crate::views::{CutView, Kind, PreviewView, Row};

/// One grant's view of one person's record, as the owner looks at it.
pub(crate) struct Preview {
    /// As it was given: its words may have grown since.
    grant: Grant,
    served: Served,
    base: String,
    /// What they would be answered with, newest first.
    pub(super) told: Vec<Told>,
    /// Its places, by `Type/id`.
    pub(super) places: HashMap<String, usize>,
    pub(super) cuts: HashMap<Box<str>, Vec<CutView>>,
    pub(super) left: Vec<LeftOut>,
    /// What the owner calls each source, by its id.
    pub(super) sources: HashMap<Box<str>, String>,
    counts: Counts,
}

/// One item that they would see.
pub(super) struct Told {
    pub(super) row: Row,
    pub(super) date: Option<i64>,
    /// Folded, to be searched.
    pub(super) words: String,
    pub(super) test: Option<String>,
    pub(super) source: Option<Box<str>>,
}

impl Preview {
    pub(super) fn new(
        grant: Grant,
        terms: Terms,
        ground: Ground,
        name_of: &dyn Fn(&str) -> Option<String>,
        at: Timestamp,
    ) -> Result<Self, WalletError> {
        let base = terms.base().to_owned();
        let served = Served::new(terms, ground, at)?;
        let (report, counts) = (served.view().report(), served.view().counts());
        let mut sources: HashMap<Box<str>, String> = HashMap::new();
        let mut source_of: HashMap<(&str, &str), &str> = HashMap::new();
        for item in &served.record().items {
            source_of.insert((&item.resource_type, &item.id), &item.source);
            if !sources.contains_key(&*item.source) {
                sources.insert((&*item.source).into(), name_of(&item.source).unwrap_or_default());
            }
        }
        // Under new ids nothing says which item of the record it is.
        let is_own = grant.deidentified.is_none();
        let mut told: Vec<Told> = Vec::new();
        for tree in asked::everything(&served, &base, at)? {
            let Some((kind, id)) = named(&tree) else { continue };
            let source = source_of.get(&(kind, id)).filter(|_| is_own).copied();
            let name = source.and_then(|source| sources.get(source)).cloned().unwrap_or_default();
            told.push(Told::of(&tree, format!("{kind}/{id}"), source.map(Into::into), name));
        }
        told.sort_by(|one, other| (Reverse(one.date), &one.row.id).cmp(&(Reverse(other.date), &other.row.id)));
        let places = told.iter().enumerate().map(|(at, one)| (one.row.id.clone(), at)).collect();
        let mut cuts: HashMap<Box<str>, Vec<CutView>> = HashMap::new();
        for change in report.changed.iter().filter(|_| is_own) {
            cuts.entry(change.resource.clone()).or_default().push(CutView {
                of: change.resource.to_string(),
                how: how(&change.rule).to_owned(),
                element: change.element.to_string(),
                rule: change.rule.to_string(),
            });
        }
        let mut known = BTreeSet::new();
        let left = report.left_out.into_iter().filter(|one| known.insert(one.resource.clone())).collect();
        Ok(Self { grant, served, base, told, places, cuts, left, sources, counts })
    }

    /// Whether it is what this grant shows of this person's record as it is.
    pub(super) fn is(&self, grant: &Grant, person: &PersonId, stamp: u64) -> bool {
        self.grant == *grant && self.served.is_of(person) && self.served.stamp() == stamp && self.holds()
    }

    /// Whether it goes by this id and is of this person.
    pub(super) fn answers_to(&self, id: &GrantId, person: &PersonId) -> bool {
        self.grant.id == *id && self.served.is_of(person)
    }

    fn holds(&self) -> bool {
        self.grant.term.end.is_none_or(|end| now() < end)
    }

    /// The whole in numbers.
    pub(super) fn view(&self) -> PreviewView {
        let size = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        PreviewView {
            id: self.grant.id.to_string(),
            name: self.grant.who.name.clone(),
            shown: size(self.told.len()),
            cut: size(self.told.iter().filter(|one| self.cuts.contains_key(one.row.id.as_str())).count()),
            stays: size(self.left.len()),
            types: counted(&self.counts),
            reasons: reasons(&self.counts),
            deidentified: self.grant.deidentified.is_some(),
        }
    }

    /// The record that stands behind it, for what stays.
    pub(super) fn record(&self) -> &consent::Record {
        self.served.record()
    }

    /// One resource as it is answered.
    pub(super) fn answered(&self, of: &str) -> Result<Value, WalletError> {
        let target = self.local(of).ok_or(InputError::UnknownId)?;
        Ok(asked::one(&self.served, &target, now())?.ok_or(InputError::UnknownId)?)
    }

    /// `Type/id`, of a reference within the view.
    pub(super) fn local(&self, reference: &str) -> Option<String> {
        LocalReference::parse(reference, &self.base).map(|target| target.path())
    }

    /// The bytes of a file: inline, or of the resource that the answer points to.
    pub(super) fn file(&self, of: &str, index: u32) -> Result<Vec<u8>, WalletError> {
        let files = fhir::attachments(&self.answered(of)?);
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        let file = files.into_iter().nth(place).ok_or(DocumentError::NoSuchFile)?;
        let data = match (file.data, file.url) {
            (Some(data), _) => data,
            (None, Some(url)) => {
                let target = self.local(&url).ok_or(DocumentError::NotHere)?;
                let binary = self.answered(&target).map_err(|_| DocumentError::NotHere)?;
                binary.get("data").and_then(Value::as_str).map(str::to_owned).ok_or(DocumentError::NotHere)?
            }
            (None, None) => return Err(DocumentError::NotHere.into()),
        };
        decode(&data).ok_or_else(|| DocumentError::NotHere.into())
    }
}

impl Told {
    /// The row of a resource.
    pub(super) fn of(tree: &Value, id: String, source: Option<Box<str>>, name: String) -> Self {
        let summary = fhir::summarize(tree);
        let row = Row {
            id,
            kind: Kind::from(summary.kind),
            resource_type: tree.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned(),
            value: summary.value.as_ref().map(value_view),
            date: summary.date.as_ref().map(|date| date.as_str().to_owned()),
            attachment: attachment(&summary),
            title: summary.title,
            status: summary.status,
            source: name,
        };
        Self {
            date: summary.date.as_ref().map(fhir::PartialDate::sort_key),
            words: fhir::parameters::fold(&summary.words).into_owned(),
            test: summary.test_key,
            row,
            source,
        }
    }
}

fn named(tree: &Value) -> Option<(&str, &str)> {
    Some((tree.get("resourceType")?.as_str()?, tree.get("id")?.as_str()?))
}

/// What a rule does to an item, as a code with its words.
fn how(rule: &str) -> &'static str {
    match rule {
        "reference" => "reference",
        "narrative" => "narrative",
        "text-scan" => "textScan",
        "owner" => "owner",
        _ => "part",
    }
}
