use proptest::prelude::*;

use super::*;

/// Any JSON, with the names that rules look for at the wrong places.
fn anything() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        "resourceType|contained|extension|coding|system|code|text|div|display|reference|section|item|answer|url",
        "entry|resource|meta|security|category|valueCoding|contentType|data|linkId|identifier|encounter|note|[a-z]{1,4}",
    ];
    let text = prop_oneof![
        "Observation|Patient|Claim|DocumentReference|QuestionnaireResponse|#a|Encounter/1|http://loinc.org",
        "extension-inline-sec-label|application/xml|/44261-6|F33.1|http://hl7.org/fhir/sid/icd-10-cm|\\PC{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from)
    ];
    leaf.prop_recursive(6, 96, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_json_is_judged_without_harm(value in anything()) {
        let itself = |_: &str| Some(std::borrow::Cow::Borrowed(&value));
        let around = Around { resolve: &itself, referred_by: &|_| vec![std::borrow::Cow::Borrowed(&value)] };
        for hit in RULES.judge(&value, &around) {
            prop_assert!(value.pointer(&hit.place).is_some(), "{} at {}", hit.rule, hit.place);
            if let consent::Reach::Element(place) = &hit.reach {
                let bare = place.rsplit_once('/').map(|(parent, name)| format!("{parent}/_{name}"));
                let there = value.pointer(place).or_else(|| value.pointer(&bare?));
                prop_assert!(there.is_some(), "{} takes {}", hit.rule, place);
            }
        }
        consent::labels_of(&value);
        consent::TextScan::new(["observation", "encounter"]).scan(&value);
        consent::drug_words(&RULES, &value);
        consent::span_of(&value, &around, &jiff::tz::TimeZone::UTC);
    }

    #[test]
    fn any_words_and_any_text_are_met_without_harm(words in prop::collection::vec("\\PC{0,8}", 0..6), text in "\\PC{0,80}") {
        consent::TextScan::new(&words).words_in(&text);
        consent::drug_names(&text);
    }

    #[test]
    fn what_is_added_to_a_resource_takes_no_hit_away(value in anything()) {
        let condition = condition("icd F33.1");
        let mut more = condition.clone();
        more["extension"] = serde_json::json!([{"url": "x", "extension": value}]);
        let all = RULES.judge(&more, &Around::nothing());
        for hit in RULES.judge(&condition, &Around::nothing()) {
            prop_assert!(all.contains(&hit), "{hit:?}");
        }
    }
}

#[test]
fn a_system_is_the_same_under_all_its_names() {
    let spellings: &[(&str, &str, &[&str])] = &[
        (
            "mental-health",
            "F33.1",
            &[
                "http://hl7.org/fhir/sid/icd-10-cm",
                "https://hl7.org/fhir/sid/icd-10-cm",
                "http://hl7.org/fhir/sid/icd-10-cm/",
                "urn:oid:2.16.840.1.113883.6.90",
                "http://hl7.org/fhir/sid/icd-10",
                "http://hl7.org/fhir/sid/icd-10-cm|2025",
                " http://hl7.org/fhir/sid/icd-10-cm ",
                "HTTP://HL7.org/fhir/sid/ICD-10-CM",
                "2.16.840.1.113883.6.90",
            ],
        ),
        (
            "mental-health",
            "370143000",
            &[
                "http://snomed.info/sct",
                "https://snomed.info/sct",
                "urn:oid:2.16.840.1.113883.6.96",
                "http://snomed.info/sct/731000124108",
                "http://snomed.info/sct/731000124108/version/20250301",
            ],
        ),
        (
            "mental-health",
            "44261-6",
            &["http://loinc.org", "https://loinc.org/", "urn:oid:2.16.840.1.113883.6.1", "http://www.loinc.org"],
        ),
        (
            "substance-use",
            "H0020",
            &[
                "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
                "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
                "http://www.nlm.nih.gov/research/umls/hcpcs",
                "urn:oid:2.16.840.1.113883.6.14",
                "urn:oid:2.16.840.1.113883.6.285",
            ],
        ),
        ("medications", "11289", &["http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:2.16.840.1.113883.6.88"]),
        (
            "labs",
            "LAB",
            &[
                "http://terminology.hl7.org/CodeSystem/v2-0074",
                "http://hl7.org/fhir/v2/0074",
                "urn:oid:2.16.840.1.113883.12.74",
            ],
        ),
    ];
    for (topic, code, systems) in spellings {
        for system in *systems {
            let kind = if *topic == "labs" { "DiagnosticReport" } else { "Observation" };
            let resource =
                serde_json::json!({"resourceType": kind, "category": [{"coding": [{"system": system, "code": code}]}]});
            assert_eq!(found(topic, &resource), Found::Hidden, "{system} {code}");
        }
    }
    for other in
        ["http://loinc.org.example.org", "urn:oid:2.16.840.1.113883.6.10", "http://example.org/sct", "", "loinc"]
    {
        let resource = serde_json::json!({"resourceType": "Observation", "code": {"coding": [{"system": other, "code": "44261-6"}]}});
        assert_eq!(found("mental-health", &resource), Found::Nothing, "{other}");
    }
}

#[test]
fn a_code_is_the_same_however_it_is_written() {
    for code in ["F33.1", "F331", "f33.1", " F33.1 ", "F33"] {
        assert_eq!(found("mental-health", &condition(&format!("icd {code}"))), Found::Hidden, "{code}");
    }
    for code in ["F", "F3", "", "33.1", "XF33.1"] {
        assert_eq!(found("mental-health", &condition(&format!("icd {code}"))), Found::Nothing, "{code}");
    }
    assert_eq!(found("mental-health", &observation("loinc  44261-6 ")), Found::Hidden);
}

#[test]
fn a_topic_that_nobody_asked_for_is_not_judged() {
    let depression = condition("icd F33.1");
    assert!(RULES.judge_for(RULES.choose(["hiv"]), &depression, &Around::nothing()).is_empty());
    assert!(RULES.judge_for(RULES.choose(["no-such-topic"]), &depression, &Around::nothing()).is_empty());
}

#[test]
fn references_that_lead_in_a_circle_end() {
    let circle = serde_json::json!({"resourceType": "Observation", "id": "1", "hasMember": [{"reference": "Observation/1"}, {"reference": "#1"}],
        "contained": [{"resourceType": "Observation", "id": "1", "hasMember": [{"reference": "#1"}]}]});
    let itself = |_: &str| Some(std::borrow::Cow::Borrowed(&circle));
    let around = Around { resolve: &itself, referred_by: &|_| vec![std::borrow::Cow::Borrowed(&circle)] };
    assert!(RULES.judge(&circle, &around).len() < 50);
}
