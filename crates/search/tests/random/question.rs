//! Questions made of what a record holds, with modifiers, prefixes, chains and `_has` as the dice fall.

use std::collections::BTreeMap;

use fhir::parameters::{Address, Kind, Parameter, SearchValue, Setting, Token, parameters};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A row of numbers from a seed (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    pub(crate) fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) kind: String,
    pub(crate) key: String,
    pub(crate) value: String,
}

impl Question {
    pub(crate) fn made(dice: &mut Dice, resources: &BTreeMap<String, BTreeMap<String, Value>>) -> Self {
        let kinds: Vec<&String> = resources.keys().collect();
        // By resources, not by types: most types hold one, of which nothing can be told apart.
        let total = resources.values().map(BTreeMap::len).sum();
        let mut at = dice.below(total);
        let mut own = resources.iter().filter(|(_, all)| match at.checked_sub(all.len()) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        });
        let kind = if dice.below(3) == 0 { (*dice.one(&kinds)).clone() } else { own.next().unwrap().0.clone() };
        let (key, value) = pair(dice, resources, &kind, 0);
        Self { kind, key, value }
    }
}

fn pair(
    dice: &mut Dice,
    resources: &BTreeMap<String, BTreeMap<String, Value>>,
    kind: &str,
    depth: usize,
) -> (String, String) {
    let kinds: Vec<&String> = resources.keys().collect();
    let known: Vec<&Parameter> = parameters(kind).iter().copied().filter(|one| one.kind() != Kind::Special).collect();
    if depth < 3 && dice.below(4) == 0 {
        let references: Vec<&&Parameter> = known.iter().filter(|one| one.kind() == Kind::Reference).collect();
        if !references.is_empty() && dice.below(2) == 0 {
            let by = dice.one(&references);
            let targets: Vec<&&String> = kinds.iter().filter(|target| by.may_target(target)).collect();
            if !targets.is_empty() {
                let target = dice.one(&targets);
                let (key, value) = pair(dice, resources, target, depth + 1);
                let named = if dice.below(3) == 0 { String::new() } else { format!(":{target}") };
                return (format!("{}{named}.{key}", by.code()), value);
            }
        }
        let other = *dice.one(&kinds);
        let leading: Vec<&&Parameter> =
            parameters(other).iter().filter(|one| one.kind() == Kind::Reference && one.may_target(kind)).collect();
        if !leading.is_empty() {
            let by = dice.one(&leading);
            let (key, value) = pair(dice, resources, other, depth + 1);
            return (format!("_has:{other}:{}:{key}", by.code()), value);
        }
    }
    own(dice, resources, kind, &known)
}

fn own(
    dice: &mut Dice,
    resources: &BTreeMap<String, BTreeMap<String, Value>>,
    kind: &str,
    known: &[&Parameter],
) -> (String, String) {
    let all: Vec<&Value> = resources[kind].values().collect();
    let setting = Setting { base: Some(crate::made::BASE.into()), ..Setting::utc() };
    // A parameter that some resource has a value for, if one is met soon.
    let (mut parameter, mut values) = (*dice.one(known), Vec::new());
    for _ in 0..60 {
        let one: &Value = all[dice.below(all.len())];
        values = parameter.values(one, &setting);
        if !values.is_empty() {
            break;
        }
        parameter = *dice.one::<&Parameter>(known);
    }
    let code = parameter.code();
    if dice.below(12) == 0 {
        return (format!("{code}:missing"), (*dice.one(&["true", "false"])).to_owned());
    }
    let modifier = match parameter.kind() {
        Kind::String => *dice.one(&["", "", ":contains", ":exact"]),
        Kind::Token => *dice.one(&["", "", "", ":not", ":text", ":of-type"]),
        Kind::Reference => *dice.one(&["", "", ":identifier", ":text", ":Patient"]),
        Kind::Uri => *dice.one(&["", "", ":above", ":below"]),
        _ => "",
    };
    let count = 1 + dice.below(5) / 4;
    let texts: Vec<String> = (0..count)
        .map(|_| if values.is_empty() { "a".to_owned() } else { text(dice, dice_value(&values, dice.0), modifier) })
        .collect();
    (format!("{code}{modifier}"), texts.join(","))
}

fn dice_value<'a, 'b>(values: &'a [SearchValue<'b>], at: u64) -> &'a SearchValue<'b> {
    &values[at as usize % values.len()]
}

