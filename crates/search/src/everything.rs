//! `Patient/x/$everything`: the compartment of a patient and what it refers to, in the order of types and ids.

use fhir::Span;
use fhir::parameters::Setting;
use jiff::Timestamp;

use crate::bits::Bits;
use crate::bundle::{Because, Bundle};
use crate::controls::Shape;
use crate::elements;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::index::{Asked, Body, NOWHERE};
use crate::limits;
use crate::message::{Request, Response};
use crate::page::Position;

/// What is asked of everything.
#[derive(Debug, Default)]
struct Wanted {
    count: Option<usize>,
    types: Option<Vec<String>>,
    since: Option<Timestamp>,
    /// Of care, not of the record (FHIR R4, Patient-everything, "start").
    start: Option<Span>,
    end: Option<Span>,
}

/// The parameters that say when care took place, the first that a type has.
const CARE: &[&str] = &[
    "date",
    "occurrence",
    "period",
    "effective-time",
    "performed",
    "onset-date",
    "authoredon",
    "authored",
    "authored-on",
    "authored-date",
    "whenhandedover",
    "created",
    "started",
    "recorded-date",
    "sent",
];

impl Engine {
    pub(crate) fn everything(&self, request: &Request, patient: Option<&str>) -> Result<Response, Refusal> {
        let path = match patient {
            Some(id) => format!("Patient/{id}/$everything"),
            None => "Patient/$everything".to_owned(),
        };
        let (position, pairs) = self.turned_to(&path, parameters(request)?)?;
        let (shape, shape_pairs, rest) = Shape::read(request, pairs)?;
        let wanted = self.everything_wanted(&rest)?;
        let patients: Bits = match patient {
            Some(id) => [self.store.number("Patient", id).ok_or(RequestError::NotKnown)?].into_iter().collect(),
            None => self.people(),
        };
        let mut found = self.all_of(&patients);
        self.narrow(&mut found, &wanted);

        let question: Vec<(String, String)> = shape_pairs.into_iter().chain(rest).collect();
        let mut links = vec![("self", self.self_link(&path, &question, position.as_ref()))];
        let total = found.len();
        let count = wanted.count.unwrap_or(limits::USUAL_PAGE);
        if shape.counted || count == 0 {
            return Ok(Bundle::begin("searchset", Some(total), &links).end());
        }
        let ordered = self.ordered(&found, &[], position.as_ref(), count);
        let last = ordered.page.last().and_then(|number| self.store.document(*number));
        if let (Some(marks), Some(last)) = (ordered.next, last) {
            let (kind, id) = (last.held.resource_type.to_string(), last.held.id.to_string());
            let next = Position { question, marks, kind, id, version: None };
            links.extend(next.link(&self.settings, &path).map(|url| ("next", url)));
        }
        let mut bundle = Bundle::begin("searchset", Some(total), &links);
        for document in ordered.page.iter().filter_map(|number| self.store.document(*number)) {
            bundle.found(&self.settings, document, shape.part.as_ref(), Because::Match);
        }
        Ok(bundle.end())
    }

    /// The Patient resources of the view's person; where nobody is named all that there are.
    pub(crate) fn people(&self) -> Bits {
        if self.settings.patients.is_empty() {
            return self.store.shelves.get("Patient").map(|all| all.live.clone()).unwrap_or_default();
        }
        self.settings.patients.iter().filter_map(|id| self.store.number("Patient", id)).collect()
    }

    /// The patients' compartments, and what is referred to from there, on and on.
    fn all_of(&self, patients: &Bits) -> Bits {
        let mut found = self.compartments(patients);
        let mut frontier = found.clone();
        for _ in 0..limits::ROUNDS {
            let mut fresh = Bits::with_room(self.store.room());
            let mut any = false;
            for (kind, shelf) in &self.store.shelves {
                if !frontier.meets(&shelf.live) {
                    continue;
                }
                self.references(kind, None, |references| {
                    for (from, target) in references.rows() {
                        if frontier.contains(*from) {
                            let place = self.index.place(*target);
                            if place != NOWHERE && self.store.live.contains(place) && !found.contains(place) {
                                fresh.insert(place);
                                any = true;
                            }
                        }
                    }
                });
            }
            if !any {
                break;
            }
            // Another person may be referred to; what belongs to them does not follow.
            found.add(&fresh);
            frontier = fresh;
        }
        found
    }

