//! A criterion as text again: what it was understood as, for the self link of an answer. Read again it is the same.

use std::fmt::{self, Display, Formatter, Write};

use super::split::escape;
use super::wanted::{Unit, Wanted, WantedNumber, WantedReference, WantedSystem, WantedToken, WantedUri, With};
use super::{Asked, Condition, Criterion};

impl Criterion {
    /// The name with its chain and modifier, not encoded.
    pub fn key(&self) -> String {
        match self {
            Self::Own(asked) => asked.key(),
            Self::Chain { by, any } => match any.as_slice() {
                [(target, asked)] => format!("{}:{target}.{}", by.code(), asked.key()),
                // All were read from one text.
                many => format!("{}.{}", by.code(), many.first().map(|(_, asked)| asked.key()).unwrap_or_default()),
            },
            Self::Has { resource_type, by, asked } => format!("_has:{resource_type}:{}:{}", by.code(), asked.key()),
            Self::Narrative(_) => "_text".into(),
            Self::Content(_) => "_content".into(),
            Self::Filter(_) => "_filter".into(),
        }
    }

    /// The values, not encoded.
    pub fn value(&self) -> String {
        match self {
            Self::Own(asked) => asked.value(),
            Self::Chain { any, .. } => any.first().map(|(_, asked)| asked.value()).unwrap_or_default(),
            Self::Has { asked, .. } => asked.value(),
            Self::Narrative(text) | Self::Content(text) | Self::Filter(text) => text.to_string(),
        }
    }
}

/// `key=value`, not encoded.
impl Display for Criterion {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key(), self.value())
    }
}

impl Asked {
    fn key(&self) -> String {
        let code = self.parameter.code();
        let modifier = match &self.condition {
            Condition::Missing | Condition::Present => "missing",
            Condition::NoneOf(_) => "not",
            Condition::AnyOf(wanted) => wanted.first().map_or("", modifier),
        };
        if modifier.is_empty() { code.to_owned() } else { format!("{code}:{modifier}") }
    }

    fn value(&self) -> String {
        match &self.condition {
            Condition::Missing => "true".into(),
            Condition::Present => "false".into(),
            Condition::AnyOf(wanted) | Condition::NoneOf(wanted) => {
                let all: Vec<String> = wanted.iter().map(ToString::to_string).collect();
                all.join(",")
            }
        }
    }
}

fn modifier(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Words(_) => "text",
        Wanted::OfType { .. } => "of-type",
        Wanted::Identifier(_) => "identifier",
        Wanted::String(text) => match text.with {
            With::Start => "",
            With::Somewhere => "contains",
            With::Exactly => "exact",
        },
        Wanted::MediaType(_) | Wanted::Uri(WantedUri::Below(_)) => "below",
        Wanted::Uri(WantedUri::Above(_)) => "above",
        _ => "",
    }
}

impl Display for Wanted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(text) | Self::MediaType(text) => f.write_str(&escape(text)),
            // Its bars are separators.
            Self::Near { written, .. } => f.write_str(written),
            Self::Token(token) | Self::Identifier(token) => token.fmt(f),
            Self::Words(text) | Self::String(text) => f.write_str(&escape(&text.text)),
            Self::OfType { system, code, value } => {
                write!(f, "{}|{}|{}", escape(system), escape(code), escape(value))
            }
            Self::Reference(reference) => reference.fmt(f),
            Self::Date { prefix, written, .. } => write!(f, "{}{}", prefix.as_str(), escape(written)),
            Self::Number(number) => number.fmt(f),
            Self::Quantity { number, unit } => {
                number.fmt(f)?;
                match unit {
                    Unit::Any => Ok(()),
                    Unit::Called(unit) => write!(f, "||{}", escape(unit)),
                    Unit::Coded { system, code, .. } => write!(f, "|{}|{}", escape(system), escape(code)),
                }
            }
            Self::Uri(WantedUri::Is(uri) | WantedUri::Below(uri) | WantedUri::Above(uri)) => f.write_str(&escape(uri)),
            Self::Composite(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        f.write_char('$')?;
                    }
                    part.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl Display for WantedToken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.system {
            WantedSystem::Any => {}
            WantedSystem::None => f.write_char('|')?,
            WantedSystem::Is(system) => write!(f, "{}|", escape(system))?,
        }
        f.write_str(&self.code.as_deref().map(escape).unwrap_or_default())
    }
}

impl Display for WantedReference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local { resource_type, id, version } => {
                if let Some(resource_type) = resource_type {
                    write!(f, "{resource_type}/")?;
                }
                f.write_str(id)?;
                version.as_ref().map_or(Ok(()), |version| write!(f, "/_history/{}", escape(version)))
            }
            Self::Url { url, version } => {
                f.write_str(&escape(url))?;
                version.as_ref().map_or(Ok(()), |version| write!(f, "|{}", escape(version)))
            }
        }
    }
}

impl Display for WantedNumber {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix.as_str(), self.written)
    }
}
