//! The parameters of a request that say how to answer, parted from those that say what is asked.

use fhir::criteria::CriterionError;

use crate::elements::{self, Part};
use crate::error::{Refusal, RequestError};
use crate::limits;
use crate::message::Request;

/// What becomes of parameters that are not known or not supported (FHIR R4, "Prefer: handling").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handling {
    /// They are refused.
    Strict,
    /// They are passed over and reported.
    Lenient,
    /// Nothing was said: unknown parameters are passed over, unknown modifiers refused (FHIR R4 search, "Modifiers":
    /// "Servers SHALL reject any search request that contains a search parameter modifier that the server does not
    /// support").
    Usual,
}

impl Handling {
    pub(crate) fn of(request: &Request) -> Self {
        let prefer = request.header("prefer").unwrap_or_default();
        let said = |word: &str| prefer.split([',', ';']).any(|part| part.trim().eq_ignore_ascii_case(word));
        if said("handling=strict") {
            Self::Strict
        } else if said("handling=lenient") {
            Self::Lenient
        } else {
            Self::Usual
        }
    }

    pub(crate) fn passes(self, error: RequestError) -> bool {
        match error {
            RequestError::Criterion(CriterionError::UnknownParameter)
            | RequestError::Sort
            | RequestError::Unsupported => self != Self::Strict,
            RequestError::Criterion(error) => self == Self::Lenient && error.is_unsupported(),
            RequestError::Modifier => self == Self::Lenient,
            _ => false,
        }
    }
}

/// How much of each resource, and how it is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// `None`: the whole.
    pub(crate) part: Option<Part>,
    /// `_summary=count`.
    pub(crate) counted: bool,
    pub(crate) pretty: bool,
}

const SHAPE: &[&str] = &["_format", "_pretty", "_summary", "_elements"];

impl Shape {
    /// Reads what is about the shape; gives back the parameters that were, and the rest.
    #[expect(clippy::type_complexity, reason = "two lists of the same kind, used at once")]
    pub(crate) fn read(
        request: &Request,
        pairs: Vec<(String, String)>,
    ) -> Result<(Self, Vec<(String, String)>, Vec<(String, String)>), Refusal> {
        let mut shape = Self::default();
        let (own, rest) = pairs.into_iter().partition::<Vec<_>, _>(|(name, _)| SHAPE.contains(&name.as_str()));
        let mut format = None;
        for (name, value) in &own {
            match name.as_str() {
                "_format" => format = Some(value),
                "_pretty" => shape.pretty = value == "true",
                "_summary" => shape.summary(value)?,
                "_elements" => {
                    let named = value.split(',').take(limits::VALUES).map(|word| match word.trim().split_once('.') {
                        Some((kind, element)) if elements::is_type(kind) => (Some(Box::from(kind)), Box::from(element)),
                        _ => (None, Box::from(word.trim())),
                    });
                    let named = named.collect();
                    match &mut shape.part {
                        Some(Part::Named(all)) => all.extend::<Vec<_>>(named),
                        // `_summary` and `_elements` together: the last word has it.
                        other => *other = Some(Part::Named(named)),
                    }
                }
                _ => {}
            }
        }
        // FHIR R4, "General parameters": _format overrides the Accept header.
        let acceptable = match &format {
            Some(format) => is_json(format),
            None => request.header("accept").is_none_or(|accept| accept.split(',').any(is_json)),
        };
        if acceptable { Ok((shape, own, rest)) } else { Err(RequestError::Format.into()) }
    }

    fn summary(&mut self, value: &str) -> Result<(), Refusal> {
        self.counted = value == "count";
        self.part = match value {
            "true" => Some(Part::Summary),
            "text" => Some(Part::Text),
            "data" => Some(Part::Data),
            "false" | "count" => None,
            _ => return Err(Refusal::at(RequestError::Value, "_summary")),
        };
        Ok(())
    }
}

fn is_json(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let version = parts.filter_map(|part| part.strip_prefix("fhirVersion=")).all(|version| version.starts_with("4.0"));
    // A plus sign in a query may come as a blank.
    let known = ["json", "application/json", "application/fhir+json", "application/fhir json", "text/json", "*/*"];
    version && (known.contains(&name.as_str()) || name == "application/*")
}

/// One key of `_sort`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortKey {
    pub(crate) code: String,
    pub(crate) descending: bool,
}

