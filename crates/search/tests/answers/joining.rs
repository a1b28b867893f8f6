//! Chains, `_has`, includes.

use search::Reach;
use serde_json::json;

use crate::made::{ask, body, engine, found, held, small};

#[test]
fn chains_follow_references_over_several_steps() {
    let engine = engine(&small());
    for (target, expected) in [
        ("Condition?subject:Patient.name=portillo", 1),
        ("Condition?subject.name=portillo", 1),
        ("Condition?patient.organization.name=lake", 1),
        ("Condition?patient.organization.partof.name=county", 1),
        ("Condition?subject:Patient.name=peters", 0),
        ("Observation?encounter.service-provider.partof.name=county", 9),
        ("Observation?subject:Patient.gender=male", 1),
        ("Observation?subject:Patient.active:missing=true", 1),
        ("Observation?subject:Patient._id=p2", 1),
        ("Observation?subject:Group._id=p2", 0),
    ] {
        assert_eq!(body(&ask(&engine, target))["total"], expected, "{target}");
    }
}

#[test]
fn has_asks_of_what_refers_here_and_may_stand_in_itself() {
    let engine = engine(&small());
    for (target, expected) in [
        ("Patient?_has:Observation:patient:code=718-7", vec!["Patient/p1"]),
        ("Patient?_has:Observation:patient:value-quantity=gt97", vec!["Patient/p2"]),
        ("Practitioner?_has:Encounter:participant:_has:Observation:encounter:code=2345-7", vec!["Practitioner/d1"]),
        ("Organization?_has:Patient:organization:_has:Condition:subject:code=73211009", vec!["Organization/o1"]),
        ("Patient?_has:Condition:subject:code=1", vec![]),
        ("Encounter?subject:Patient._has:Condition:subject:code=73211009", vec!["Encounter/e1"]),
    ] {
        assert_eq!(found(&engine, target), expected, "{target}");
    }
}

#[test]
fn includes_bring_what_is_referred_to_and_what_refers() {
    let engine = engine(&small());
    for (target, expected) in [
        ("Condition?_include=Condition:subject", vec!["Condition/c1", "Patient/p1"]),
        ("Condition?_include=Condition:subject:Group", vec!["Condition/c1"]),
        ("Condition?_include=Condition:*", vec!["Condition/c1", "Patient/p1"]),
        ("Condition?_include=*", vec!["Condition/c1", "Patient/p1"]),
        ("Condition?_include=Condition:subject&_include=Patient:organization", vec!["Condition/c1", "Patient/p1"]),
        (
            "Condition?_include=Condition:subject&_include:iterate=Patient:organization&_include:iterate=Organization:partof",
            vec!["Condition/c1", "Organization/o1", "Organization/o2", "Patient/p1"],
        ),
        ("Patient?_id=p2&_revinclude=Observation:subject", vec!["Patient/p2", "Observation/ob8"]),
        ("Patient?_id=p1&_revinclude=Condition:subject:Patient", vec!["Patient/p1", "Condition/c1"]),
        ("Patient?_id=p1&_revinclude=Condition:subject:Group", vec!["Patient/p1"]),
        ("Practitioner?_revinclude=Encounter:participant&_revinclude:iterate=Observation:encounter&_elements=id", {
            let mut all = vec!["Practitioner/d1", "Encounter/e1"];
            all.extend(["Observation/ob0", "Observation/ob1", "Observation/ob2", "Observation/ob3", "Observation/ob4"]);
            all.extend(["Observation/ob5", "Observation/ob6", "Observation/ob7", "Observation/ob8"]);
            all
        }),
    ] {
        assert_eq!(found(&engine, target), expected, "{target}");
    }
    let bundle = body(&ask(&engine, "Condition?_include=Condition:subject"));
    assert_eq!(bundle["total"], 1, "includes do not count");
    assert_eq!(bundle["entry"][1]["search"]["mode"], "include");
    assert_eq!(ask(&engine, "Condition?_include=nonsense").status, 400);
}

#[test]
fn what_is_not_in_the_view_is_neither_chained_nor_included() {
    let mut engine = engine(&small());
    engine.remove("Patient", "p1");
    assert_eq!(body(&ask(&engine, "Condition?subject:Patient.name=portillo"))["total"], 0);
    assert_eq!(found(&engine, "Condition?_include=Condition:subject"), ["Condition/c1"]);
    assert_eq!(found(&engine, "Patient?_has:Condition:subject:code=73211009"), [""; 0]);
    // The reference itself still stands in the view's text.
    assert_eq!(found(&engine, "Condition?subject=Patient/p1"), ["Condition/c1"]);
    engine.put(held(&json!({"resourceType": "Patient", "id": "p1", "name": [{"family": "Portillo"}]}))).unwrap();
    assert_eq!(body(&ask(&engine, "Condition?subject:Patient.name=portillo"))["total"], 1);
}

