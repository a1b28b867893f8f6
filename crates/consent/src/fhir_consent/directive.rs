use jiff::Timestamp;
use types::{Actions, Context, GrantId};

use super::ConsentError;
use crate::{CodeFilter, DateRange, Grant, Mode, Party, Permit, Selector, Term, What};

/// What a foreign `Consent` directs: permits, and denials that win over them. What no permit names is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    pub(super) patient: Box<str>,
    pub(super) permits: Vec<Conditions>,
    pub(super) denials: Vec<Conditions>,
}

/// When a provision applies: all that is said must hold; of the values of one list any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Conditions {
    pub(super) recipients: Vec<Box<str>>,
    pub(super) custodians: Vec<Box<str>>,
    pub(super) purposes: Vec<Box<str>>,
    pub(super) types: Vec<Box<str>>,
    pub(super) codes: Vec<CodeFilter>,
    pub(super) labels: Vec<Box<str>>,
    pub(super) resources: Vec<Box<str>>,
    pub(super) dates: Option<DateRange>,
    pub(super) start: Option<Timestamp>,
    pub(super) end: Option<Timestamp>,
}

/// A question to a [`Directive`]: may this recipient read data of this kind, held there, for this purpose, now?
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The recipient, as the `Consent` refers to it.
    pub recipient: &'a str,
    /// A code of PurposeOfUse.
    pub purpose: &'a str,
    /// Who holds the data, as the `Consent` refers to it.
    pub custodian: &'a str,
    /// Type of the resource.
    pub resource_type: &'a str,
    /// When.
    pub at: Timestamp,
}

/// What the references of a `Consent` are here.
pub struct Binding<'a> {
    /// How the `Consent` refers to the recipient.
    pub recipient: &'a str,
    /// Who that is, with proof.
    pub who: Party,
    /// Which source a custodian is.
    pub source: &'a dyn Fn(&str) -> Option<Box<str>>,
}

impl Directive {
    /// Whose data it is about, as it refers to them.
    pub fn patient(&self) -> &str {
        &self.patient
    }

    /// Whether it lets this be read. Where a provision asks for more than the question tells (codes, labels, dates,
    /// single resources), a permit counts as given for some of it and a denial as not for all of it.
    pub fn permits(&self, ask: &Ask<'_>) -> bool {
        self.permits.iter().any(|rule| rule.applies(ask))
            && !self.denials.iter().any(|rule| rule.applies(ask) && rule.is_about_whole_types())
    }

    /// The grant it gives to one recipient.
    ///
    /// # Errors
    /// [`ConsentError::NothingPermitted`]; [`ConsentError::Mixed`] and [`ConsentError::Custodian`] for what a grant
    /// cannot say.
    pub fn grant(&self, id: GrantId, binding: Binding<'_>) -> Result<Grant, ConsentError> {
        let meant = |rule: &&Conditions| is_or_any(&rule.recipients, binding.recipient);
        let permits: Vec<&Conditions> = self.permits.iter().filter(meant).collect();
        let denials: Vec<&Conditions> = self.denials.iter().filter(meant).collect();
        let first = permits.first().ok_or(ConsentError::NothingPermitted)?;
        let alike =
            |rule: &&Conditions| (&rule.purposes, rule.start, rule.end) == (&first.purposes, first.start, first.end);
        if !permits.iter().all(alike) {
            return Err(ConsentError::Mixed);
        }
        let of = |rule: &&Conditions| rule.selector(binding.source);
        let (selects, exclusions): (Result<Vec<_>, _>, Result<Vec<_>, _>) =
            (permits.iter().map(of).collect(), denials.iter().map(of).collect());
        let exclusions = exclusions?;
        if exclusions.contains(&Selector::default()) {
            return Err(ConsentError::NothingPermitted);
        }
        let permit = |select| Permit { context: Context::Patient, actions: Actions::READ, select };
        Ok(Grant {
            id,
            who: binding.who,
            what: What { permits: selects?.into_iter().map(permit).collect(), exclusions },
            mode: Mode::default(),
            deidentified: None,
            purposes: first.purposes.clone(),
            term: Term { start: first.start, end: first.end, uses: None },
            decisions: Vec::new(),
            words: Vec::new(),
        })
    }
}

