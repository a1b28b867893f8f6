use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::ServerUrl;

use super::DetailsError;
use crate::grant::{MAX_PARTS, WireDeidentified, WireMode, WirePermit, WireSelector, given, purpose};
use crate::{Dates, Grant, Mode, Permit, Selector, What};

/// `type` of our own objects. The number goes up when a member is added: who reads an older one would overlook it.
/// Its JSON Schema is `docs/schemas/satchel-record-access-1.json`.
pub const RECORD_ACCESS: &str = "satchel-record-access/1";

/// What of a record, and how: what scopes cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAccess {
    /// FHIR base addresses it is for; empty: the one that is asked.
    pub locations: Vec<ServerUrl>,
    /// Permits and exclusions. A client may ask to be spared something; what the owner excludes is never shown to it.
    pub what: What,
    /// How much doubt hides. Never shown to a client.
    pub mode: Mode,
    /// Set: de-identified.
    pub deidentified: Option<Dates>,
    /// Codes of HL7 v3 PurposeOfUse.
    pub purposes: Vec<Box<str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    locations: Vec<String>,
    permits: Vec<WirePermit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    except: Vec<WireSelector>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    mode: Option<WireMode>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    deidentified: Option<WireDeidentified>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    purposes: Vec<Box<str>>,
}

impl RecordAccess {
    /// All that a grant says of the record. For the owner's side: it names what is excluded.
    pub fn whole(grant: &Grant) -> Self {
        Self {
            locations: Vec::new(),
            what: grant.what.clone(),
            mode: grant.mode,
            deidentified: grant.deidentified,
            purposes: grant.purposes.clone(),
        }
    }

    /// What a token and its answer may say of a grant.
    ///
    /// Exclusions, the mode and the owner's decisions are not in it, nor how they came about: it reads the same whatever
    /// was excluded. A permit of a de-identified grant that names single resources or sources is left out whole:
    /// their names are those of the record, and without them the permit would say more than was given.
    pub fn shown(grant: &Grant) -> Self {
        let names_the_record = |select: &Selector| !(select.resources.is_empty() && select.sources.is_empty());
        let shown = |permit: &&Permit| grant.deidentified.is_none() || !names_the_record(&permit.select);
        let permits = grant.what.permits.iter().filter(shown).cloned().collect();
        Self {
            locations: Vec::new(),
            what: What { permits, exclusions: Vec::new() },
            mode: Mode::default(),
            deidentified: grant.deidentified,
            purposes: grant.purposes.clone(),
        }
    }

    pub(super) fn parse(object: &str) -> Result<Self, DetailsError> {
        let wire: Wire = serde_json::from_str(object).map_err(DetailsError::Member)?;
        let counts = [wire.locations.len(), wire.permits.len(), wire.except.len(), wire.purposes.len()];
        if counts.into_iter().any(|count| count > MAX_PARTS) {
            return Err(DetailsError::TooLarge);
        }
        if wire.permits.is_empty() {
            return Err(DetailsError::Meaning);
        }
        let location = |text: &String| ServerUrl::parse(text).map_err(|_| DetailsError::Location);
        let exclusions: Result<Vec<_>, _> = wire.except.into_iter().map(Selector::try_from).collect();
        Ok(Self {
            locations: wire.locations.iter().map(location).collect::<Result<_, _>>()?,
            what: What {
                permits: wire.permits.into_iter().map(Permit::try_from).collect::<Result<_, _>>()?,
                exclusions: exclusions?,
            },
            mode: wire.mode.map_or_else(Mode::default, Mode::from),
            deidentified: wire.deidentified.map(Dates::from),
            purposes: wire.purposes.into_iter().map(purpose).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn to_value(&self) -> Value {
        let wire = Wire {
            kind: RECORD_ACCESS.to_owned(),
            locations: self.locations.iter().map(|base| base.as_str().to_owned()).collect(),
            permits: self.what.permits.iter().map(WirePermit::from).collect(),
            except: self.what.exclusions.iter().map(WireSelector::from).collect(),
            mode: (self.mode != Mode::default()).then(|| self.mode.into()),
            deidentified: self.deidentified.map(WireDeidentified::from),
            purposes: self.purposes.clone(),
        };
        // Texts and lists of them: there is nothing that cannot be written.
        serde_json::to_value(wire).unwrap_or_default()
    }
}
