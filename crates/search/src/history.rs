//! History of one resource, of a type, of all: the versions of the view, newest first (FHIR R4, "history").

use std::cmp::Reverse;

use fhir::{HeldVersion, Span};
use jiff::Timestamp;

use crate::bundle::Bundle;
use crate::controls::Shape;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::limits;
use crate::message::{Request, Response};
use crate::page::{Mark, Position};
use crate::search::asked;
use crate::store::Document;

/// Which versions are asked for.
#[derive(Default)]
struct Wanted {
    count: Option<usize>,
    since: Option<Timestamp>,
    /// Versions that were current at some time in it.
    at: Option<Span>,
}

/// One version, in the order of the answer.
struct Row<'a> {
    order: (Reverse<Timestamp>, u32, Reverse<u32>),
    document: &'a Document,
    version: &'a HeldVersion,
}

impl Engine {
    pub(crate) fn history(&self, request: &Request, kind: Option<&str>, id: Option<&str>) -> Result<Response, Refusal> {
        let path = match (kind, id) {
            (Some(kind), Some(id)) => format!("{kind}/{id}/_history"),
            (Some(kind), None) => format!("{kind}/_history"),
            _ => "_history".to_owned(),
        };
        let (position, pairs) = self.turned_to(&path, asked(request)?)?;
        let (_, _, rest) = Shape::read(request, pairs.clone())?;
        let wanted = self.wanted(&rest)?;
        let mut rows = self.versions(kind, id, &wanted)?;
        let total = rows.len();
        if let Some(position) = &position {
            let behind = (Reverse(instant_of(position)?), self.store.rank_after(&position.kind, &position.id));
            let same = self.store.number(&position.kind, &position.id).map(|number| self.store.rank(number));
            rows.retain(|row| {
                let (at, rank, Reverse(number)) = row.order;
                // Older versions of the same resource at the same instant, then whatever stands behind it.
                let older = Some(rank) == same && position.version.is_some_and(|last| number < last);
                at > behind.0 || (at == behind.0 && (rank >= behind.1 || older))
            });
        }
        let count = wanted.count.unwrap_or(limits::USUAL_PAGE);
        let more = rows.len() > count;
        if more && count > 0 {
            rows.select_nth_unstable_by_key(count - 1, |row| row.order);
        }
        rows.truncate(count);
        rows.sort_unstable_by_key(|row| row.order);
        let mut links = vec![("self", self.self_link(&path, &pairs, position.as_ref()))];
        if let Some(last) = rows.last().filter(|_| more) {
            let next = Position {
                question: position.map_or(pairs, |position| position.question),
                marks: vec![Mark::Text(last.version.last_updated.to_string())],
                kind: last.document.held.resource_type.to_string(),
                id: last.document.held.id.to_string(),
                version: Some(last.version.number),
            };
            links.extend(next.link(&self.settings, &path).map(|url| ("next", url)));
        }
        let mut bundle = Bundle::begin("history", Some(total), &links);
        for row in rows {
            bundle.version(&self.settings, row.document, row.version);
        }
        Ok(bundle.end())
    }

    fn versions(&self, kind: Option<&str>, id: Option<&str>, wanted: &Wanted) -> Result<Vec<Row<'_>>, Refusal> {
        let numbers: Vec<u32> = match (kind, id) {
            (Some(kind), Some(id)) => {
                self.store.find(kind, id).ok_or(RequestError::NotKnown)?;
                self.store.number(kind, id).into_iter().collect()
            }
            (Some(kind), None) => self.store.shelves.get(kind).map(|all| all.live.iter().collect()).unwrap_or_default(),
            _ => self.store.live.iter().collect(),
        };
        let mut rows = Vec::with_capacity(numbers.len());
        for number in numbers {
            let Some(document) = self.store.document(number) else { continue };
            let rank = self.store.rank(number);
            let versions = &document.held.versions;
            let until = versions.iter().skip(1).map(|next| Some(next.last_updated)).chain([None]);
            for (version, until) in versions.iter().zip(until) {
                let since = wanted.since.is_none_or(|since| version.last_updated >= since);
                let at = wanted.at.is_none_or(|at| {
                    let begins = version.last_updated.as_microsecond() < at.end;
                    begins && until.is_none_or(|until| until.as_microsecond() > at.start)
                });
                if since && at {
                    let order = (Reverse(version.last_updated), rank, Reverse(version.number));
                    rows.push(Row { order, document, version });
                }
            }
        }
        Ok(rows)
    }

    fn wanted(&self, pairs: &[(String, String)]) -> Result<Wanted, Refusal> {
        let mut wanted = Wanted::default();
        for (name, value) in pairs {
            let bad = || Refusal::at(RequestError::Value, name);
            match name.as_str() {
                "_count" => {
                    let asked: u64 = value.parse().map_err(|_| bad())?;
                    wanted.count = Some(usize::try_from(asked).unwrap_or(limits::PAGE).min(limits::PAGE));
                }
                "_since" => wanted.since = Some(self.since(value).ok_or_else(bad)?),
                "_at" => wanted.at = Some(Span::parse(value, &self.settings.zone).ok_or_else(bad)?),
                "_total" => {}
                _ => return Err(Refusal::at(RequestError::Unsupported, name)),
            }
        }
        Ok(wanted)
    }

    /// The first moment of a date.
    pub(crate) fn since(&self, value: &str) -> Option<Timestamp> {
        value.parse().ok().or_else(|| {
            let span = Span::parse(value, &self.settings.zone)?;
            Timestamp::from_microsecond(span.start).ok()
        })
    }
}

fn instant_of(position: &Position) -> Result<Timestamp, RequestError> {
    match position.marks.first() {
        Some(Mark::Text(text)) => text.parse().map_err(|_| RequestError::Page),
        _ => Err(RequestError::Page),
    }
}