impl Conditions {
    fn applies(&self, ask: &Ask<'_>) -> bool {
        is_or_any(&self.recipients, ask.recipient)
            && is_or_any(&self.custodians, ask.custodian)
            && is_or_any(&self.purposes, ask.purpose)
            && is_or_any(&self.types, ask.resource_type)
            && self.start.is_none_or(|start| start <= ask.at)
            && self.end.is_none_or(|end| ask.at < end)
    }

    fn is_about_whole_types(&self) -> bool {
        self.codes.is_empty() && self.labels.is_empty() && self.resources.is_empty() && self.dates.is_none()
    }

    /// The part of the record. A denial for one purpose or one time excludes always: a grant cannot say less.
    fn selector(&self, source: &dyn Fn(&str) -> Option<Box<str>>) -> Result<Selector, ConsentError> {
        let sources: Option<Vec<Box<str>>> = self.custodians.iter().map(|custodian| source(custodian)).collect();
        Ok(Selector {
            types: self.types.clone(),
            codes: self.codes.clone(),
            labels: self.labels.clone(),
            resources: self.resources.clone(),
            dates: self.dates,
            sources: sources.ok_or(ConsentError::Custodian)?,
            ..Selector::default()
        })
    }

    /// Whether nothing is said but who holds the data, and when.
    pub(super) fn names_only_custodians(&self) -> bool {
        let without = Self { custodians: Vec::new(), start: None, end: None, ..self.clone() };
        !self.custodians.is_empty() && without == Self::default()
    }

    /// Whether it applies wherever the other does, by what is said alone.
    pub(super) fn covers(&self, other: &Self) -> bool {
        fn within<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
            wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|value| wide.contains(value)))
        }
        within(&self.recipients, &other.recipients)
            && within(&self.custodians, &other.custodians)
            && within(&self.purposes, &other.purposes)
            && within(&self.types, &other.types)
            && within(&self.codes, &other.codes)
            && within(&self.labels, &other.labels)
            && within(&self.resources, &other.resources)
            && (self.dates.is_none() || self.dates == other.dates)
            && (self.start.is_none() || self.start == other.start)
            && (self.end.is_none() || self.end == other.end)
    }

    /// What applies where both do. Each list is that of the one within, where it has one, and must be part of the outer.
    pub(super) fn and(&self, within: &Self) -> Result<Self, ConsentError> {
        fn both<T: Clone + PartialEq>(outer: &[T], inner: &[T]) -> Result<Vec<T>, ConsentError> {
            match (outer, inner) {
                ([], one) | (one, []) => Ok(one.to_vec()),
                (outer, inner) => {
                    let shared: Vec<T> = inner.iter().filter(|value| outer.contains(value)).cloned().collect();
                    if shared.is_empty() { Err(ConsentError::Mixed) } else { Ok(shared) }
                }
            }
        }
        Ok(Self {
            recipients: both(&self.recipients, &within.recipients)?,
            custodians: both(&self.custodians, &within.custodians)?,
            purposes: both(&self.purposes, &within.purposes)?,
            types: both(&self.types, &within.types)?,
            codes: both(&self.codes, &within.codes)?,
            labels: both(&self.labels, &within.labels)?,
            resources: both(&self.resources, &within.resources)?,
            dates: match (self.dates, within.dates) {
                (Some(_), Some(_)) => return Err(ConsentError::Mixed),
                (outer, inner) => outer.or(inner),
            },
            start: self.start.into_iter().chain(within.start).max(),
            end: self.end.into_iter().chain(within.end).min(),
        })
    }
}

fn is_or_any(list: &[Box<str>], one: &str) -> bool {
    list.is_empty() || list.iter().any(|value| **value == *one)
}
