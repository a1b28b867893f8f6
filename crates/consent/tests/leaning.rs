//! What is shown because of something else is shown only while that is shown; and texts are searched for the words of the
//! grant alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

#[path = "view/make.rs"]
mod make;

use consent::{Actions, Context, DateRange, Delta, Grant, Permit, Record, Selector};
use jiff::civil::date;
use make::{Made, excluding, grant, shown};
use serde_json::{Value, json};

fn permit(select: Selector) -> Permit {
    let actions = Actions { read: true, search: true, ..Actions::default() };
    Permit { context: Context::Patient, actions, select }
}

fn types(all: &[&str]) -> Selector {
    Selector { types: all.iter().map(|of| Box::from(*of)).collect(), ..Selector::default() }
}

fn labs(of: &[&str]) -> Grant {
    grant(vec![permit(Selector { topics: vec!["labs".into()], ..types(of) })], vec![])
}

fn of_2026() -> DateRange {
    DateRange { from: Some(date(2026, 1, 1)), to: Some(date(2026, 12, 31)) }
}

fn person() -> Value {
    json!({"reference": "Patient/p"})
}

/// A result that nothing in it calls one of the laboratory.
fn result() -> Value {
    json!({"resourceType": "Observation", "id": "o", "status": "final", "subject": person(), "code": {"text": "Colour"}})
}

fn report(category: &str) -> Value {
    json!({"resourceType": "DiagnosticReport", "id": "r", "status": "final", "subject": person(),
        "code": {"text": "Panel"}, "result": [{"reference": "Observation/o"}],
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": category}]}]})
}

fn with(all: &[Value]) -> Record {
    all.iter().fold(Made::new(), |made, one| made.with(one.clone())).record()
}

#[test]
fn a_result_is_one_of_the_laboratory_by_a_report_that_is_shown() {
    let record = with(&[result(), report("LAB")]);
    let view = make::view(&record, &labs(&["Observation", "DiagnosticReport"]));
    assert_eq!(shown(&view), ["DiagnosticReport/r", "Observation/o"]);
    assert_eq!(
        shown(&make::view(&with(&[result(), report("RAD")]), &labs(&["Observation", "DiagnosticReport"]))),
        [""; 0]
    );
}

#[test]
fn a_report_that_is_hidden_shows_no_result() {
    for category in ["LAB", "RAD"] {
        let record = with(&[result(), report(category)]);
        assert_eq!(shown(&make::view(&record, &labs(&["Observation"]))), [""; 0], "{category}");
        let without = Selector { resources: vec!["DiagnosticReport/r".into()], ..Selector::default() };
        let mut grant = labs(&["Observation", "DiagnosticReport"]);
        grant.what.exclusions.push(without);
        assert_eq!(shown(&make::view(&record, &grant)), [""; 0], "{category}");
    }
}

#[test]
fn a_result_that_says_itself_what_it_is_needs_no_report() {
    let mut result = result();
    result["category"] = json!([{"coding": [{"code": "laboratory",
        "system": "http://terminology.hl7.org/CodeSystem/observation-category"}]}]);
    assert_eq!(shown(&make::view(&with(&[result, report("RAD")]), &labs(&["Observation"]))), ["Observation/o"]);
}

#[test]
fn a_result_is_dated_by_a_specimen_that_is_shown_and_by_no_other() {
    let mut result = result();
    result["specimen"] = json!({"reference": "Specimen/s"});
    let specimen = |day: &str| json!({"resourceType": "Specimen", "id": "s", "subject": person(), "collection": {"collectedDateTime": day}});
    let select = Selector { dates: Some(of_2026()), ..types(&["Observation"]) };
    let dated = grant(vec![permit(select.clone())], vec![]);
    let hidden = grant(vec![permit(select)], vec![types(&["Specimen"])]);
    for (day, is_shown) in [("2026-03-01", true), ("2025-03-01", false)] {
        let record = with(&[result.clone(), specimen(day)]);
        assert_eq!(shown(&make::view(&record, &dated)).contains(&"Observation/o".to_owned()), is_shown, "{day}");
        assert_eq!(shown(&make::view(&record, &hidden)), [""; 0], "{day}");
    }
    // An exclusion passes what is surely of another time, and a hidden specimen makes nothing sure.
    let except = |more: &[Selector]| {
        let of_that_year = Selector { dates: Some(of_2026()), ..types(&["Observation"]) };
        grant(vec![permit(types(&["Observation"]))], [&[of_that_year], more].concat())
    };
    let record = with(&[result.clone(), specimen("2025-03-01")]);
    assert_eq!(shown(&make::view(&record, &except(&[]))), ["Observation/o", "Specimen/s"]);
    assert_eq!(shown(&make::view(&record, &except(&[types(&["Specimen"])]))), [""; 0]);
}

fn drug(name: &str) -> Value {
    json!({"resourceType": "MedicationRequest", "id": name, "status": "active", "intent": "order", "subject": person(),
        "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1",
            "display": format!("{name} 5 MG Oral Tablet")}]}})
}

fn condition() -> Value {
    json!({"resourceType": "Condition", "id": "c", "subject": person(), "code": {"text": "Knee pain"},
        "note": [{"text": "zyxoprin helps"}]})
}

#[test]
fn a_drug_that_is_newly_hidden_changes_no_text_until_the_grant_has_learnt_its_name() {
    let all = permit(Selector::default());
    let before = with(&[condition(), drug("warfarin")]);
    let approved = make::approved(&before, &grant(vec![all], vec![excluding(&["medications"])]));
    let words = |grant: &Grant| grant.words.join(" ");
    assert_eq!(words(&approved), "warfarin");
    let after = with(&[condition(), drug("warfarin"), drug("zyxoprin")]);
    let mut view = make::under(&before, &approved);
    assert_eq!(view.held(), make::under(&after, &approved).held());
    let update = |view: &mut consent::View, changed: &[&str], grant: &Grant| {
        view.update(changed, &after, grant, &make::RULES, make::now(), &make::key())
    };
    assert!(update(&mut view, &["MedicationRequest/zyxoprin"], &approved).is_empty());
    assert_eq!(view.unheard().collect::<Vec<_>>(), ["zyxoprin"]);

    let grown = approved.with_words(view.words()).unwrap();
    assert_eq!(words(&grown), "warfarin zyxoprin");
    let deltas = update(&mut view, &[], &grown);
    assert!(matches!(deltas.as_slice(), [Delta::Put(held)] if &*held.id == "c"), "{deltas:?}");
    assert_eq!(view.held(), make::under(&after, &grown).held());
    assert_eq!(view.unheard().count(), 0);
    assert!(make::json(&view, "Condition/c").get("note").is_none());
    // The name stays known when the drug is gone.
    assert_eq!(make::under(&before, &grown).held(), view.held());
}

#[test]
fn a_grant_that_has_learnt_words_reads_back_and_one_with_too_many_is_refused() {
    let some: Vec<String> = (0..9_000).map(|n| format!("drug{n:05}")).collect();
    let grown = labs(&["Observation"]).with_words(some.iter().map(String::as_str)).unwrap();
    assert_eq!(Grant::parse(grown.to_json().as_bytes()).unwrap(), grown);
    let more: Vec<String> = (0..2_000).map(|n| format!("other{n:05}")).collect();
    assert!(grown.with_words(more.iter().map(String::as_str)).is_err());
    assert!(labs(&["Observation"]).with_words(["two\nlines"]).is_err());
}
