//! Consent: what a grant says, and the view it gives of a record.
//!
//! A [`View`] is the grant applied to the record: some resources left out, some changed, and nothing else. It is a pure
//! function of record, grant, instant and the grant's key; whoever answers a third party answers from the view alone and
//! has no path to the record. Exclusions win, silence denies, doubt denies.
//!
//! No I/O, no clock, no storage.

#[cfg(test)]
mod arbitrary;
mod attachment;
mod deid;
mod details;
mod fhir_consent;
mod grant;
mod labels;
mod place;
mod record;
mod report;
mod rights;
mod scan;
mod scopes;
mod summary;
mod topics;
mod view;
mod when;

pub use deid::{
    Concern, Deidentified, Deidentifier, DeidentifyError, OWN_SYSTEM, PSEUDONYMED, Person, Taken, Tally, Warning,
};
pub use details::{
    Detail, Details, DetailsError, FHIR_VERSION, FhirContext, MAX_DETAILS, MAX_DETAILS_BYTES, RECORD_ACCESS,
    RecordAccess, SMART_ON_FHIR, SmartOnFhir,
};
pub use fhir_consent::{Ask, Binding, ConsentError, Directive, Reader};
pub use grant::{
    Choice, CodeFilter, DateRange, Dates, Decision, GRANT_VERSION, Grant, GrantError, MAX_GRANT_BYTES, MAX_PARTS,
    MAX_VALUES, Mode, Party, Permit, Proof, Selector, SelectorError, Term, What,
};
pub use labels::{Label, LabelledBy, Restriction, computed, labels_of, restrictions};
pub use record::{Item, Record, Version};
pub use report::{Change, Counts, LeftOut, NotUnderstood, Reason, Report, Review, Sides, WhyOut};
pub use rights::{Interaction, Need, Rights};
pub use scan::{Found, NotRead, Scanned, TextScan, Unread, drug_names, drug_words};
pub use scopes::{ConstraintError, MAX_SCOPE_BYTES, MAX_SCOPES, Scope, Scopes, ScopesError};
pub use summary::{Named, Phrase, Summary};
pub use topics::{Around, Chosen, Confidence, Hit, Licensed, Names, Reach, Rule, Rules, RulesError, Topic};
pub use types::{Actions, Context};
pub use view::{Delta, Survey, Surveyed, View, ViewKey, needs_its_name};
pub use when::{Span, Within, span_of, within};
