use std::ops::Range;

use jiff::Timestamp;
use thiserror::Error;

use super::Store;
use super::date;
use super::entry::{Entry, Token};

/// One search, after the door let it in.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pub(crate) kind: &'a str,
    /// Whose record is searched.
    pub(crate) patient: &'a str,
    /// Parameters as they came; control parameters are skipped here.
    pub(crate) parameters: &'a [(String, String)],
    /// Conditions of the scopes: a resource must meet all of one list.
    pub(crate) within: &'a [&'a [(String, String)]],
}

/// Why a search was not carried out.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchError {
    #[error("a date in the search does not read as a date")]
    Date,
    #[error("the search asks for another patient than the token is for")]
    OtherPatient,
}

impl Store {
    /// Positions of what matches, in the order it is kept, or by `_sort` on date.
    pub(crate) fn search(&self, query: &Query<'_>) -> Result<Vec<usize>, SearchError> {
        let mut found = Vec::new();
        'entries: for at in self.list(query.patient, query.kind) {
            let Some(entry) = self.entries.get(at) else { continue };
            for (name, value) in query.parameters {
                if !meets(entry, query.patient, name, value)? {
                    continue 'entries;
                }
            }
            let mut allowed = query.within.is_empty();
            for conditions in query.within {
                let mut all = true;
                for (name, value) in *conditions {
                    all &= meets(entry, query.patient, name, value)?;
                }
                allowed |= all;
            }
            if allowed {
                found.push(at);
            }
        }
        self.sort(query, &mut found);
        Ok(found)
    }

    fn sort(&self, query: &Query<'_>, found: &mut [usize]) {
        let Some((_, order)) = query.parameters.iter().find(|(name, _)| name == "_sort") else { return };
        let (back, by) = order.strip_prefix('-').map_or((false, order.as_str()), |by| (true, by));
        let key = |at: &usize| {
            let entry = self.entries.get(*at)?;
            let range = if by == "_lastUpdated" { entry.updated.as_ref() } else { entry.when.as_ref() };
            range.map(|range| range.start)
        };
        found.sort_by_key(key);
        if back {
            found.reverse();
        }
    }
}

/// Whether a resource meets one parameter. Parameters that are not known are passed over, as FHIR's default handling
/// allows; the self link then does not repeat them.
fn meets(entry: &Entry, patient: &str, name: &str, value: &str) -> Result<bool, SearchError> {
    let (name, modifier) = name.split_once(':').unwrap_or((name, ""));
    let any = |tokens: &[Token]| value.split(',').any(|want| tokens.iter().any(|token| token.is(want)));
    let found = match name {
        "patient" | "subject" | "beneficiary" => {
            let id = value.rsplit('/').next().unwrap_or(value);
            if id != patient {
                return Err(SearchError::OtherPatient);
            }
            true
        }
        "_id" => value.split(',').any(|id| id == entry.id),
        "_lastUpdated" => within(entry.updated.as_ref(), value)?,
        "date" | "authoredon" | "onset-date" | "recorded-date" | "period" | "created" | "performed" | "start-date" => {
            within(entry.when.as_ref(), value)?
        }
        "code" | "vaccine-code" => any(&entry.codes),
        "category" => any(&entry.categories),
        "type" | "class" => any(&entry.types),
        "status" | "clinical-status" | "lifecycle-status" => any(&entry.statuses),
        "intent" => entry.intent.as_deref().is_some_and(|intent| value.split(',').any(|want| want == intent)),
        "encounter" => entry.encounter.as_deref().is_some_and(|own| own.rsplit('/').next() == value.rsplit('/').next()),
        "target" => entry.targets.iter().any(|target| target == value),
        _ => return Ok(true),
    };
    Ok(if modifier == "not" { !found } else { found })
}

fn within(range: Option<&Range<Timestamp>>, value: &str) -> Result<bool, SearchError> {
    let mut any = false;
    for part in value.split(',') {
        // The value is judged even where the resource has no date, so that a wrong one is always told.
        let probe = range.cloned().unwrap_or(Timestamp::MIN..Timestamp::MIN);
        any |= date::matches(&probe, part).ok_or(SearchError::Date)? && range.is_some();
    }
    Ok(any)
}

impl Token {
    /// `code`, `system|code`, `|code` or `system|` (FHIR R4 search, "token").
    fn is(&self, want: &str) -> bool {
        match want.split_once('|') {
            None => self.code == want,
            Some(("", code)) => self.system.is_none() && self.code == code,
            Some((system, "")) => self.system.as_deref() == Some(system),
            // A plain code element has a system by its binding, which is not repeated in the resource.
            Some((system, code)) => self.code == code && self.system.as_deref().is_none_or(|own| own == system),
        }
    }
}
