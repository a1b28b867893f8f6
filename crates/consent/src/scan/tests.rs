use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;
use crate::Rules;

fn names(text: &str) -> Vec<String> {
    drug_names(text).into_iter().collect()
}

fn places(words: &[&str], resource: &Value) -> Vec<String> {
    TextScan::new(words).scan(resource).found.into_iter().map(|found| found.place).collect()
}

#[test]
fn a_drug_is_known_by_its_ingredient_and_its_brand() {
    assert_eq!(names("sertraline 50 MG Oral Tablet [Zoloft]"), ["sertraline", "zoloft"]);
    assert_eq!(names("Lithium Carbonate 300 MG Oral Capsule [Lithobid]"), ["lithium", "lithobid"]);
    assert_eq!(names("warfarin sodium 5 MG Oral Tablet [Coumadin]"), ["coumadin", "warfarin"]);
    assert_eq!(names("12 HR Hydrocodone Bitartrate 10 MG Extended Release Oral Capsule"), ["hydrocodone"]);
    assert_eq!(
        names("buprenorphine 8 MG / naloxone 2 MG Sublingual Film [Suboxone]"),
        ["buprenorphine", "naloxone", "suboxone"]
    );
    assert_eq!(names("NDA020503 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"), ["albuterol"]);
    assert_eq!(
        names("{28 (norethindrone 0.35 MG Oral Tablet) } Pack [Jolivette 28 Day]"),
        ["jolivette", "jolivette 28 day", "norethindrone"]
    );
    assert_eq!(names("Sertralina 50 mg comprimidos"), ["sertralina"]);
    assert_eq!(names("metformin"), ["metformin"]);
}

#[test]
fn what_the_body_holds_anyway_is_no_name_by_itself() {
    assert_eq!(names("calcium carbonate 500 MG Chewable Tablet"), ["calcium carbonate"]);
    assert_eq!(names("Potassium Chloride 20 MEQ Extended Release Oral Tablet"), ["potassium chloride"]);
    assert_eq!(names("Oxygen 99 % Gas"), Vec::<String>::new());
    assert_eq!(names("folic acid 1 MG Oral Tablet"), ["folic acid"]);
    assert_eq!(names("insulin lispro 100 UNT/ML [Humalog]"), ["humalog", "insulin", "insulin lispro", "lispro"]);
    assert_eq!(names("the little white one that the doctor gave me after the fall"), Vec::<String>::new());
}

#[test]
fn the_words_of_a_record_come_from_its_drugs_only() {
    let rules = &Rules::builtin().unwrap();
    let request = json!({"resourceType": "MedicationRequest",
        "contained": [{"resourceType": "Medication", "code": {"coding": [{"display": "sertraline 50 MG Oral Tablet [Zoloft]"}]}}],
        "medicationReference": {"reference": "#m"},
        "reasonCode": [{"text": "Depression"}],
        "requester": {"display": "Dr Calder"}});
    assert_eq!(drug_words(rules, &request).into_iter().collect::<Vec<_>>(), ["sertraline", "zoloft"]);
    let plan = json!({"resourceType": "CarePlan", "title": "Mood", "activity": [{"detail": {"productCodeableConcept": {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1", "display": "lithium carbonate 300 MG"}]}}},
        {"reference": {"reference": "MedicationRequest/1", "display": "Warfarin"}}]});
    assert_eq!(drug_words(rules, &plan).into_iter().collect::<Vec<_>>(), ["lithium", "lithium carbonate", "warfarin"]);
}

#[test]
fn a_drug_in_free_words_is_known_by_the_rules() {
    let rules = &Rules::builtin().unwrap();
    let statement = json!({"resourceType": "MedicationStatement",
        "medicationCodeableConcept": {"text": "the little white lithium pill that the doctor gave me"}});
    let words = drug_words(rules, &statement);
    assert!(words.contains("lithium"), "{words:?}");
    assert!(["little", "white", "pill", "doctor"].iter().all(|word| !words.contains(*word)), "{words:?}");
}

#[test]
fn a_word_is_found_in_every_kind_of_string() {
    let note = json!({"resourceType": "Observation", "id": "warfarin-13", "note": [{"text": "on WARFARIN."}],
        "text": {"div": "<div>takes <b>warfarin</b></div>"}, "subject": {"display": "x"}, "valueString": "Warfarín"});
    assert_eq!(places(&["warfarin"], &note), ["/id", "/note/0/text", "/text/div", "/valueString"]);
    assert!(places(&["warfarin"], &json!({"a": "warfarinized swarfarin"})).is_empty());
}

#[test]
fn words_in_base64_are_found_and_escapes_resolved() {
    let query = STANDARD.encode("code=insulin%20lispro&x=Coumadin+5");
    let event = json!({"resourceType": "AuditEvent", "entity": [{"query": query}]});
    assert_eq!(places(&["insulin lispro", "coumadin"], &event), ["/entity/0/query"]);
}

#[test]
fn text_attachments_are_read_and_others_are_named() {
    let content = |kind: &str, data: &str| json!({"attachment": {"contentType": kind, "data": STANDARD.encode(data)}});
    let document = json!({"resourceType": "DocumentReference", "content": [
        content("text/plain", "on warfarin"),
        content("application/xml", "<a><b displayName=\"Warfarin\"/></a>"),
        content("text/html; charset=utf-8", "<p>nothing</p>"),
        content("application/pdf", "%PDF-1.4"),
        {"attachment": {"contentType": "application/pdf", "url": "Binary/48"}},
        {"attachment": {"contentType": "text/plain", "data": "*"}},
    ]});
    let scanned = TextScan::new(["warfarin"]).scan(&document);
    let places: Vec<&str> = scanned.found.iter().map(|found| found.place.as_str()).collect();
    assert_eq!(places, ["/content/0/attachment/data", "/content/1/attachment/data"]);
    let unread: Vec<_> = scanned.not_read.iter().map(|one| (one.place.as_str(), one.why)).collect();
    assert_eq!(
        unread,
        [
            ("/content/3/attachment", Unread::Format),
            ("/content/4/attachment", Unread::Elsewhere),
            ("/content/5/attachment", Unread::Broken),
        ]
    );
}

#[test]
fn a_document_in_utf16_is_read() {
    let bytes: Vec<u8> = "\u{feff}takes warfarin".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let binary = json!({"resourceType": "Binary", "contentType": "text/plain", "data": STANDARD.encode(bytes)});
    assert_eq!(places(&["warfarin"], &binary), ["/data"]);
}

#[test]
fn a_scan_for_nothing_finds_nothing() {
    let scan = TextScan::new(["", "abc", "*", "=x"]);
    assert_eq!(scan.scan(&json!({"a": "abc * =x"})), Scanned::default());
}