    fn narrow(&self, found: &mut Bits, wanted: &Wanted) {
        if let Some(types) = &wanted.types {
            let mut named = Bits::default();
            for shelf in types.iter().filter_map(|kind| self.store.shelves.get(kind.as_str())) {
                named.add(&shelf.live);
            }
            found.keep(&named);
        }
        if let Some(since) = wanted.since {
            let older = |number: &u32| {
                let version = self.store.document(*number).and_then(|document| document.current());
                version.is_none_or(|version| version.last_updated < since)
            };
            let older: Vec<u32> = found.iter().filter(older).collect();
            older.into_iter().for_each(|number| found.remove(number));
        }
        if wanted.start.is_some() || wanted.end.is_some() {
            for kind in self.store.shelves.keys() {
                found.take_away(&self.outside(kind, wanted));
            }
        }
    }

    /// The documents of a type whose care took place before or after. What states no date stays.
    fn outside(&self, kind: &str, wanted: &Wanted) -> Bits {
        let dated =
            CARE.iter().find_map(|code| match self.index.column(kind, code).map(|column| (column, &column.body)) {
                Some((column, Body::Dates(ranges))) => Some((column, ranges)),
                _ => None,
            });
        let Some((column, ranges)) = dated else { return Bits::default() };
        let mut outside = column.present.clone();
        let mut inside = Bits::with_room(self.store.room());
        let start = wanted.start.map_or(i64::MIN, |span| span.start);
        let end = wanted.end.map_or(i64::MAX, |span| span.end);
        let span = Span { start, end };
        ranges.find_any(&Asked::of_date(fhir::criteria::Prefix::About, span), &mut inside, |_| true);
        outside.take_away(&inside);
        outside
    }

    fn everything_wanted(&self, pairs: &[(String, String)]) -> Result<Wanted, Refusal> {
        let mut wanted = Wanted::default();
        let setting: &Setting = &self.setting;
        for (name, value) in pairs {
            let bad = || Refusal::at(RequestError::Value, name);
            let date = || Span::parse(value, &setting.zone).ok_or_else(bad);
            match name.as_str() {
                "_count" => {
                    let asked: u64 = value.parse().map_err(|_| bad())?;
                    wanted.count = Some(usize::try_from(asked).unwrap_or(limits::PAGE).min(limits::PAGE));
                }
                "_type" => {
                    let types: Vec<String> = value.split(',').map(str::to_owned).collect();
                    if types.len() > limits::VALUES || !types.iter().all(|kind| elements::is_type(kind)) {
                        return Err(bad());
                    }
                    wanted.types.get_or_insert_default().extend(types);
                }
                "_since" => wanted.since = Some(self.since(value).ok_or_else(bad)?),
                "start" => wanted.start = Some(date()?),
                "end" => wanted.end = Some(date()?),
                _ => return Err(Refusal::at(RequestError::Unsupported, name)),
            }
        }
        Ok(wanted)
    }
}

/// Of the query, of a form, or of a Parameters resource.
pub(crate) fn parameters(request: &Request) -> Result<Vec<(String, String)>, Refusal> {
    let media_type = request.header("content-type").unwrap_or_default();
    if request.body.is_empty() || !media_type.contains("json") {
        return crate::search::asked(request);
    }
    let mut pairs = crate::form::pairs(&request.query)?;
    if request.body.len() > limits::BODY_BYTES {
        return Err(RequestError::BodyLength.into());
    }
    let body: serde_json::Value = serde_json::from_slice(&request.body).map_err(|_| RequestError::Body)?;
    if body.get("resourceType").and_then(serde_json::Value::as_str) != Some("Parameters") {
        return Err(RequestError::Body.into());
    }
    for parameter in body.get("parameter").and_then(serde_json::Value::as_array).into_iter().flatten() {
        let members = parameter.as_object().ok_or(RequestError::Body)?;
        let name = members.get("name").and_then(serde_json::Value::as_str).ok_or(RequestError::Body)?;
        let value = members.iter().find(|(name, _)| name.starts_with("value")).ok_or(RequestError::Body)?.1;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        pairs.push((name.to_owned(), text));
        if pairs.len() > limits::PARAMETERS {
            return Err(RequestError::Parameters.into());
        }
    }
    Ok(pairs)
}
