//! Whether a value of a resource is what is wanted.

use serde_json::Value;

use super::prefix::Prefix;
use super::wanted::{
    Unit, Wanted, WantedNumber, WantedReference, WantedSystem, WantedText, WantedToken, WantedUri, With,
};
use crate::date::Span;
use crate::parameters::{Address, Interval, Quantity, Reference, SearchValue, Token, fold};

impl Wanted {
    /// Whether this value of a resource is it.
    pub fn is(&self, value: &SearchValue<'_>) -> bool {
        match (self, value) {
            (Self::Id(id), SearchValue::Token(token)) => token.code == Some(id),
            (Self::Token(wanted), SearchValue::Token(token)) => wanted.is(token),
            (Self::Words(words), SearchValue::Token(token)) => token.text.is_some_and(|text| words.is(text)),
            (Self::Words(words), SearchValue::Reference(to)) => to.text.is_some_and(|text| words.is(text)),
            (Self::OfType { system, code, value }, SearchValue::Token(token)) => {
                token.code.is_some_and(|found| found.eq_ignore_ascii_case(value)) && of_type(token, system, code)
            }
            (Self::String(wanted), SearchValue::String(text)) => wanted.is(text),
            (Self::String(wanted), SearchValue::Words(text)) => wanted.with == With::Start && wanted.is(text),
            (Self::Reference(wanted), SearchValue::Reference(reference)) => wanted.is(reference),
            (Self::Identifier(wanted), SearchValue::Reference(reference)) => {
                reference.identifier.is_some_and(|identifier| wanted.is(&identifier))
            }
            (Self::Date { prefix, span, .. }, SearchValue::Date(found)) => prefix.holds_for_dates(*span, *found),
            (Self::Number(wanted), SearchValue::Number(found)) => wanted.prefix.holds_for(wanted.range, *found),
            (Self::Quantity { number, unit }, SearchValue::Quantity(found)) => unit.holds(number, found),
            (Self::Uri(wanted), SearchValue::Uri(uri)) => wanted.is(uri),
            (Self::MediaType(wanted), SearchValue::Token(token)) => {
                token.code.is_some_and(|code| is_media(code, wanted))
            }
            (
                Self::Near { latitude, longitude, metres, .. },
                SearchValue::Position { latitude: north, longitude: east },
            ) => distance((*latitude, *longitude), (*north, *east)) <= *metres,
            (Self::Composite(parts), SearchValue::Composite(values)) => {
                parts.len() == values.len()
                    && parts.iter().zip(values).all(|(part, values)| values.iter().any(|value| part.is(value)))
            }
            _ => false,
        }
    }
}

impl WantedToken {
    /// Codes are compared without case: FHIR R4, "token", when in doubt.
    pub fn is(&self, token: &Token<'_>) -> bool {
        let system = match &self.system {
            WantedSystem::Any => true,
            WantedSystem::None => token.system.is_none() || token.implied,
            WantedSystem::Is(system) => token.system == Some(system),
        };
        let code = match &self.code {
            Some(code) => token.code.is_some_and(|found| found.eq_ignore_ascii_case(code)),
            None => token.code.is_some() || token.system.is_some(),
        };
        system && code
    }
}

/// Whether a media type is this one: `text/xml` finds `text/xml; charset=UTF-8`, `text` finds both.
fn is_media(code: &str, wanted: &str) -> bool {
    let base = code.split(';').next().unwrap_or_default().trim();
    let (whole, top) = (base.eq_ignore_ascii_case(wanted), base.split('/').next().unwrap_or_default());
    whole || code.eq_ignore_ascii_case(wanted) || (!wanted.contains('/') && top.eq_ignore_ascii_case(wanted))
}

/// Metres along the ground between two points in degrees, on a sphere of the earth's mean radius: right within half a
/// percent.
fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    const MEAN_RADIUS: f64 = 6_371_008.8;
    let (north, east) = ((to.0 - from.0).to_radians(), (to.1 - from.1).to_radians());
    let chord =
        (north / 2.0).sin().powi(2) + from.0.to_radians().cos() * to.0.to_radians().cos() * (east / 2.0).sin().powi(2);
    2.0 * MEAN_RADIUS * chord.sqrt().min(1.0).asin()
}

