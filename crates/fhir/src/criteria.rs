//! What a FHIR search asks for, read strictly, and whether one resource is it.
//!
//! [`Criterion::parse`] reads one `name[:modifier]=[prefix]value[,value…]` of a resource type, chains and `_has` included.
//! [`Criterion::matches`] answers from one resource alone: the plain truth that an index is compared with, and what a
//! scope with a query needs. What needs other resources or an index of words says so.
//!
//! ```
//! use fhir::criteria::Criterion;
//! use fhir::parameters::Setting;
//!
//! let setting = Setting::utc();
//! let glucose = serde_json::json!({"resourceType": "Observation", "status": "final",
//!     "valueQuantity": {"value": 90, "system": "http://unitsofmeasure.org", "code": "mg/dL"}});
//! let high = Criterion::parse("Observation", "value-quantity", "gt0.8|http://unitsofmeasure.org|g/L", &setting)?;
//! assert!(high.matches(&glucose, &setting)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compare;
mod error;
mod key;
mod prefix;
mod print;
mod query;
mod read;
mod split;
mod wanted;

use serde_json::Value;

use crate::parameters::{Parameter, SearchValue, Setting};

pub use error::{CriterionError, NotAlone};
pub use prefix::Prefix;
pub use query::{parse_query, query_pairs};
pub use wanted::{Unit, Wanted, WantedNumber, WantedReference, WantedSystem, WantedText, WantedToken, WantedUri, With};

/// Values of one parameter that may be listed.
pub const MAX_VALUES: usize = 1_000;
/// Bytes of one parameter's values together.
pub const MAX_VALUE_BYTES: usize = 32 * 1024;
/// Bytes of a parameter's name with its chain and modifier.
pub const MAX_KEY_BYTES: usize = 512;
/// References that a chain may follow, `_has` counted like one.
pub const MAX_CHAIN: usize = 6;
/// Single criteria that a chain may come to when its types are not said.
pub const MAX_BRANCHES: usize = 256;
/// Parameters of one query.
pub const MAX_PARAMETERS: usize = 200;

/// One parameter of a search. All criteria of a search must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Criterion {
    /// About the resource itself.
    Own(Asked),
    /// About a resource that it refers to: one of these must hold for one of those.
    Chain {
        /// The reference that is followed.
        by: &'static Parameter,
        /// Resource types it may lead to, with what is asked of each.
        any: Vec<(&'static str, Criterion)>,
    },
    /// About a resource that refers to it: `_has`.
    Has {
        /// Type of the other resource.
        resource_type: &'static str,
        /// Its reference that leads here.
        by: &'static Parameter,
        /// What is asked of it.
        asked: Box<Criterion>,
    },
    /// Words in the narrative: `_text`.
    Narrative(Box<str>),
    /// Words anywhere: `_content`.
    Content(Box<str>),
    /// An expression of its own: `_filter`.
    Filter(Box<str>),
}

/// What is asked of a resource under one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Under which.
    pub parameter: &'static Parameter,
    /// What.
    pub condition: Condition,
}

/// What is asked of the values.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// There are none: `:missing=true`.
    Missing,
    /// There are some: `:missing=false`.
    Present,
    /// One of them is one of these.
    AnyOf(Vec<Wanted>),
    /// None of them is one of these, or there are none: `:not`.
    NoneOf(Vec<Wanted>),
}

impl Criterion {
    /// Reads `key=value` of a search for `resource_type`; both are decoded already.
    ///
    /// # Errors
    /// [`CriterionError`]; [`CriterionError::is_unsupported`] tells what a lenient server may pass over.
    pub fn parse(resource_type: &str, key: &str, value: &str, setting: &Setting) -> Result<Self, CriterionError> {
        key::parse(resource_type, key, value, setting)
    }

    /// Whether this resource is what is asked for.
    ///
    /// # Errors
    /// [`NotAlone`], when other resources or an index of words must be asked.
    pub fn matches(&self, resource: &Value, setting: &Setting) -> Result<bool, NotAlone> {
        match self {
            Self::Own(asked) => Ok(asked.matches(resource, setting)),
            Self::Chain { .. } | Self::Has { .. } => Err(NotAlone::OtherResources),
            Self::Narrative(_) | Self::Content(_) | Self::Filter(_) => Err(NotAlone::Index),
        }
    }

    /// Whether one resource is enough to answer.
    pub fn stands_alone(&self) -> bool {
        matches!(self, Self::Own(_))
    }
}

impl Asked {
    /// Whether the resource has such a value.
    pub fn matches(&self, resource: &Value, setting: &Setting) -> bool {
        let (mut some, mut hit) = (false, false);
        self.parameter.each(resource, setting, |value| {
            some = true;
            hit |= self.condition.wanted().iter().any(|wanted| wanted.is(&value));
        });
        self.condition.holds(some, hit)
    }
}

impl Condition {
    /// The values that are listed; none for [`Condition::Missing`] and [`Condition::Present`].
    pub fn wanted(&self) -> &[Wanted] {
        match self {
            Self::Missing | Self::Present => &[],
            Self::AnyOf(wanted) | Self::NoneOf(wanted) => wanted,
        }
    }

    /// Whether it holds for these values of a resource.
    pub fn holds_for(&self, values: &[SearchValue<'_>]) -> bool {
        let hit = values.iter().any(|value| self.wanted().iter().any(|wanted| wanted.is(value)));
        self.holds(!values.is_empty(), hit)
    }

    fn holds(&self, some: bool, hit: bool) -> bool {
        match self {
            Self::Missing => !some,
            Self::Present => some,
            Self::AnyOf(_) => hit,
            Self::NoneOf(_) => !hit,
        }
    }
}
