//! Every shipped rule is met by a resource made for it, at each place it names, and by none made for another code or
//! put at another place: no rule is dead, and none is blind to where it looks.

use std::borrow::Cow;

use base64::Engine as _;
use serde_json::{Map, Value, json};

use super::super::path::{Element, Step, Target};
use super::super::{Around, Reach, Rules};
use super::*;

fn written() -> Vec<Written> {
    let texts = TOPICS.iter().copied().chain([licensed(Licensed::Cpt), licensed(Licensed::SnomedCt)]);
    texts.flat_map(|text| serde_json::from_str::<File>(text).unwrap().rules).collect()
}

/// A Coding that meets the rule.
fn coding(one: &Written) -> Option<Value> {
    let code = match (&one.value_range, one.codes.first(), one.code_prefix.first()) {
        (Some(between), ..) if !one.equals.is_empty() => format!("{}.0X2A", between.from),
        (Some(between), ..) => format!("{}.9", between.to),
        (None, Some(code), _) => code.to_string(),
        (None, None, Some(prefix)) => format!("{prefix}9"),
        _ => "1".to_owned(),
    };
    one.system.as_ref().map(|system| json!({"system": system, "code": code}))
}

fn word(one: &Written) -> Option<String> {
    one.text.first().map(|word| word.trim_matches(['*', '=']).to_owned())
}

/// A value at these steps.
fn at(steps: &[Step], value: Value) -> Value {
    steps.iter().rev().fold(value, |value, step| match step {
        Step::Named(name) => json!({&**name: [value]}),
        Step::Choice(start) => json!({format!("{start}DateTime"): value}),
    })
}