fn text(dice: &mut Dice, value: &SearchValue<'_>, modifier: &str) -> String {
    match value {
        SearchValue::Token(token) => token_text(dice, token, modifier),
        SearchValue::String(text) | SearchValue::Words(text) => escaped(&piece(dice, text, modifier)),
        SearchValue::Uri(uri) => {
            escaped(if modifier == ":below" { uri.rsplit_once('/').map_or(uri, |(stem, _)| stem) } else { uri })
        }
        SearchValue::Reference(reference) => {
            if let (":identifier", Some(identifier)) = (modifier, &reference.identifier) {
                return token_text(dice, identifier, "");
            }
            if let (":text", Some(text)) = (modifier, reference.text) {
                return escaped(&piece(dice, text, ""));
            }
            match reference.to {
                Some(Address::Local { resource_type, id, version }) => match dice.below(4) {
                    0 => id.to_owned(),
                    1 => format!("{}/{resource_type}/{id}", crate::made::BASE),
                    2 => version
                        .map_or(format!("{resource_type}/{id}"), |v| format!("{resource_type}/{id}/_history/{v}")),
                    _ => format!("{resource_type}/{id}"),
                },
                Some(Address::Url { url, version }) => match version {
                    Some(version) if dice.below(2) == 0 => escaped(url) + "|" + version,
                    _ => escaped(url),
                },
                _ => "a".to_owned(),
            }
        }
        SearchValue::Date(span) => {
            let moment = if dice.below(2) == 0 { span.start } else { span.end.saturating_sub(1) };
            let shift = [0, 0, 0, 1_000_000, -1_000_000, 86_400_000_000][dice.below(6)];
            let at = Timestamp::from_microsecond(moment.saturating_add(shift)).unwrap_or(Timestamp::UNIX_EPOCH);
            let written = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            let length = *dice.one(&[4, 7, 10, 20]);
            format!("{}{}", prefix(dice), &written[..length])
        }
        SearchValue::Number(interval) => format!("{}{}", prefix(dice), near(dice, interval.low, interval.high)),
        SearchValue::Quantity(quantity) => {
            let number = format!("{}{}", prefix(dice), near(dice, quantity.interval.low, quantity.interval.high));
            match (dice.below(3), quantity.system, quantity.code.or(quantity.unit)) {
                (0, Some(system), Some(code)) => format!("{number}|{}|{}", escaped(system), escaped(code)),
                (1, _, Some(code)) => format!("{number}||{}", escaped(code)),
                _ => number,
            }
        }
        SearchValue::Position { latitude, longitude } => format!("{latitude}|{longitude}|{}", dice.below(50)),
        SearchValue::Composite(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|values| values.first().map_or("a".to_owned(), |value| text(dice, value, "")))
                .collect();
            parts.join("$")
        }
    }
}

fn token_text(dice: &mut Dice, token: &Token<'_>, modifier: &str) -> String {
    let code = escaped(token.code.unwrap_or("a"));
    let system = escaped(token.system.unwrap_or_default());
    if modifier == ":text" {
        return escaped(&piece(dice, token.text.unwrap_or("a"), ""));
    }
    if modifier == ":of-type" {
        let coding = token.identifier_type.map_or(&Value::Null, |kind| &kind["coding"][0]);
        let part = |name: &str| escaped(coding[name].as_str().unwrap_or("a"));
        return format!("{}|{}|{code}", part("system"), part("code"));
    }
    match dice.below(6) {
        0 => code.to_uppercase(),
        1 => format!("|{code}"),
        2 if !system.is_empty() => format!("{system}|"),
        3 | 4 => format!("{system}|{code}"),
        _ => code,
    }
}

fn piece(dice: &mut Dice, text: &str, modifier: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let from = if modifier == ":contains" { dice.below(signs.len()) } else { 0 };
    let length = if modifier == ":exact" && dice.below(4) > 0 { signs.len() } else { 1 + dice.below(signs.len()) };
    let piece: String = signs.iter().skip(from).take(length).collect();
    if dice.below(3) == 0 { piece.to_uppercase() } else { piece }
}

fn near(dice: &mut Dice, low: f64, high: f64) -> String {
    let number = if low.is_finite() && high.is_finite() {
        (low + high) / 2.0
    } else if low.is_finite() {
        low
    } else {
        1.0
    };
    let number = number * [1.0, 1.0, 1.0, 0.95, 1.05][dice.below(5)];
    format!("{number:.0$}", dice.below(4))
}

