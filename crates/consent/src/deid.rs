//! De-identification by HIPAA Safe Harbor, 45 CFR 164.514(b)(2), as an allow-list: what the table of elements names is
//! copied with the rule of its type, everything else is gone.
//!
//! ```
//! use consent::{Dates, Deidentifier, Person};
//! use jiff::civil::date;
//! use serde_json::json;
//! use types::Secret;
//!
//! let patient = json!({"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1974-05-12",
//!     "name": [{"family": "Calder"}], "address": [{"city": "Tempe", "state": "AZ", "postalCode": "85281"}]});
//! let by = Deidentifier::new(Secret::new([7; 32]), Dates::Year, Person::of([&patient]), date(2026, 11, 20));
//! let seed = [1; 16]; // drawn when the resource came in
//! let left = by.resource(&seed, &patient, &|_| None)?;
//! assert_eq!(left.json["birthDate"], "1974");
//! assert_eq!(left.json["address"][0], json!({"state": "AZ", "postalCode": "852"}));
//! assert_eq!(left.json["id"], by.id_of(&seed, "Patient"));
//! assert!(left.json.get("name").is_none());
//! # Ok::<(), consent::DeidentifyError>(())
//! ```

mod codes;
mod contained;
mod dates;
mod extensions;
mod meta;
mod person;
mod place;
mod questions;
mod table;
mod tally;
mod ucum;
mod values;
mod walk;
mod warnings;

use jiff::civil::Date;
use serde_json::{Map, Value};
use thiserror::Error;
use types::Secret;

use self::dates::Calendar;
pub use self::meta::{OWN_SYSTEM, PSEUDONYMED};
pub use self::person::Person;
use self::table::TABLE;
pub use self::tally::{Taken, Tally};
use self::walk::{Lost, Walk};
pub use self::warnings::{Concern, Warning};
use crate::Dates;

/// Takes out of resources what says who the person is. One for each grant: ids and dates of two grants have nothing in
/// common.
#[derive(Debug)]
pub struct Deidentifier {
    key: Secret<[u8; 32]>,
    person: Person,
    calendar: Calendar,
}

/// A resource as the de-identified view holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Deidentified {
    /// The resource, with its new id and tags.
    pub json: Value,
    /// What was taken out or changed: elements, rules and counts, no values.
    pub taken: Tally,
}

/// Why a resource is not in a de-identified view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DeidentifyError {
    /// Its type is never kept.
    #[error("resources of this type are left out")]
    TypeNotKept,
    /// A `modifierExtension` is there that nobody knows.
    #[error("an unknown extension changes what the resource means")]
    UnknownModifier,
    /// An element that changes the meaning of the rest cannot be kept.
    #[error("{0} changes what the rest means and cannot be kept")]
    Modifier(&'static str),
    /// An element that must be there cannot be kept.
    #[error("{0} must be there and cannot be kept")]
    Required(&'static str),
    /// It is not about the person, or it cannot be seen that it is.
    #[error("{0} does not lead to the person of the record")]
    NotTheirs(&'static str),
    /// Its code says that its value is a name, an address, a number that identifies.
    #[error("the code says that the value identifies the person")]
    Identifying,
    /// A genetic finding.
    #[error("genetic findings are left out")]
    Genetic,
    /// The age of a person over 89.
    #[error("the code says that the value is the age of a person over 89")]
    Age,
    /// Nothing is left but its frame.
    #[error("nothing is left but the frame")]
    EmptyShell,
    /// Something of the person was found in what was to be kept: the rules failed, and nothing may leave.
    #[error("something that identifies the person was found in what was to be kept")]
    Canary(&'static str),
}

impl DeidentifyError {
    /// Whether nothing of the whole view may leave.
    pub fn stops_the_export(&self) -> bool {
        matches!(self, Self::Canary(_))
    }

    /// A word for the report.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TypeNotKept => "type-not-kept",
            Self::UnknownModifier => "unknown-modifier",
            Self::Modifier(_) => "modifier-lost",
            Self::Required(_) => "required-lost",
            Self::NotTheirs(_) => "not-theirs",
            Self::Identifying => "identifying-code",
            Self::Genetic => "genetic",
            Self::Age => "age-over-89",
            Self::EmptyShell => "empty-shell",
            Self::Canary(_) => "canary",
        }
    }
}

impl Deidentifier {
    /// For one grant: its pseudonym key, what becomes of dates, the person the record is of, and the day of the view.
    pub fn new(key: Secret<[u8; 32]>, dates: Dates, person: Person, today: Date) -> Self {
        let draw = crypto::hmac_sha256(key.expose(), b"satchel deid shift");
        let calendar = Calendar::new(dates, &draw, &person, today);
        Self { key, person, calendar }
    }

    /// The id in the view of the resource that the vault drew `seed` for: 32 letters without vowels, so that no id is
    /// a word or a number.
    pub fn id_of(&self, seed: &[u8; 16], resource_type: &str) -> String {
        self.pseudonym(&[b"id", resource_type.as_bytes(), seed])
    }

    /// Whether resources of this type can be in the view at all.
    pub fn keeps(resource_type: &str) -> bool {
        fhir::definitions::is_resource(resource_type) && TABLE.of(resource_type).is_some()
    }

    /// What is left of a resource. `references` gives the new reference (`Type/id`) for one of the record, or `None`
    /// for what is not in the view; `seed` is the one the vault drew for the resource.
    ///
    /// # Errors
    /// Why the resource is left out; see [`DeidentifyError::stops_the_export`].
    pub fn resource(
        &self,
        seed: &[u8; 16],
        json: &Value,
        references: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Deidentified, DeidentifyError> {
        let Some(map) = json.as_object() else { return Err(DeidentifyError::TypeNotKept) };
        let of = map.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        if !Self::keeps(of) {
            return Err(DeidentifyError::TypeNotKept);
        }
        let mut walk = Walk::new(self, seed, references);
        let contained = walk.contained(map)?;
        let mut left = Map::new();
        left.insert("resourceType".to_owned(), Value::String(of.to_owned()));
        left.insert("id".to_owned(), Value::String(self.id_of(seed, of)));
        left.insert("meta".to_owned(), self.meta(map.get("meta"), &mut walk.taken));
        let body = walk.resource(of, map).map_err(Lost::into_error)?;
        let contained = contained::referred(contained, &body, &mut walk.taken);
        if !contained.is_empty() {
            left.insert("contained".to_owned(), Value::Array(contained));
        }
        left.extend(body);
        match walk.canary {
            Some(place) => Err(DeidentifyError::Canary(place)),
            None => Ok(Deidentified { json: Value::Object(left), taken: walk.taken }),
        }
    }

    fn pseudonym(&self, parts: &[&[u8]]) -> String {
        // Each part with its length, so that no two lists of parts give the same bytes.
        let mut message = b"satchel deid pseudonym".to_vec();
        for part in parts {
            message.extend((part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        let letters = *b"bcdfghjklmnpqrst";
        let tag = crypto::hmac_sha256(self.key.expose(), &message);
        let letter = |four: u8| letters.get(usize::from(four)).copied().map_or('b', char::from);
        tag.iter().take(16).flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
    }
}
