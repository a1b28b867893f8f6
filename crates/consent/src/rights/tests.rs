use proptest::prelude::*;

use super::Interaction::{Create, Read, Search};
use super::*;
use crate::arbitrary::{grant, permit};

fn rights(scopes: &str) -> Rights {
    Rights::of(&What { permits: Scopes::parse(scopes).unwrap().permits(), exclusions: Vec::new() })
}

fn allows(rights: &Rights, interaction: Interaction, resource_type: impl Into<Option<&'static str>>) -> bool {
    rights.allows(Need { interaction, resource_type: resource_type.into() })
}

#[test]
fn to_read_is_not_to_search() {
    let rights = rights("patient/Observation.r patient/Condition.s");
    assert!(allows(&rights, Read, "Observation") && !allows(&rights, Search, "Observation"));
    assert!(allows(&rights, Search, "Condition") && !allows(&rights, Read, "Condition"));
    assert!(!allows(&rights, Read, "Patient") && !allows(&rights, Create, "Observation"));
}

#[test]
fn scopes_add_up_and_both_languages_mix() {
    let rights = rights("patient/Observation.r patient/Observation.s?code=4548-4 user/Goal.read");
    assert!(allows(&rights, Read, "Observation") && allows(&rights, Search, "Observation"));
    assert!(allows(&rights, Read, "Goal") && allows(&rights, Search, "Goal"));
}

#[test]
fn everything_needs_the_wildcard_or_each_type_named() {
    let some = rights("patient/Observation.rs patient/Patient.rs");
    assert!(!allows(&some, Search, None));
    let both = |types: &[&'static str]| {
        types
            .iter()
            .flat_map(|name| [Read, Search].map(|it| Need { interaction: it, resource_type: Some(name) }))
            .collect::<Vec<_>>()
    };
    assert!(some.allow(both(&["Observation", "Patient"])));
    assert!(!some.allow(both(&["Observation", "Condition"])), "one that is missing refuses the whole");
    assert!(allows(&rights("patient/*.rs"), Search, None));
    assert!(allows(&rights("patient/*.s patient/Goal.r"), Search, None));
}

#[test]
fn a_patient_is_made_by_a_user_only() {
    assert!(!allows(&rights("patient/*.cruds"), Create, "Patient"));
    assert!(!allows(&rights("patient/Patient.c"), Create, "Patient"));
    assert!(allows(&rights("user/Patient.c"), Create, "Patient"));
    assert!(allows(&rights("patient/Observation.c"), Create, "Observation"));
    assert!(!allows(&rights("user/Observation.c patient/Patient.c"), Create, "Patient"));
}

#[test]
fn what_results_point_to_can_be_read_and_not_searched() {
    let labs = rights("patient/Observation.rs");
    assert!(allows(&labs, Read, "Practitioner") && !allows(&labs, Search, "Practitioner"));
    assert!(allows(&labs, Read, "Binary") && !allows(&labs, Read, "RelatedPerson"));
    assert!(!allows(&rights("patient/Observation.s"), Read, "Practitioner"));
    assert!(rights("openid launch/patient").is_empty() && rights("patient/Goal.ud").is_empty());
}

#[test]
fn a_permit_of_single_resources_is_about_their_types() {
    let mut what = What { permits: Scopes::parse("patient/*.rs").unwrap().permits(), exclusions: Vec::new() };
    what.permits[0].select.resources = vec!["DocumentReference/a".into()];
    let one = Rights::of(&what);
    assert!(allows(&one, Read, "DocumentReference") && !allows(&one, Read, "Patient") && !allows(&one, Search, None));
    assert_eq!(Scopes::of(&what).to_string(), "patient/DocumentReference.rs");
    what.permits[0].select.types = vec!["Patient".into()];
    assert!(Rights::of(&what).of_type.is_empty(), "a document is no patient");
}

#[test]
fn permits_add_up_in_what_they_show_and_not_in_what_may_be_done_with_it() {
    let what = |scopes: &str| What { permits: Scopes::parse(scopes).unwrap().permits(), exclusions: Vec::new() };
    for alike in
        ["patient/*.rs", "patient/Goal.r patient/Patient.r", "patient/Goal.s", "patient/Goal.rs patient/Goal.c"]
    {
        let what = what(alike);
        assert!(what.only(Read).is_none_or(|part| part.permits.is_empty()), "{alike}");
        assert!(what.only(Search).is_none_or(|part| part.permits.is_empty()), "{alike}");
    }
    let mixed = what("patient/Goal.rs patient/Observation.r patient/Condition.s patient/Patient.c");
    assert_eq!(mixed.only(Read), Some(what("patient/Goal.rs patient/Observation.r")));
    assert_eq!(mixed.only(Search), Some(what("patient/Goal.rs patient/Condition.s")));
    // Of the first version of scopes `read` is both.
    assert_eq!(what("patient/Goal.read user/Patient.rs").only(Search), None);
}

proptest! {
    #[test]
    fn scopes_of_a_grant_never_say_more_than_its_rights(grant in grant()) {
        let (rights, scopes) = (Rights::of(&grant.what), Scopes::of(&grant.what));
        prop_assert_eq!(Scopes::parse(&scopes.to_string()).unwrap(), scopes.clone());
        let said = Rights::of(&What { permits: scopes.permits(), exclusions: Vec::new() });
        for interaction in [Create, Read, Search] {
            for resource_type in [None, Some("Observation"), Some("Patient"), Some("Goal"), Some("Binary")] {
                let need = Need { interaction, resource_type };
                prop_assert!(rights.allows(need) || !said.allows(need), "{:?}", need);
            }
        }
    }

    #[test]
    fn another_permit_takes_nothing_away(grant in grant(), more in permit()) {
        let before = Rights::of(&grant.what);
        let mut what = grant.what;
        what.permits.push(more);
        let after = Rights::of(&what);
        for interaction in [Create, Read, Search] {
            for resource_type in [None, Some("Observation"), Some("Patient"), Some("Binary")] {
                let need = Need { interaction, resource_type };
                prop_assert!(after.allows(need) || !before.allows(need), "{:?}", need);
            }
        }
    }

    #[test]
    fn what_is_excluded_changes_no_right(grant in grant()) {
        let permits_only = What { permits: grant.what.permits.clone(), exclusions: Vec::new() };
        prop_assert_eq!(Rights::of(&grant.what), Rights::of(&permits_only));
    }
}