fn of_type(token: &Token<'_>, system: &str, code: &str) -> bool {
    let codings = token.identifier_type.and_then(|t| t.get("coding")).and_then(Value::as_array);
    codings.into_iter().flatten().any(|coding| {
        let text = |name: &str| coding.get(name).and_then(Value::as_str);
        text("system") == Some(system) && text("code").is_some_and(|found| found.eq_ignore_ascii_case(code))
    })
}

impl WantedText {
    /// Whether a text of the resource, as written, is it.
    pub fn is(&self, text: &str) -> bool {
        match self.with {
            With::Exactly => text == &*self.text,
            With::Start => fold(text).starts_with(&*self.folded),
            With::Somewhere => fold(text).contains(&*self.folded),
        }
    }
}

impl WantedReference {
    /// A reference to a version is found without it (FHIR R4, "reference").
    pub fn is(&self, reference: &Reference<'_>) -> bool {
        let version_is = |wanted: &Option<Box<str>>, found: Option<&str>| match wanted {
            Some(wanted) => found == Some(wanted),
            None => true,
        };
        match (self, reference.to) {
            (
                Self::Local { resource_type, id, version },
                Some(Address::Local { resource_type: found_type, id: found, version: found_version }),
            ) => {
                &**id == found
                    && resource_type.as_deref().is_none_or(|wanted| wanted == found_type)
                    && version_is(version, found_version)
            }
            (Self::Url { url, version }, Some(Address::Url { url: found, version: found_version })) => {
                &**url == found && version_is(version, found_version)
            }
            _ => false,
        }
    }
}

impl WantedUri {
    /// Whether this address is it. The version of a canonical address counts only when one is asked for.
    pub fn is(&self, uri: &str) -> bool {
        let plain = |wanted: &str| if wanted.contains('|') { uri } else { uri.split('|').next().unwrap_or_default() };
        match self {
            Self::Is(wanted) => plain(wanted) == &**wanted,
            Self::Below(wanted) => is_below(plain(wanted), wanted),
            Self::Above(wanted) => is_below(wanted, uri),
        }
    }
}

/// Whether `uri` is `top` or lies below it, whole segments counted.
fn is_below(uri: &str, top: &str) -> bool {
    let top = top.strip_suffix('/').unwrap_or(top);
    uri.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Unit {
    fn holds(&self, number: &WantedNumber, found: &Quantity<'_>) -> bool {
        match self {
            Self::Any => number.prefix.holds_for(number.range, found.interval),
            Self::Called(unit) => {
                let called = found.code == Some(unit) || found.unit == Some(unit);
                called && number.prefix.holds_for(number.range, found.interval)
            }
            Self::Coded { system, code, canonical } => match (canonical, &found.canonical) {
                (Some(wanted), Some(found)) => {
                    wanted.dimension == found.dimension && number.prefix.holds_for(wanted.interval, found.interval)
                }
                _ => {
                    let same = found.system == Some(system) && found.code == Some(code);
                    same && number.prefix.holds_for(number.range, found.interval)
                }
            },
        }
    }
}

impl Prefix {
    /// Whether a number of a resource stands so to the range asked for (FHIR R4, "Prefixes").
    pub fn holds_for(self, wanted: Interval, found: Interval) -> bool {
        match self {
            Self::Equal => wanted.contains(found),
            Self::NotEqual => !wanted.contains(found),
            Self::Greater => found.high > wanted.high,
            Self::Less => found.low < wanted.low,
            Self::GreaterOrEqual => found.high >= wanted.high,
            Self::LessOrEqual => found.low <= wanted.low,
            Self::StartsAfter => found.low > wanted.high,
            Self::EndsBefore => found.high < wanted.low,
            Self::About => wanted.overlaps(found),
        }
    }

    /// The same for dates. "The range above" is the specified value and up: a period that ends on the day asked for is
    /// `ge` that day, and none of it is `gt`.
    pub fn holds_for_dates(self, wanted: Span, found: Span) -> bool {
        match self {
            Self::Equal => wanted.contains(found),
            Self::NotEqual => !wanted.contains(found),
            Self::Greater => found.end > wanted.end,
            Self::Less => found.start < wanted.start,
            Self::GreaterOrEqual => found.end > wanted.start,
            Self::LessOrEqual => found.start < wanted.end,
            Self::StartsAfter => found.start >= wanted.end,
            Self::EndsBefore => found.end <= wanted.start,
            Self::About => wanted.overlaps(found),
        }
    }
}
