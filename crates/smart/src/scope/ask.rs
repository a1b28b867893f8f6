use types::{Actions, ClinicalScope, Context, ScopeLanguage};

use super::{Scope, Scopes};
use crate::Configuration;
use crate::plan::{RecordType, read_types, record_types};

/// What must be asked for whatever a server lists: without it no patient comes back.
const PATIENT_CONTEXT: &str = "launch/patient";

/// Who signed in, and leave to come back.
const ABOUT_THE_PERSON: [&str; 3] = ["openid", "fhirUser", "offline_access"];

impl Scopes {
    /// What a launch asks for: the whole record of one patient, to read; who signed in; and leave to come back.
    ///
    /// Written in the language the server speaks (`permission-v2`, else the first version). Where the server lists
    /// scopes for resources, nothing is asked for that it does not list; where it lists only the wildcard, the
    /// wildcard is asked for.
    pub fn for_launch(configuration: &Configuration) -> Self {
        let listed: Vec<Scope> = configuration.scopes.iter().flatten().map(|text| Scope::parse(text)).collect();
        let listed_clinical: Vec<&ClinicalScope> = listed
            .iter()
            .filter_map(Scope::clinical)
            .filter(|scope| matches!(scope.context, Context::Patient | Context::User))
            .collect();
        let version = version(configuration, &listed_clinical);
        let (about, clinical): (Vec<&str>, Vec<Option<&str>>) = if listed_clinical.is_empty() {
            (ABOUT_THE_PERSON.into(), of_record().filter(|kind| kind.core).map(|it| Some(it.name)).collect())
        } else {
            let stands = |name: &&str| listed.iter().any(|scope| scope.as_str() == *name);
            (ABOUT_THE_PERSON.into_iter().filter(stands).collect(), listed_types(&listed_clinical))
        };
        let of_person = std::iter::once(PATIENT_CONTEXT).chain(about).map(Scope::parse);
        of_person.chain(clinical.into_iter().map(|name| scope(name, version))).collect()
    }
}

fn of_record() -> impl Iterator<Item = &'static RecordType> {
    record_types().chain(read_types())
}

/// The types to ask for among those listed; `None` is the wildcard.
fn listed_types<'a>(listed: &[&ClinicalScope]) -> Vec<Option<&'a str>> {
    let named = |name: &str| readable(listed, |scope| scope.resource_type.as_deref() == Some(name));
    let wildcard = readable(listed, |scope| scope.resource_type.is_none());
    if wildcard && !of_record().filter(|kind| kind.core).all(|kind| named(kind.name)) {
        return vec![None];
    }
    of_record().filter(|kind| named(kind.name)).map(|kind| Some(kind.name)).collect()
}

/// Whether the listed scopes, taken together, allow to read and to search.
fn readable(listed: &[&ClinicalScope], which: impl Fn(&ClinicalScope) -> bool) -> bool {
    let of_them = listed.iter().filter(|scope| which(scope)).map(|scope| scope.actions);
    of_them.fold(Actions::default(), Actions::union).covers(Actions::READ)
}

fn version(configuration: &Configuration, listed: &[&ClinicalScope]) -> ScopeLanguage {
    let lists = |version| listed.iter().any(|scope| scope.language == version);
    // What is listed speaks louder than what is claimed.
    match (lists(ScopeLanguage::V1), lists(ScopeLanguage::V2)) {
        (true, false) => ScopeLanguage::V1,
        (false, true) => ScopeLanguage::V2,
        _ if configuration.can("permission-v2") => ScopeLanguage::V2,
        _ => ScopeLanguage::V1,
    }
}

fn scope(resource_type: Option<&str>, version: ScopeLanguage) -> Scope {
    let letters = match version {
        ScopeLanguage::V1 => "read",
        ScopeLanguage::V2 => "rs",
    };
    Scope::parse(&format!("patient/{}.{letters}", resource_type.unwrap_or("*")))
}