fn prefix(dice: &mut Dice) -> &'static str {
    dice.one::<&str>(&["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"])
}

fn escaped(text: &str) -> String {
    text.chars().flat_map(|sign| ["\\", ""][usize::from(!"\\,|$".contains(sign))].chars().chain([sign])).collect()
}

/// Resources whose values are easily found wrongly.
pub(crate) fn odd() -> Vec<Value> {
    let quantity = |value: Value, unit: &str, coded: bool| {
        let mut one = json!({"value": value, "unit": unit});
        if coded {
            one["system"] = json!("http://unitsofmeasure.org");
            one["code"] = json!(unit);
        }
        one
    };
    let observation = |id: &str, more: Value| {
        let mut one = json!({"resourceType": "Observation", "id": id, "status": "final"});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one
    };
    vec![
        observation(
            "q1",
            json!({"valueQuantity": quantity(json!(0.091), "g/dL", true), "effectivePeriod": {"start": "2020-01"}}),
        ),
        observation(
            "q2",
            json!({"valueQuantity": quantity(json!(91), "mg/dL", false), "effectivePeriod": {"end": "2020-03"}}),
        ),
        observation(
            "q3",
            json!({"valueQuantity": {"value": 5, "comparator": "<", "unit": "mg/dL"}, "effectiveDateTime": "2020"}),
        ),
        observation(
            "q4",
            json!({"valueQuantity": quantity(json!(7.2), "[pH]", true), "effectiveInstant": "2020-02-15T10:00:00.123Z"}),
        ),
        observation(
            "q5",
            json!({"valueCodeableConcept": {"coding": [{"code": "A"}, {"system": "urn:x", "code": "a"}], "text": "Ärger | $5"},
            "subject": {"reference": "Patient/p1/_history/3", "display": "Adan"}, "performer": [{"identifier": {"system": "urn:i", "value": "7"}}]}),
        ),
        observation(
            "q6",
            json!({"component": [
            {"code": {"coding": [{"code": "sys"}]}, "valueQuantity": quantity(json!(120), "mm[Hg]", true)},
            {"code": {"coding": [{"code": "dia"}]}, "valueQuantity": quantity(json!(80), "mm[Hg]", true)}],
            "subject": {"reference": "https://ehr.example.org/fhir/Patient/p2"}, "focus": [{"reference": "#in"}],
            "contained": [{"resourceType": "Patient", "id": "in", "gender": "male"}]}),
        ),
        observation(
            "q7",
            json!({"subject": {"reference": "https://elsewhere.example.org/fhir/Patient/p1"},
            "meta": {"tag": [{"system": "urn:t", "code": "T"}], "profile": ["http://example.org/a|1.0", "http://example.org/a/b"]}}),
        ),
        observation(
            "q8",
            json!({"meta": {"profile": ["http://example.org/a"], "source": "urn:s#1"}, "hasMember": [{"reference": "Observation/q6"}, {"reference": "Observation/gone"}]}),
        ),
        json!({"resourceType": "Patient", "id": "odd", "name": [{"text": "ŁUKASZ  Straße"}, {"family": "Ó Súilleabháin"}], "deceasedBoolean": false,
            "address": [{"city": "São Paulo", "line": ["1, Main | St"]}], "telecom": [{"system": "phone", "value": "1"}],
            "identifier": [{"value": "X1"}, {"system": "urn:b", "type": {"coding": [{"system": "urn:kinds", "code": "mr"}], "text": "Record"}, "value": "x1"}]}),
        json!({"resourceType": "RiskAssessment", "id": "r1", "status": "final", "prediction": [{"probabilityDecimal": 0.1}, {"probabilityDecimal": 0.25}],
            "subject": {"reference": "Patient/p1"}, "occurrencePeriod": {"start": "2019-12-31T23:59:59-11:00", "end": "2020-01-01"}}),
        json!({"resourceType": "Questionnaire", "id": "s1", "status": "active", "url": "http://example.org/q", "version": "1"}),
        json!({"resourceType": "QuestionnaireResponse", "id": "s2", "status": "completed", "questionnaire": "http://example.org/q|1", "subject": {"reference": "Patient/p1"}}),
        json!({"resourceType": "Provenance", "id": "v1", "target": [{"reference": "Observation/ob1"}, {"reference": "Condition/c1"}], "agent": [{"who": {"reference": "Practitioner/d1"}}]}),
    ]
}
