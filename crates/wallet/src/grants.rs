//! Grants: what one says, and what it would let out of the record.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use consent::{Choice, Counts, Deidentifier, Grant, Person, Review, Rules, Scopes, Sides, View, ViewKey, WhyOut};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::WalletError;
use crate::open::Open;
use crate::record::Known;
use crate::served::heard;
use crate::views::{
    ChangeView, ConcernView, GrantPreview, LeftOutView, NotUnderstoodView, ResourceName, ReviewView, Sentence,
    TypeCount,
};
use crate::words::said;
use crate::{Wallet, now};

mod kept;

pub use kept::ConsentFor;

impl Wallet {
    /// What a grant, given as its JSON, would let out of the record of the person shown. Nothing is kept of it.
    pub async fn grant_preview(&self, grant: &[u8]) -> Result<GrantPreview, WalletError> {
        let grant = Grant::parse(grant)?;
        self.with(move |open| open.preview(grant)).await
    }
}

impl Open {
    /// What the pseudonyms of a grant's view are made from.
    pub(crate) fn view_key(&self, grant: &Grant) -> ViewKey {
        ViewKey::new(self.vault.key_for(&format!("view/{}", grant.id)))
    }

    /// What the owner calls each source.
    pub(crate) fn source_names(&self) -> Result<impl Fn(&str) -> Option<String> + use<>, WalletError> {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for person in self.vault.people()? {
            let rows = self.vault.connections(&person.id)?;
            names.extend(rows.into_iter().map(|row| (row.id.to_string(), row.name)));
        }
        // Two of one name would be one source in a sentence.
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        names.values().for_each(|name| *times.entry(name.clone()).or_default() += 1);
        for (id, name) in &mut names {
            if times.get(name) != Some(&1) || name.contains("con_") {
                *name = format!("{name} ({id})");
            }
        }
        Ok(move |id: &str| names.get(id).cloned())
    }

    fn preview(&self, grant: Grant) -> Result<GrantPreview, WalletError> {
        let (record, at) = (self.record_of(&self.current)?, now());
        let key = self.view_key(&grant);
        let (view, _) = heard(&record.record, grant.clone(), at, &key)?;
        let name_of = self.source_names()?;
        let report = view.report();
        let types = counted(&view.counts());
        let name = |resource: &str| resource_name(resource, &record.items);
        Ok(GrantPreview {
            id: grant.id.to_string(),
            name: grant.who.name.clone(),
            holds: grant.term.holds(at),
            summary: sentences(&grant, &name_of),
            scopes: Scopes::of(&grant.what).to_string(),
            kept: types.iter().map(|count| count.kept).sum(),
            changed: types.iter().map(|count| count.changed).sum(),
            left_out: types.iter().map(|count| count.left_out).sum(),
            types,
            changes: report
                .changed
                .iter()
                .map(|change| ChangeView {
                    of: name(&change.resource),
                    element: change.element.to_string(),
                    rule: change.rule.to_string(),
                })
                .collect(),
            left: report.left_out.iter().map(|left| left_out(name(&left.resource), &left.why)).collect(),
            review: report.review.iter().map(|review| review_view(review, &record.items)).collect(),
            not_understood: report
                .not_understood
                .iter()
                .map(|it| NotUnderstoodView { of: name(&it.resource), why: it.why.to_string() })
                .collect(),
            concerns: self.concerns(&grant, &view, at),
            words: view.words().map(str::to_owned).collect(),
        })
    }

    /// What may point to the person in what a de-identified grant lets out.
    fn concerns(&self, grant: &Grant, view: &View, at: Timestamp) -> Vec<ConcernView> {
        let Some(dates) = grant.deidentified else { return Vec::new() };
        let current = view.held().iter().filter_map(|held| serde_json::from_str(&held.current()?.json).ok());
        let resources: Vec<serde_json::Value> = current.collect();
        let today = at.to_zoned(TimeZone::system()).date();
        let key = self.vault.key_for(&format!("view/{}", grant.id));
        let by = Deidentifier::new(key, dates, Person::of(&[]), today);
        let told = by.warnings(&resources).into_iter().map(|warning| ConcernView {
            code: warning.concern.code().to_owned(),
            count: u32::try_from(warning.resources.len()).unwrap_or(u32::MAX),
        });
        told.collect()
    }
}

/// The topic rules, read once.
pub(crate) fn rules() -> Result<&'static Rules, WalletError> {
    static RULES: OnceLock<Rules> = OnceLock::new();
    match RULES.get() {
        Some(rules) => Ok(rules),
        None => {
            let read = Rules::builtin()?;
            Ok(RULES.get_or_init(|| read))
        }
    }
}

/// Resources by type: each counts once, however many of its elements were changed.
pub(crate) fn counted(counts: &Counts) -> Vec<TypeCount> {
    let view = |of: &str, sides: &Sides| TypeCount {
        resource_type: of.to_owned(),
        kept: sides.kept,
        changed: sides.changed,
        left_out: sides.left_out,
    };
    counts.types.iter().map(|(of, sides)| view(of, sides)).collect()
}

fn left_out(of: ResourceName, why: &WhyOut) -> LeftOutView {
    let (topic, rule) = match why {
        WhyOut::Topic { topic, rule } => (Some(topic), Some(rule)),
        _ => (None, None),
    };
    let why = why_code(why).to_owned();
    LeftOutView { of, why, topic: topic.cloned().map(Into::into), rule: rule.cloned().map(Into::into) }
}

/// Why something stays in, as a code with its words under `leftOut`.
pub(crate) fn why_code(why: &WhyOut) -> &'static str {
    match why {
        WhyOut::NotPermitted => "notPermitted",
        WhyOut::Topic { .. } => "topic",
        WhyOut::Excluded => "excluded",
        WhyOut::NotReferred => "notReferred",
        WhyOut::Spread => "spread",
        WhyOut::EmptyShell => "emptyShell",
        WhyOut::DateNotExact => "dateNotExact",
        WhyOut::NotUnderstood => "notUnderstood",
        WhyOut::NotDeidentifiable => "notDeidentifiable",
        WhyOut::Owner => "owner",
    }
}

/// A resource of the record by the name that its owner knows.
pub(crate) fn resource_name(resource: &str, items: &HashMap<Box<str>, Known>) -> ResourceName {
    let known = items.get(resource);
    ResourceName {
        resource: resource.to_owned(),
        item: known.map(|known| known.id.to_string()),
        title: known.and_then(|known| known.title.clone()),
    }
}

/// A text that the owner should look at.
pub(crate) fn review_view(review: &Review, items: &HashMap<Box<str>, Known>) -> ReviewView {
    ReviewView {
        of: resource_name(&review.resource, items),
        place: review.place.to_string(),
        found: review.found.clone(),
        rule: review.rule.to_string(),
        default: choice(review.default).to_owned(),
    }
}

fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "keep",
        Choice::TakeOut => "takeOut",
        Choice::LeaveOut => "leaveOut",
    }
}

/// What a grant says, sentence by sentence, on this computer's clock.
pub(crate) fn sentences(grant: &Grant, name_of: &dyn Fn(&str) -> Option<String>) -> Vec<Sentence> {
    said(&grant.summary(), name_of, &TimeZone::system())
}

#[cfg(test)]
mod tests;
