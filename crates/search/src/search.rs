//! Search: of one type, of all, of a patient's compartment (FHIR R4, "Search").

use std::sync::Arc;

use fhir::criteria::{Criterion, CriterionError};
use fhir::parameters::{Kind, Setting, parameter, resource_types};
use jiff::Timestamp;

use crate::bits::Bits;
use crate::bundle::{Because, Bundle};
use crate::controls::{Controls, Handling, Include, Shape, SortKey};
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::filter;
use crate::form;
use crate::limits;
use crate::matching::Budget;
use crate::message::{Method, Request, Response};
use crate::outcome::{Severity, outcome};
use crate::page::{self, Position};

/// Where a search looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// `None`: all types.
    pub(crate) kind: Option<&'a str>,
    /// Only the compartment of this patient.
    pub(crate) patient: Option<&'a str>,
}

impl Field<'_> {
    /// The path below the base, the same for `GET` and for `POST` with `_search`.
    fn path(&self) -> String {
        match (self.patient, self.kind) {
            (Some(patient), kind) => format!("Patient/{patient}/{}", kind.unwrap_or("*")),
            (None, kind) => kind.unwrap_or_default().to_owned(),
        }
    }
}

/// What a search found, before it is written.
pub(crate) struct Found {
    /// How many match; `None` where it was not to be told.
    pub(crate) total: Option<usize>,
    pub(crate) page: Vec<u32>,
    included: Vec<u32>,
    links: Vec<(&'static str, String)>,
    /// What the answer says of itself.
    notes: Vec<Refusal>,
    shape: Shape,
}

/// One resource that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Resource type.
    pub resource_type: Box<str>,
    /// Id in the view.
    pub id: Box<str>,
    /// The text as it is held.
    pub json: Arc<str>,
}

/// One page of what a search found, for callers in the same program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// How many match in all.
    pub total: usize,
    /// Those of this page, in order.
    pub page: Vec<Hit>,
    /// What to ask for the next page: a target as [`Engine::search`] takes it.
    pub next: Option<String>,
}

impl Engine {
    /// Searches as `GET` would, without a Bundle around the answer: `Observation?code=http://loinc.org|2345-7&_sort=-date`.
    /// Nothing is passed over.
    ///
    /// # Errors
    /// [`RequestError`], as `GET` with strict handling.
    pub fn search(&self, target: &str, now: Timestamp) -> Result<Hits, RequestError> {
        let mut request = Request::get(target);
        request.headers.push(("prefer".to_owned(), "handling=strict".to_owned()));
        let kind = Some(request.path.clone()).filter(|kind| !kind.is_empty());
        if kind.as_deref().is_some_and(|kind| !crate::elements::is_type(kind)) {
            return Err(RequestError::UnknownType);
        }
        let field = Field { kind: kind.as_deref(), patient: None };
        let found = self.found(&request, field, now, &Budget::default()).map_err(|refusal| refusal.error)?;
        let hit = |number: &u32| {
            let document = self.store.document(*number)?;
            let held = &document.held;
            let json = Arc::clone(&document.text);
            Some(Hit { resource_type: held.resource_type.clone(), id: held.id.clone(), json })
        };
        let next = found.links.iter().find(|(relation, _)| *relation == "next");
        let below = |(_, url): &(&str, String)| {
            url.strip_prefix(&self.settings.base).map(|rest| rest.trim_start_matches('/').to_owned())
        };
        Ok(Hits {
            total: found.total.unwrap_or_default(),
            page: found.page.iter().filter_map(hit).collect(),
            next: next.and_then(below),
        })
    }

    pub(crate) fn answer_search(
        &self,
        request: &Request,
        field: Field<'_>,
        now: Timestamp,
        budget: &Budget,
    ) -> Result<Response, Refusal> {
        let found = self.found(request, field, now, budget)?;
        let mut bundle = Bundle::begin("searchset", found.total, &found.links);
        let part = found.shape.part.as_ref();
        for (numbers, because) in [(&found.page, Because::Match), (&found.included, Because::Include)] {
            for document in numbers.iter().filter_map(|number| self.store.document(*number)) {
                bundle.found(&self.settings, document, part, because);
            }
        }
        if !found.notes.is_empty() {
            bundle.outcome(&outcome(Severity::Warning, &found.notes));
        }
        Ok(bundle.end())
    }

