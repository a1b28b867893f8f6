use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::Context;
use crate::arbitrary::{actions, context, permit, query};

fn read(text: &str) -> Scopes {
    Scopes::parse(text).unwrap()
}

#[test]
fn both_languages_may_stand_in_one_list() {
    let text =
        "openid fhirUser launch/patient patient/Observation.rs?category=laboratory patient/Condition.read user/*.cruds";
    let scopes = read(text);
    assert_eq!(scopes.to_string(), text);
    assert_eq!(scopes.clinical().count(), 3);
    assert!(scopes.has(&Scope::OpenId) && !scopes.has(&Scope::Launch));
    assert_eq!(read("launch profile offline_access online_access").iter().count(), 4);
    assert!(read("").is_empty());
}

#[test]
fn what_is_not_known_is_refused() {
    use ScopesError as E;
    for (text, why) in [
        ("patient/Observation.rs ", E::Form),
        (" openid", E::Form),
        ("openid  profile", E::Form),
        ("openid\tprofile", E::Form),
        ("patient/Observation.rs?code=\"x\"", E::Form),
        ("email", E::Unknown),
        ("launch/encounter", E::Unknown),
        ("OpenID", E::Unknown),
        ("patient/Observations.rs", E::ResourceType),
        ("patient/Citation.rs", E::ResourceType),
        ("patient/DomainResource.rs", E::ResourceType),
        ("patient/Observation.sr", E::Syntax(ScopeSyntaxError::Actions)),
        ("patient/Observation.rss", E::Syntax(ScopeSyntaxError::Actions)),
        ("patient/Observation.", E::Syntax(ScopeSyntaxError::Actions)),
        ("patient/.rs", E::Syntax(ScopeSyntaxError::ResourceType)),
        ("patient/Observation.rs?", E::Constraint(ConstraintError::Form)),
        ("patient/Observation.rs?_count=1", E::Constraint(ConstraintError::Shape)),
        ("patient/Observation.rs?patient.birthdate=1990", E::Constraint(ConstraintError::NotAlone)),
        ("patient/Observation.read?code=1", E::ConstraintOfV1),
    ] {
        assert_eq!(Scopes::parse(text), Err(why), "{text}");
    }
}

#[test]
fn a_list_as_long_as_a_book_is_refused() {
    assert_eq!(Scopes::parse(&"x".repeat(1 << 20)), Err(ScopesError::TooLong));
    assert_eq!(Scopes::parse(&vec!["launch"; 10_000].join(" ")), Err(ScopesError::TooLong));
    assert_eq!(Scopes::parse(&vec!["x"; 10_000].join(" ")), Err(ScopesError::TooMany));
}

/// "Scope Equivalence": `Observation.rs` is interchangeable with `Observation.r Observation.s`.
#[test]
fn a_union_says_what_either_says_in_its_shortest_form() {
    let union = |a: &str, b: &str| read(a).union(read(b)).to_string();
    assert_eq!(union("patient/Observation.r", "patient/Observation.s"), "patient/Observation.rs");
    assert_eq!(union("patient/Goal.read openid", "patient/Goal.write openid"), "patient/Goal.* openid");
    assert_eq!(union("patient/Goal.read", "patient/Goal.c"), "patient/Goal.crs");
    let unlike = "patient/Goal.r user/Goal.s patient/Goal.s?_id=1 patient/*.s";
    assert_eq!(union(unlike, ""), unlike);
}

#[test]
fn a_scope_is_a_permit_and_some_permits_are_scopes() {
    let permits = read("launch/patient patient/Observation.rs?code=a system/*.read").permits();
    assert_eq!(permits.len(), 2);
    assert_eq!(permits[0].select.query.as_deref(), Some("code=a"));
    assert_eq!((permits[1].context, permits[1].select == Selector::default()), (Context::System, true));
    assert_eq!(Scopes::sayable(&permits).to_string(), "patient/Observation.rs?code=a system/*.rs");
    let mut narrower = permits[0].clone();
    narrower.select.topics.push("labs".into());
    assert_eq!(narrower.scopes(), None, "a scope would say more");
    assert!(Scopes::sayable(&[narrower]).is_empty());
}

fn scope() -> impl Strategy<Value = Scope> {
    let named = prop_oneof![Just("Observation"), Just("Patient"), Just("Goal")].prop_map(Box::from);
    let clinical = (context(), proptest::option::of(named), actions(), proptest::option::of(query())).prop_map(
        |(context, resource_type, actions, query)| {
            let query = query.map(Box::from);
            Scope::Clinical(ClinicalScope { context, resource_type, actions, query, language: ScopeLanguage::V2 })
        },
    );
    let plain = proptest::sample::select(Scope::PLAIN.to_vec()).prop_map(|(_, scope)| scope);
    prop_oneof![3 => clinical, 1 => plain]
}

proptest! {
    #[test]
    fn any_text_is_a_list_of_scopes_or_an_error(text in "\\PC*") {
        let _ = Scopes::parse(&text);
    }

    #[test]
    fn what_looks_like_a_scope_reads_back(text in "(patient|user|system|x)/(\\*|Goal|Patient|Gaol)\\.(read|write|\\*|c?r?u?d?s?|sr)(\\?[a-z_=&%0-9]{1,12})?") {
        if let Ok(scope) = Scope::parse(&text) {
            prop_assert_eq!(scope.to_string(), text);
        }
    }

    #[test]
    fn every_list_reads_back(scopes in vec(scope(), 0..6)) {
        let list: Scopes = scopes.into_iter().collect();
        prop_assert_eq!(Scopes::parse(&list.to_string()).unwrap(), list);
    }

    #[test]
    fn a_union_neither_adds_nor_loses(a in vec(scope(), 0..6), b in vec(scope(), 0..6)) {
        let (a, b): (Scopes, Scopes) = (a.into_iter().collect(), b.into_iter().collect());
        let union = a.clone().union(b.clone());
        prop_assert_eq!(union.clone().union(a.clone()), union.clone());
        for part in a.iter().chain(b.iter()) {
            let kept = match part {
                Scope::Clinical(one) => union.clinical().any(|it| {
                    (it.context, &it.resource_type, &it.query) == (one.context, &one.resource_type, &one.query)
                        && it.actions.covers(one.actions)
                }),
                plain => union.has(plain),
            };
            prop_assert!(kept);
        }
    }

    #[test]
    fn permits_that_are_scopes_read_back_as_permits(permit in permit()) {
        if let Some(scopes) = permit.scopes() {
            let types: Vec<_> = scopes.iter().map(Permit::from).flat_map(|one| one.select.types).collect();
            prop_assert_eq!(types, permit.select.types.clone());
            prop_assert!(scopes.iter().all(|scope| scope.actions == permit.actions));
        }
    }
}
