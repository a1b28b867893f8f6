//! From an element to the values that search compares.

mod amount;
mod coded;
mod reference;
mod words;

use serde_json::Value;

use super::datatype::DataType;
use super::kind::Kind;
use super::setting::Setting;
use super::table::{Component, Parameter};
use super::value::SearchValue;
use super::walk;
use crate::date::Span;

pub(crate) use reference::address;

pub(crate) fn each<'a>(
    parameter: &Parameter,
    resource: &'a Value,
    setting: &Setting,
    mut take: impl FnMut(SearchValue<'a>),
) {
    let reading = Reading { resource, setting };
    walk::each(parameter.program(), resource, resource, &mut |data_type, element| match parameter.kind() {
        Kind::Composite => {
            if let Some(parts) = reading.parts(parameter.components(), element) {
                take(SearchValue::Composite(parts));
            }
        }
        kind => reading.element(kind, data_type, element, &mut take),
    });
}

/// What all elements of one resource are read with.
struct Reading<'a, 's> {
    resource: &'a Value,
    setting: &'s Setting,
}

impl<'a> Reading<'a, '_> {
    /// The values of each part of a composite in one element; `None` when one has none.
    fn parts(&self, components: &[Component], element: &'a Value) -> Option<Vec<Vec<SearchValue<'a>>>> {
        let part = |component: &Component| {
            let mut found = Vec::new();
            walk::each(component.program(), self.resource, element, &mut |data_type, value| {
                self.element(component.kind(), data_type, value, &mut |value| found.push(value));
            });
            (!found.is_empty()).then_some(found)
        };
        components.iter().map(part).collect()
    }

    fn element(&self, kind: Kind, data_type: DataType, element: &'a Value, take: &mut impl FnMut(SearchValue<'a>)) {
        match kind {
            Kind::Token => coded::tokens(data_type, element, &mut |token| take(SearchValue::Token(token))),
            Kind::String => words::strings(data_type, element, take),
            Kind::Reference => {
                if let Some(found) = reference::reference(data_type, element, self.resource, self.setting) {
                    take(SearchValue::Reference(found));
                }
            }
            Kind::Date => {
                if let Some(span) = span(data_type, element, self.setting) {
                    take(SearchValue::Date(span));
                }
            }
            Kind::Number => {
                if let Some(interval) = amount::number(data_type, element) {
                    take(SearchValue::Number(interval));
                }
            }
            Kind::Quantity => {
                if let Some(quantity) = amount::quantity(data_type, element) {
                    take(SearchValue::Quantity(quantity));
                }
            }
            Kind::Uri => {
                if let Some(uri) = element.as_str().filter(|uri| !uri.is_empty()) {
                    take(SearchValue::Uri(uri));
                }
            }
            Kind::Special => {
                if let Some((latitude, longitude)) = amount::position(element) {
                    take(SearchValue::Position { latitude, longitude });
                }
            }
            // A composite has no composites inside.
            Kind::Composite => {}
        }
    }
}

/// Moments that an element may mean (FHIR R4, "date"): a period without a start or an end has no limit there; of a
/// schedule only the outer limits count.
fn span(data_type: DataType, element: &Value, setting: &Setting) -> Option<Span> {
    match data_type {
        DataType::Date => Span::parse(element.as_str()?, &setting.zone),
        // "A fixed point in time with an interval smaller than the precision of the system".
        DataType::Instant => {
            let start = Span::parse(element.as_str()?, &setting.zone)?.start;
            Some(Span { start, end: start.checked_add(1)? })
        }
        DataType::Period => period(element, setting),
        DataType::Timing => {
            let events = walk::members(element, "event").iter();
            let events = events.filter_map(|event| Span::parse(event.as_str()?, &setting.zone));
            let bounds = element.get("repeat").and_then(|repeat| period(repeat.get("boundsPeriod")?, setting));
            events.chain(bounds).reduce(Span::hull)
        }
        _ => None,
    }
}

fn period(element: &Value, setting: &Setting) -> Option<Span> {
    let read = |name: &str| element.get(name).and_then(Value::as_str).and_then(|text| Span::parse(text, &setting.zone));
    let (start, end) = (read("start"), read("end"));
    if start.is_none() && end.is_none() {
        return None;
    }
    let span = Span { start: start.map_or(Span::EARLIEST, |s| s.start), end: end.map_or(Span::LATEST, |e| e.end) };
    (span.start < span.end).then_some(span)
}