    pub(crate) fn found(
        &self,
        request: &Request,
        field: Field<'_>,
        now: Timestamp,
        budget: &Budget,
    ) -> Result<Found, Refusal> {
        let path = field.path();
        let asked = asked(request)?;
        let (position, pairs) = self.turned_to(&path, asked)?;
        let (shape, shape_pairs, rest) = Shape::read(request, pairs)?;
        // A page goes on as its question was understood.
        let handling = if position.is_some() { Handling::Lenient } else { Handling::of(request) };
        let mut controls = Controls::read(rest, handling)?;
        let setting = self.setting(now);
        let kinds = self.kinds(field, &mut controls, handling)?;
        if field.patient.is_some_and(|id| self.store.number("Patient", id).is_none()) {
            return Err(RequestError::NotKnown.into());
        }
        let criteria = criteria(&mut controls, field, &kinds, handling, &setting)?;
        sortable(&mut controls, field, &kinds, handling)?;
        includable(&mut controls, handling)?;

        let mut all = Bits::default();
        for (kind, criteria) in &criteria {
            let mut found = self.matching(kind, criteria, &setting, budget)?;
            if let Some(patient) = field.patient {
                found.keep(&self.compartment(patient, kind));
            }
            all.add(&found);
        }

        // What was passed over is in no link.
        let mut used = shape_pairs;
        used.append(&mut controls.heeded);
        used.append(&mut controls.criteria);
        let mut links = vec![("self", self.self_link(&path, &used, position.as_ref()))];
        let count = controls.count.unwrap_or(limits::USUAL_PAGE);
        let counted = shape.counted || count == 0;
        let total = (counted || !controls.untold_total).then(|| all.len());
        let mut notes = if position.is_none() { controls.ignored } else { Vec::new() };
        if counted {
            return Ok(Found { total, page: Vec::new(), included: Vec::new(), links, notes, shape });
        }
        let ordered = self.ordered(&all, &controls.sort, position.as_ref(), count);
        if let (Some(marks), Some(last)) = (ordered.next, ordered.page.last().and_then(|n| self.store.document(*n))) {
            let (kind, id) = (last.held.resource_type.to_string(), last.held.id.to_string());
            let next = Position { question: used, marks, kind, id, version: None };
            links.extend(next.link(&self.settings, &path).map(|url| ("next", url)));
        }
        let included = self.included(&ordered.page, &controls.includes);
        if included.cut {
            notes.push(Refusal::at(RequestError::Included, "_include"));
        }
        Ok(Found { total, page: ordered.page, included: included.documents, links, notes, shape })
    }

    /// What is asked, and from where on: a page brings its question with it.
    #[expect(clippy::type_complexity, reason = "a position and a question")]
    pub(crate) fn turned_to(
        &self,
        path: &str,
        asked: Vec<(String, String)>,
    ) -> Result<(Option<Position>, Vec<(String, String)>), Refusal> {
        let Some((_, token)) = asked.iter().find(|(name, _)| name == page::NAME) else { return Ok((None, asked)) };
        let position = Position::open(&self.settings, path, token)?;
        if !position.is_of_types(asked.iter().filter(|(name, _)| name == page::TYPES).map(|(_, value)| value.as_str()))
        {
            return Err(Refusal::at(RequestError::Page, page::TYPES));
        }
        let of_page = |name: &str| matches!(name, page::NAME | page::TYPES | "_format" | "_pretty");
        if let Some((name, _)) = asked.iter().find(|(name, _)| !of_page(name)) {
            return Err(Refusal::at(RequestError::Page, name));
        }
        let mut pairs = position.question.clone();
        pairs.extend(asked.into_iter().filter(|(name, _)| name != page::NAME && name != page::TYPES));
        Ok((Some(position), pairs))
    }

    pub(crate) fn self_link(&self, path: &str, used: &[(String, String)], position: Option<&Position>) -> String {
        if let Some(link) = position.and_then(|position| position.link(&self.settings, path)) {
            return link;
        }
        let mut url = self.settings.base.clone();
        if !path.is_empty() {
            url.push('/');
            url.push_str(path);
        }
        for (at, (name, value)) in used.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            form::encode(&mut url, name);
            url.push('=');
            form::encode(&mut url, value);
        }
        url
    }

    /// The types that a search is about. Without a word about it these are the types of the view.
    fn kinds(&self, field: Field<'_>, controls: &mut Controls, handling: Handling) -> Result<Vec<String>, Refusal> {
        match (field.kind, controls.types.take()) {
            (Some(kind), None) => Ok(vec![kind.to_owned()]),
            (Some(kind), Some(_)) => {
                let refusal = Refusal::at(RequestError::Unsupported, "_type");
                if !handling.passes(refusal.error) {
                    return Err(refusal);
                }
                controls.ignored.push(refusal);
                Ok(vec![kind.to_owned()])
            }
            (None, Some(types)) => {
                controls.types = Some(types.clone());
                Ok(types)
            }
            (None, None) => Ok(self.store.shelves.keys().map(|kind| kind.to_string()).collect()),
        }
    }
}

/// The parameters of a request, of its query and of its form.
pub(crate) fn asked(request: &Request) -> Result<Vec<(String, String)>, Refusal> {
    let mut pairs = form::pairs(&request.query)?;
    if request.method == Method::Post && !request.body.is_empty() {
        let media_type = request.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
        if !media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(RequestError::MediaType.into());
        }
        let body = std::str::from_utf8(&request.body).map_err(|_| RequestError::Encoding)?;
        pairs.extend(form::pairs(body)?);
        if pairs.len() > limits::PARAMETERS {
            return Err(RequestError::Parameters.into());
        }
    }
    Ok(pairs)
}