/// `_include` or `_revinclude`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Include {
    /// Against the direction of the reference.
    pub(crate) reverse: bool,
    /// On what other includes brought, too.
    pub(crate) iterate: bool,
    /// Type the reference stands in; `None` for all.
    pub(crate) source: Option<String>,
    /// `None` for all references.
    pub(crate) code: Option<String>,
    /// Type the reference leads to.
    pub(crate) target: Option<String>,
}

/// A search, as far as it can be read without a type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Controls {
    /// Names and values of what is asked.
    pub(crate) criteria: Vec<(String, String)>,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) count: Option<usize>,
    pub(crate) untold_total: bool,
    pub(crate) includes: Vec<Include>,
    /// `_type`.
    pub(crate) types: Option<Vec<String>>,
    pub(crate) ignored: Vec<Refusal>,
    /// What was heeded, for the self link.
    pub(crate) heeded: Vec<(String, String)>,
}

impl Controls {
    pub(crate) fn read(pairs: Vec<(String, String)>, handling: Handling) -> Result<Self, Refusal> {
        let mut controls = Self::default();
        for (name, value) in pairs {
            if value.split(',').count() > limits::VALUES {
                return Err(Refusal::at(RequestError::Values, &name));
            }
            match controls.take(&name, &value) {
                Ok(Taken::Heeded) => controls.heeded.push((name, value)),
                Ok(Taken::Asked) => controls.criteria.push((name, value)),
                Err(refusal) if handling.passes(refusal.error) => controls.ignored.push(refusal),
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(controls)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<Taken, Refusal> {
        let bad = || Refusal::at(RequestError::Value, name);
        match name {
            "_count" => {
                let asked: u64 = value.parse().map_err(|_| bad())?;
                self.count = Some(usize::try_from(asked).unwrap_or(limits::PAGE).min(limits::PAGE));
            }
            "_sort" => {
                for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                    let code = word.strip_prefix('-').unwrap_or(word).to_owned();
                    self.sort.push(SortKey { code, descending: word.starts_with('-') });
                }
                if self.sort.len() > limits::SORT_KEYS {
                    return Err(Refusal::at(RequestError::SortKeys, name));
                }
            }
            "_total" => match value {
                "none" => self.untold_total = true,
                "estimate" | "accurate" => self.untold_total = false,
                _ => return Err(bad()),
            },
            "_type" => {
                let types: Vec<String> = value.split(',').map(str::to_owned).collect();
                if let Some(unknown) = types.iter().find(|kind| !elements::is_type(kind)) {
                    return Err(Refusal::at(RequestError::UnknownType, &format!("_type:{unknown}")));
                }
                self.types = Some(types);
            }
            // Contained resources are not answers of their own here; the word for that may be said.
            "_contained" if value == "false" => {}
            "_contained" | "_containedType" => return Err(Refusal::at(RequestError::Unsupported, name)),
            "_include"
            | "_revinclude"
            | "_include:iterate"
            | "_revinclude:iterate"
            | "_include:recurse"
            | "_revinclude:recurse" => {
                self.includes.push(include(name, value).ok_or_else(bad)?);
                if self.includes.len() > limits::INCLUDES {
                    return Err(Refusal::at(RequestError::Includes, name));
                }
            }
            _ if name.starts_with("_include:") || name.starts_with("_revinclude:") => {
                return Err(Refusal::at(RequestError::Modifier, name));
            }
            "_list" => return Err(Refusal::at(RequestError::Unsupported, name)),
            _ => return Ok(Taken::Asked),
        }
        Ok(Taken::Heeded)
    }
}

enum Taken {
    Heeded,
    Asked,
}

/// `Observation:subject`, `Observation:subject:Patient`, `Observation:*`, `*`
fn include(name: &str, value: &str) -> Option<Include> {
    let mut parts = value.split(':');
    let all_or = |word: &str| (word != "*").then(|| word.to_owned());
    let source = parts.next().and_then(all_or);
    let code = parts.next().and_then(all_or);
    let target = parts.next().map(str::to_owned);
    let known = |kind: &Option<String>| kind.as_deref().is_none_or(elements::is_type);
    let whole = value == "*" || value.contains(':');
    let sound =
        parts.next().is_none() && whole && known(&source) && known(&target) && !(source.is_none() && code.is_some());
    sound.then(|| Include {
        reverse: name.starts_with("_revinclude"),
        iterate: name.contains(':'),
        source,
        code,
        target,
    })
}
