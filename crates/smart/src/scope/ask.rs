use super::{Clinical, Level, Scope, ScopeVersion, Scopes};
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
        let listed_clinical: Vec<&Clinical> = listed
            .iter()
            .filter_map(Scope::clinical)
            .filter(|scope| matches!(scope.level, Level::Patient | Level::User))
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
fn listed_types<'a>(listed: &[&Clinical]) -> Vec<Option<&'a str>> {
    let named = |name: &str| readable(listed, |scope| scope.resource_type.as_deref() == Some(name));
    let wildcard = readable(listed, |scope| scope.resource_type.is_none());
    if wildcard && !of_record().filter(|kind| kind.core).all(|kind| named(kind.name)) {
        return vec![None];
    }
    of_record().filter(|kind| named(kind.name)).map(|kind| Some(kind.name)).collect()
}

/// Whether the listed scopes, taken together, allow to read and to search.
fn readable(listed: &[&Clinical], which: impl Fn(&Clinical) -> bool) -> bool {
    let may = |what: fn(&super::Permissions) -> bool| listed.iter().any(|it| which(it) && what(&it.permissions));
    may(super::Permissions::read) && may(super::Permissions::search)
}

fn version(configuration: &Configuration, listed: &[&Clinical]) -> ScopeVersion {
    let lists = |version| listed.iter().any(|scope| scope.version == version);
    // What is listed speaks louder than what is claimed.
    match (lists(ScopeVersion::V1), lists(ScopeVersion::V2)) {
        (true, false) => ScopeVersion::V1,
        (false, true) => ScopeVersion::V2,
        _ if configuration.can("permission-v2") => ScopeVersion::V2,
        _ => ScopeVersion::V1,
    }
}

fn scope(resource_type: Option<&str>, version: ScopeVersion) -> Scope {
    let letters = match version {
        ScopeVersion::V1 => "read",
        ScopeVersion::V2 => "rs",
    };
    Scope::parse(&format!("patient/{}.{letters}", resource_type.unwrap_or("*")))
}