fn of(kind: &str, rest: Value) -> Value {
    let mut all = Map::from_iter([("resourceType".to_owned(), Value::from(kind)), ("id".to_owned(), Value::from("1"))]);
    all.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

fn concept(steps: &[Step], coding: Value) -> Value {
    match steps.split_last() {
        Some((Step::Named(last), before)) if **last == *"coding" => at(before, json!({"coding": [coding]})),
        _ => at(steps, json!({"coding": [coding]})),
    }
}

/// Resources that the rule must meet at this path, with what a reference in them leads to.
fn made(one: &Written, path: &Path, kind: &str, others: &[Written]) -> Vec<(Value, Option<Value>)> {
    let mut all = Vec::new();
    let mut add = |value: Value| all.push((of(kind, value), None));
    let label = |coding: Value| json!({"url": "https://example.org/extension-inline-sec-label", "valueCoding": coding});
    let coded = coding(one);
    match path {
        Path::Coding(_) => coded.iter().for_each(|coding| {
            add(json!({"valueCoding": coding}));
            add(json!({"extension": [{"url": "x", "valueCodeableConcept": {"coding": [{"code": "local"}, coding]}}]}));
        }),
        Path::Text => word(one).iter().for_each(|word| add(json!({"someConcept": {"text": format!("A {word} b")}}))),
        Path::Named(name) if one.equals.is_empty() => {
            word(one).iter().for_each(|word| add(json!({"x": {&**name: word}})))
        }
        Path::Named(name) => add(json!({"x": [{&**name: one.equals[0].replace('*', "x")}]})),
        Path::Reference => add(json!({"x": {"reference": format!("{}1", one.equals[0])}})),
        Path::Identifier(_) => add(json!({"x": {"identifier": {"value": "1"}}})),
        Path::InlineLabel => {
            coded.iter().for_each(|coding| add(json!({"note": [{"extension": [label(coding.clone())]}]})))
        }
        Path::Extension(name) => add(json!({"extension": [{"url": format!("https://example.org/{name}")}]})),
        Path::ResourceType => add(json!({})),
        Path::Element(element) => {
            let kind = element.of.as_deref().unwrap_or(kind);
            let equal = one.equals.first().filter(|_| one.value_range.is_none());
            let value = match (&coded, word(one), equal) {
                (Some(coding), ..) => concept(&element.steps, coding.clone()),
                (None, Some(word), _) if element.only() == Some("note") => at(&element.steps, json!({"text": word})),
                (None, Some(word), _) => at(&element.steps, json!(format!("(A {word})"))),
                (None, None, Some(equal)) => at(&element.steps, json!(equal)),
                (None, None, None) => at(&element.steps, json!({"x": 1})),
            };
            all.push((of(kind, value), None));
        }
        Path::Follow(Element { steps, .. }, to) => {
            let same = others.iter().find(|other| one.same_as.first() == Some(&other.id));
            let coding = coded.or_else(|| same.and_then(coding)).unwrap_or_default();
            let (kind_there, there) = match to {
                Target::ResourceType => (one.equals[0].as_ref(), json!({})),
                Target::Anything => ("Basic", json!({"x": coding})),
                Target::Element(element) => {
                    let last = one.same_as.last();
                    let coding =
                        others.iter().find(|other| last == Some(&other.id)).and_then(self::coding).unwrap_or(coding);
                    ("Basic", concept(&element.steps, coding))
                }
            };
            let reference = json!({"reference": format!("{kind_there}/far")});
            all.push((of(kind, at(steps, reference)), Some(of(kind_there, there))));
        }
        Path::ReferredBy(from, Element { steps, .. }) => {
            let same = others.iter().find(|other| one.same_as.first() == Some(&other.id)).and_then(coding);
            let mut there = of(from, at(steps, json!({"reference": format!("{kind}/1")})));
            there["category"] = json!([{"coding": [same]}]);
            all.push((of(kind, json!({})), Some(there)));
        }
        Path::CdaSection => {
            let xml = format!("<a><b:templateId extension='2' root = \"{}\"/></a>", one.text[0]);
            let data = base64::engine::general_purpose::STANDARD.encode(xml);
            add(json!({"content": [{"attachment": {"contentType": "application/xml", "data": data}}]}));
        }
    }
    all
}

fn meets(rules: &Rules, id: &str, resource: &Value, there: Option<&Value>) -> bool {
    let resolve = |to: &str| there.filter(|_| to.ends_with("/far")).map(Cow::Borrowed);
    let referred_by = |_: &str| there.into_iter().map(Cow::Borrowed).collect();
    let around = Around { resolve: &resolve, referred_by: &referred_by };
    rules.judge(resource, &around).iter().any(|hit| hit.rule == id)
}

/// Every rule, with each of its paths, each of the first types it speaks of, and the resources made for it.
fn each(mut look: impl FnMut(&Rules, &Written, &Path, &Value, Option<&Value>)) {
    let rules = Rules::builtin().unwrap();
    let all = written();
    for one in all.iter().filter(|one| one.present != Some(false)) {
        let rule = rules.rule(&one.id).unwrap();
        let kinds: Vec<&str> =
            rule.types.as_ref().map_or(vec!["Basic"], |types| types.iter().map(|of| &**of).collect());
        for path in &rule.paths {
            for kind in kinds.iter().take(2) {
                for (resource, there) in made(one, path, kind, &all) {
                    look(&rules, one, path, &resource, there.as_ref());
                }
            }
        }
    }
}

#[test]
fn every_rule_is_met_at_every_place_it_names() {
    let mut dead = Vec::new();
    let mut made = 0;
    each(|rules, one, path, resource, there| {
        made += 1;
        if !meets(rules, &one.id, resource, there) {
            dead.push(format!("{} {path:?}: {resource}", one.id));
        }
    });
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(made > 1000, "{made}");
}

#[test]
fn no_rule_is_met_by_another_code() {
    let mut blind = Vec::new();
    each(|rules, one, _, resource, there| {
        if one.system.is_none() || one.text.iter().any(|word| resource.to_string().contains(&**word)) {
            return;
        }
        let other =
            |value: &Value, from: &str, to: &str| serde_json::from_str(&value.to_string().replace(from, to)).unwrap();
        let code = coding(one).unwrap()["code"].as_str().unwrap().to_owned();
        let wrong_code: Value = other(resource, &format!("\"{code}\""), "\"0-none\"");
        let there_wrong: Option<Value> = there.map(|there| other(there, &format!("\"{code}\""), "\"0-none\""));
        if one.present.is_none() && meets(rules, &one.id, &wrong_code, there_wrong.as_ref()) {
            blind.push(format!("{} {wrong_code}", one.id));
        }
        let system = one.system.as_deref().unwrap();
        let wrong_system: Value = other(resource, &format!("\"{system}\""), "\"http://example.org/codes\"");
        let there_wrong: Option<Value> =
            there.map(|there| other(there, &format!("\"{system}\""), "\"http://example.org/codes\""));
        if meets(rules, &one.id, &wrong_system, there_wrong.as_ref()) {
            blind.push(format!("{} {wrong_system}", one.id));
        }
    });
    assert!(blind.is_empty(), "{blind:#?}");
}

#[test]
fn no_rule_is_met_at_a_place_or_in_a_type_it_does_not_name() {
    let mut blind = Vec::new();
    each(|rules, one, path, resource, there| {
        let mut moved = resource.clone();
        let rule = rules.rule(&one.id).unwrap();
        match path {
            // An element that lies deeper than it should, in an object of no resource.
            Path::Element(element) if !element.is_label() && one.text.is_empty() => {
                let kind = resource["resourceType"].as_str().unwrap();
                let rest: Map<String, Value> = resource
                    .as_object()
                    .unwrap()
                    .clone()
                    .into_iter()
                    .filter(|(name, _)| name != "resourceType" && name != "id")
                    .collect();
                let anywhere = rule.paths.iter().any(|path| matches!(path, Path::Coding(_) | Path::Identifier(_)));
                if anywhere {
                    return;
                }
                moved = of(kind, json!({"deeper": rest}));
            }
            // Another type of resource.
            _ if rule.types.is_some() => moved["resourceType"] = json!("Schedule"),
            _ => return,
        }
        if meets(rules, &one.id, &moved, there) {
            blind.push(format!("{} {path:?}: {moved}", one.id));
        }
    });
    // The names of clinics count where a resource of another type displays them.
    blind
        .retain(|line| !line.contains("Named(\"display\")") && !line.contains("of: None, steps: [Named(\"display\")]"));
    assert!(blind.is_empty(), "{blind:#?}");
}

#[test]
fn exceptions_are_exceptions() {
    let rules = Rules::builtin().unwrap();
    let drug = json!({"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "11289"}]});
    let met = |resource: Value| meets(&rules, "medications-009", &resource, None);
    assert!(!met(json!({"resourceType": "AllergyIntolerance", "reaction": [{"substance": drug}]})));
    assert!(!met(json!({"resourceType": "Immunization", "vaccineCode": drug})));
    assert!(met(json!({"resourceType": "Immunization", "extension": [{"url": "x", "valueCodeableConcept": drug}]})));
    assert!(met(json!({"resourceType": "Observation", "vaccineCode": drug})));
}

#[test]
fn a_rule_that_cannot_be_read_is_refused() {
    let refused = |rule: Value| {
        let topic = json!({"id": "t", "names": {"en": "T", "es": "T"}, "rules": [rule]}).to_string();
        compile([topic.as_str()].into_iter()).map(|_| ()).unwrap_err()
    };
    let rule = |id: &str, path: &str, system: Option<&str>| {
        json!({"id": id, "resourceTypes": ["*"], "path": path, "system": system, "confidence": "likely",
            "source": "", "licence": "", "note": ""})
    };
    assert_eq!(refused(rule("t-1", "**.colour", None)), RulesError::Path { rule: "t-1".into() });
    assert_eq!(refused(rule("t-1", "code", Some("http://example.org"))), RulesError::System { rule: "t-1".into() });
    assert_eq!(refused(rule("u-1", "code", None)), RulesError::Stray { rule: "u-1".into() });
    assert_eq!(refused(json!({"id": 7})), RulesError::File);
    let mut unknown = rule("t-1", "code", None);
    unknown["surprise"] = json!(1);
    assert_eq!(refused(unknown), RulesError::File);
}

#[test]
fn what_is_found_in_a_resource_within_is_that_part_of_it() {
    let rules = Rules::builtin().unwrap();
    let inner = json!({"resourceType": "Observation", "id": "o", "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}]}});
    let outer = json!({"resourceType": "DiagnosticReport", "contained": [inner]});
    let hits = rules.judge(&outer, &Around::nothing());
    let hit = hits.iter().find(|hit| hit.rule == "mental-health-045").unwrap();
    assert_eq!(
        (hit.place.as_str(), &hit.reach),
        ("/contained/0/code/coding/0", &Reach::Element("/contained/0".to_owned()))
    );
}