#[test]
fn a_compartment_holds_what_refers_to_its_patient() {
    let engine = engine(&small());
    assert_eq!(found(&engine, "Patient/p2/Observation"), ["Observation/ob8"]);
    assert_eq!(found(&engine, "Patient/p1/Observation?code=718-7").len(), 4);
    assert_eq!(found(&engine, "Patient/p2/*"), ["Observation/ob8", "Patient/p2"]);
    assert_eq!(ask(&engine, "Patient/p9/Observation").status, 404);
}

/// A view in which Conditions can only be read, and Encounters only be found.
fn uneven() -> search::Engine {
    let mut uneven = search::Engine::new(crate::made::settings(1));
    for resource in small() {
        let reach = match resource["resourceType"].as_str().unwrap() {
            "Condition" => Reach::Read,
            "Encounter" => Reach::Search,
            _ => Reach::All,
        };
        uneven.put_within(held(&resource), reach).unwrap();
    }
    uneven
}

#[test]
fn what_can_only_be_read_no_search_finds_tells_of_or_brings() {
    let (uneven, whole) = (uneven(), engine(&small()));
    assert_eq!(ask(&uneven, "Condition/c1").status, 200);
    assert_eq!(ask(&uneven, "Condition/c1/_history").status, 200);
    assert_eq!(ask(&uneven, "Condition/c1/_history/1").status, 200);
    // Every question that goes over many is answered as if Conditions were not there.
    let without: Vec<_> = small().into_iter().filter(|one| one["resourceType"] != "Condition").collect();
    let without = engine(&without);
    for target in [
        "Condition",
        "Condition?_id=c1",
        "Condition?_summary=count",
        "?_type=Condition,Patient",
        "?_summary=count",
        "_history",
        "Condition/_history",
        "Patient?_revinclude=Condition:subject",
        "Patient?_revinclude=*",
        "Patient?_id=p1&_revinclude:iterate=Condition:subject",
        "Patient?_has:Condition:subject:code=73211009",
        "Patient?_has:Condition:subject:_id=c1",
        "Patient?_filter=name co \"e\"",
        "Organization?_has:Patient:organization:_has:Condition:subject:code=73211009",
        "Encounter?subject:Patient._has:Condition:subject:code=73211009",
        "Patient/p1/Condition",
        "Patient/p1/*",
        "Patient/p1/$everything",
        "Patient/$everything?_type=Condition,Patient",
        "Patient?_sort=-_lastUpdated",
        "Condition?_content=diabetes",
    ] {
        assert_eq!(ask(&uneven, target), ask(&without, target), "{target}");
    }
    let told = body(&ask(&whole, "Patient?_revinclude=Condition:subject"))["entry"].as_array().unwrap().len();
    assert!(told > body(&ask(&uneven, "Patient?_revinclude=Condition:subject"))["entry"].as_array().unwrap().len());
    assert!(!uneven.types().any(|(kind, _)| kind == "Condition"));
    assert!(uneven.export_ids("Condition", search::Lines::default()).is_empty());
    assert!(
        uneven
            .export_ids("Condition", search::Lines { among: Some(&uneven.among(None)), ..search::Lines::default() })
            .is_empty()
    );
}

#[test]
fn what_can_only_be_found_its_id_does_not_open() {
    let uneven = uneven();
    assert_eq!(found(&uneven, "Encounter?_id=e1"), ["Encounter/e1"]);
    let never = ask(&uneven, "Encounter/never");
    for target in ["Encounter/e1", "Encounter/e1/_history", "Encounter/e1/_history/1"] {
        assert_eq!((ask(&uneven, target).status, ask(&uneven, target).body), (404, never.body.clone()), "{target}");
    }
}

#[test]
fn how_a_resource_is_reached_stays_with_it_when_the_index_is_made_anew_and_changes_when_it_is_put_again() {
    let mut uneven = uneven();
    for round in 0..5_000 {
        let note = serde_json::json!({"resourceType": "Basic", "id": "n", "code": {"text": round.to_string()}});
        uneven.put(held(&note)).unwrap();
    }
    assert!(found(&uneven, "Condition").is_empty());
    assert_eq!((ask(&uneven, "Condition/c1").status, ask(&uneven, "Encounter/e1").status), (200, 404));
    let condition = small().into_iter().find(|one| one["id"] == "c1").unwrap();
    uneven.put(held(&condition)).unwrap();
    assert_eq!(found(&uneven, "Condition"), ["Condition/c1"]);
    uneven.put_within(held(&condition), Reach::Read).unwrap();
    assert!(found(&uneven, "Condition").is_empty());
}