/// What is asked of each type.
fn criteria(
    controls: &mut Controls,
    field: Field<'_>,
    kinds: &[String],
    handling: Handling,
    setting: &Setting,
) -> Result<Vec<(String, Vec<Criterion>)>, Refusal> {
    let mut by_kind: Vec<(String, Option<Vec<Criterion>>)> =
        kinds.iter().map(|kind| (kind.clone(), Some(Vec::new()))).collect();
    let everywhere = field.kind.is_none() && controls.types.is_none();
    let mut kept = Vec::new();
    for (name, value) in std::mem::take(&mut controls.criteria) {
        let one = if everywhere {
            // Whether a parameter is known must not depend on what the view holds.
            let mut tried =
                resource_types().filter(|_| name.starts_with('_')).map(|kind| sound(kind, &name, &value, setting));
            let known = |one: &Result<(), Refusal>| !matches!(one, Err(refusal) if absent(refusal.error));
            let unknown = || Err(Refusal::at(CriterionError::UnknownParameter.into(), &name));
            tried.find(known).unwrap_or_else(unknown)
        } else {
            kinds.iter().try_for_each(|kind| sound(kind, &name, &value, setting))
        };
        if let Err(refusal) = one {
            // A filter that is passed over would widen the answer without a word that the caller must read.
            let filter = name.ends_with("_filter") && handling != Handling::Lenient;
            if filter || !handling.passes(refusal.error) {
                return Err(refusal);
            }
            controls.ignored.push(refusal);
            continue;
        }
        for (kind, all) in &mut by_kind {
            // A type that does not have the parameter has no match.
            let criterion = sound(kind, &name, &value, setting)
                .and_then(|()| Ok(Criterion::parse(kind, &name, &value, setting).map_err(RequestError::from)?));
            match (criterion, &mut *all) {
                (Ok(criterion), Some(all)) => all.push(criterion),
                (Err(_), all) => *all = None,
                (Ok(_), None) => {}
            }
        }
        kept.push((name, value));
    }
    controls.criteria = kept;
    Ok(by_kind.into_iter().filter_map(|(kind, all)| Some((kind, all?))).collect())
}

/// Whether it can be asked of a type, filters inside of it included.
fn sound(kind: &str, name: &str, value: &str, setting: &Setting) -> Result<(), Refusal> {
    fn filters(kind: &str, criterion: &Criterion, setting: &Setting) -> Result<(), Refusal> {
        match criterion {
            Criterion::Filter(text) => filter::compile(kind, text, setting).map(|_| ()),
            Criterion::Chain { any, .. } => any.iter().try_for_each(|(target, asked)| filters(target, asked, setting)),
            Criterion::Has { resource_type, asked, .. } => filters(resource_type, asked, setting),
            _ => Ok(()),
        }
    }
    let criterion = Criterion::parse(kind, name, value, setting).map_err(|error| Refusal::at(error.into(), name))?;
    filters(kind, &criterion, setting)
}

/// The type does not have what is asked for.
fn absent(error: RequestError) -> bool {
    matches!(error, RequestError::Criterion(CriterionError::UnknownParameter | CriterionError::WrongTarget))
}

fn sortable(controls: &mut Controls, field: Field<'_>, kinds: &[String], handling: Handling) -> Result<(), Refusal> {
    let everywhere = field.kind.is_none() && controls.types.is_none();
    let sound = |key: &SortKey| {
        let of_kind = |kind: &String| {
            let known = parameter(kind, &key.code);
            known.is_some_and(|known| !matches!(known.kind(), Kind::Composite | Kind::Special))
        };
        if everywhere { key.code.starts_with('_') && of_kind(&"Patient".to_owned()) } else { kinds.iter().all(of_kind) }
    };
    let (known, unknown): (Vec<SortKey>, Vec<SortKey>) =
        std::mem::take(&mut controls.sort).into_iter().partition(|key| sound(key));
    controls.sort = known;
    if !unknown.is_empty() {
        let refusal = Refusal::at(RequestError::Sort, "_sort");
        if !handling.passes(refusal.error) {
            return Err(refusal);
        }
        controls.ignored.push(refusal);
    }
    Ok(())
}

fn includable(controls: &mut Controls, handling: Handling) -> Result<(), Refusal> {
    let sound = |include: &Include| match (&include.source, &include.code) {
        (Some(source), Some(code)) => parameter(source, code).is_some_and(|known| known.kind() == Kind::Reference),
        _ => true,
    };
    let (known, unknown): (Vec<Include>, Vec<Include>) =
        std::mem::take(&mut controls.includes).into_iter().partition(sound);
    for include in known {
        if !controls.includes.contains(&include) {
            controls.includes.push(include);
        }
    }
    if let Some(unknown) = unknown.first() {
        let name = if unknown.reverse { "_revinclude" } else { "_include" };
        let refusal = Refusal::at(RequestError::Criterion(CriterionError::UnknownParameter), name);
        if !handling.passes(refusal.error) {
            return Err(refusal);
        }
        controls.ignored.push(refusal);
    }
    Ok(())
}
