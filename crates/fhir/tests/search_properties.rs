//! What must hold for every search parameter of every resource type, whatever a resource or a query says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

use std::sync::OnceLock;

use fhir::criteria::{
    Condition, Criterion, CriterionError, MAX_KEY_BYTES, MAX_PARAMETERS, MAX_VALUES, Wanted, parse_query, query_pairs,
};
use fhir::parameters::{Address, Kind, Parameter, SearchValue, Setting, parameters, resource_types};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

fn every() -> &'static [(&'static str, &'static Parameter)] {
    static ALL: OnceLock<Vec<(&'static str, &'static Parameter)>> = OnceLock::new();
    ALL.get_or_init(|| resource_types().flat_map(|name| parameters(name).iter().map(move |one| (name, *one))).collect())
}

/// Every name that stands in an expression, and those that data types have.
fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let types = ["Quantity", "CodeableConcept", "Reference", "DateTime", "Period", "Timing", "Boolean", "Range", "String"];
        let inside = "coding system code display text value unit reference identifier type start end event repeat boundsPeriod \
            low high comparator currency origin factor data given family line url extension contained resourceType id meta";
        let mut all: Vec<String> = inside.split_whitespace().map(str::to_owned).collect();
        for (_, parameter) in every() {
            let words = parameter.expression().split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            all.extend(words.flat_map(|word| {
                let choices = types.iter().map(move |name| format!("{word}{name}"));
                choices.chain([word.to_owned()])
            }));
        }
        all.sort();
        all.dedup();
        all
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?[0-9]{1,30}(\\.[0-9]{1,30})?(e-?[0-9]{1,4})?"
            .prop_map(|number| serde_json::from_str(&number).unwrap_or(Value::Null)),
        "[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
            .prop_map(Value::from),
        "(#|Patient/|http://a/|urn:)[a-z0-9|/]{0,8}(/_history/1)?".prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        select(&["mg", "mmol/L", "Cel", "http://unitsofmeasure.org", "phone", "<", "E U L 1 2"][..])
            .prop_map(Value::from),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 120, 8, |inner| {
        let name = any::<Index>().prop_map(|at| names()[at.index(names().len())].clone());
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            4 => proptest::collection::vec((name, inner), 0..8)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<String, Value>>())),
        ]
    })
}

/// A resource in which the way of one expression is paved, so that its end is reached, whatever stands there.
fn paved(parameter: &Parameter, end: &Value) -> Value {
    let way: Vec<&str> =
        parameter.expression().split(" | ").next().unwrap_or_default().split(['.', ' ', '(', ')']).collect();
    let mut value = end.clone();
    for name in way.iter().rev().filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())) {
        let mut members = Map::new();
        for as_type in
            ["", "Quantity", "CodeableConcept", "Reference", "DateTime", "Period", "Timing", "String", "Range"]
        {
            members.insert(format!("{name}{as_type}"), Value::from(vec![value.clone()]));
        }
        value = Value::from(members);
        if value.to_string().len() > 20_000 {
            break;
        }
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_json_does_harm_to_any_expression(resource in json()) {
        let setting = Setting::utc();
        for (_, parameter) in every() {
            prop_assert!(parameter.values(&resource, &setting).len() <= 10_000);
        }
    }

    #[test]
    fn no_end_of_any_expression_does_harm(at in any::<Index>(), end in json()) {
        let (_, parameter) = every()[at.index(every().len())];
        let _ = parameter.values(&paved(parameter, &end), &Setting::utc());
    }
}

/// A value that may be asked of a parameter.
fn asked(kind: Kind, text: &str, number: &str, date: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$");
    match kind {
        Kind::Number => number.to_owned(),
        Kind::Quantity => format!("{number}|http://unitsofmeasure.org|mg"),
        Kind::Date => date.to_owned(),
        Kind::Reference => "Patient/a-1".to_owned(),
        Kind::Special => "50.9|6.9|3|km".to_owned(),
        _ => format!("x{escaped}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_criterion_printed_and_read_again_is_the_same(
        at in any::<Index>(),
        modifier in select(&["", "", "", ":missing", ":exact", ":contains", ":not", ":text", ":identifier", ":below", ":above"][..]),
        text in "\\PC{0,12}",
        number in "(eq|ne|gt|lt|ge|le|sa|eb|ap)?-?[0-9]{1,5}(\\.[0-9]{1,5})?",
        date in "(eq|ne|gt|lt|ge|le|sa|eb|ap)?20[0-9]{2}(-0[1-9](-[0-2][1-8])?)?",
        many in 1_usize..4,
    ) {
        let (resource_type, parameter) = every()[at.index(every().len())];
        let one = match parameter.kind() {
            Kind::Composite => {
                let parts = parameter.components().iter().map(|part| asked(part.kind(), &text, &number, &date));
                parts.collect::<Vec<_>>().join("$")
            }
            kind => asked(kind, &text, &number, &date),
        };
        let value = if modifier == ":missing" { "true".to_owned() } else { vec![one; many].join(",") };
        let key = format!("{}{modifier}", parameter.code());
        let setting = Setting::utc();
        match Criterion::parse(resource_type, &key, &value, &setting) {
            Ok(read) => {
                let again = Criterion::parse(resource_type, &read.key(), &read.value(), &setting);
                prop_assert_eq!(again.as_ref(), Ok(&read), "{}", read);
            }
            Err(why) => prop_assert!(
                !modifier.is_empty() || matches!(why, CriterionError::NotAnswerable | CriterionError::EmptyValue),
                "{resource_type}?{key}={value}: {why}"
            ),
        }
    }

    #[test]
    fn a_chain_printed_and_read_again_is_the_same(
        at in any::<Index>(),
        onward in any::<Index>(),
        typed in any::<bool>(),
        reverse in any::<bool>(),
        value in "(eq|ge)?[a-z0-9]{1,6}([|,\\\\$.-][a-z0-9|]{0,4}){0,2}",
    ) {
        let references: Vec<_> = every().iter().filter(|(_, one)| one.kind() == Kind::Reference).collect();
        let (resource_type, by) = references[at.index(references.len())];
        let targets: Vec<&str> = by.targets().collect();
        let Some(target) = targets.get(onward.index(targets.len().max(1))) else { return Ok(()) };
        let (asker, asked) = if reverse { (*target, *resource_type) } else { (*resource_type, *target) };
        let all = parameters(asked);
        let code = all[onward.index(all.len())].code();
        let key = match (reverse, typed) {
            (true, _) => format!("_has:{asked}:{}:{code}", by.code()),
            (false, true) => format!("{}:{target}.{code}", by.code()),
            (false, false) => format!("{}.{code}", by.code()),
        };
        let setting = Setting::utc();
        if let Ok(read) = Criterion::parse(asker, &key, &value, &setting) {
            let again = Criterion::parse(asker, &read.key(), &read.value(), &setting);
            prop_assert_eq!(again.as_ref(), Ok(&read), "{}", read);
        }
    }

    #[test]
    fn no_query_does_harm(
        resource_type in select(&["Patient", "Observation", "Encounter", "Bundle", "Nothing"][..]),
        query in "(([a-z_-]{1,12}|code|subject|_has:Observation:patient|date|value-quantity|focus)([.:]([a-zA-Z-]{1,12}|code|Patient|missing|focus)){0,8}=([a-z]{2}[0-9.,|$\\\\-]{0,20}|\\PC{0,20}|%[0-9a-f]{0,2})&?){0,6}",
        resource in json(),
    ) {
        let setting = Setting::utc();
        let _ = query_pairs(&query);
        if let Ok(criteria) = parse_query(resource_type, &query, &setting) {
            for criterion in criteria {
                let _ = (criterion.matches(&resource, &setting), criterion.to_string());
            }
        }
    }
}

#[test]
fn hostile_queries_are_refused_by_name() {
    let setting = Setting::utc();
    let refused = |query: &str| parse_query("Observation", query, &setting).unwrap_err();
    assert_eq!(refused(&"code=a&".repeat(10_000)), CriterionError::TooManyParameters);
    assert_eq!(query_pairs(&"a&".repeat(MAX_PARAMETERS)).unwrap().len(), MAX_PARAMETERS);
    assert_eq!(refused(&format!("code={}", "a,".repeat(MAX_VALUES))), CriterionError::TooManyValues);
    assert_eq!(refused(&format!("code={}", "a".repeat(40_000))), CriterionError::TooLong);
    assert_eq!(
        refused(&format!("{}code=a", "subject:Patient.link:Patient.".repeat(MAX_KEY_BYTES))),
        CriterionError::TooLong
    );
    assert_eq!(refused(&format!("{}code=a", "focus.".repeat(50))), CriterionError::TooDeep);
    assert_eq!(refused(&format!("{}code=a", "has-member:Observation.".repeat(20))), CriterionError::TooDeep);
    assert_eq!(refused("focus.focus.code=a"), CriterionError::TooBroad);
    let deep = "_has:Observation:has-member:".repeat(15);
    assert_eq!(refused(&format!("{deep}code=a")), CriterionError::TooDeep);
}

/// What finds this value, where a text can say it.
fn finder(value: &SearchValue<'_>) -> Option<(&'static str, String)> {
    let escape = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$");
    Some(match value {
        SearchValue::Token(token) => match (token.system.filter(|_| !token.implied), token.code, token.text) {
            (Some(system), Some(code), _) => ("", format!("{}|{}", escape(system), escape(code))),
            (None, Some(code), _) => ("", escape(code)),
            (Some(system), None, _) => ("", format!("{}|", escape(system))),
            (None, None, Some(text)) => (":text", escape(text)),
            (None, None, None) => return None,
        },
        SearchValue::Reference(reference) => match reference.to? {
            Address::Local { resource_type, id, .. } => ("", format!("{resource_type}/{id}")),
            Address::Url { url, .. } if url.contains(':') => ("", escape(url)),
            Address::Url { .. } | Address::Contained(_) => return None,
        },
        SearchValue::String(text) => (":exact", escape(text)),
        SearchValue::Uri(uri) => ("", escape(uri)),
        SearchValue::Number(interval) => ("", interval.low.to_string()),
        SearchValue::Quantity(quantity) => ("", quantity.interval.low.to_string()),
        SearchValue::Words(_) | SearchValue::Date(_) | SearchValue::Composite(_) | SearchValue::Position { .. } => {
            return None;
        }
    })
}

#[test]
fn every_value_of_real_records_finds_its_resource() {
    let Some(folder) = testkit::shared("data/synthea-r4") else { return };
    let setting = Setting::utc();
    let (mut asked, mut kinds) = (0, std::collections::BTreeSet::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let bundle: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for entry in bundle["entry"].as_array().unwrap() {
            let resource = &entry["resource"];
            let resource_type = resource["resourceType"].as_str().unwrap();
            for parameter in parameters(resource_type) {
                for value in parameter.values(resource, &setting) {
                    let Some((modifier, text)) = finder(&value) else { continue };
                    let key = format!("{}{modifier}", parameter.code());
                    let criterion = Criterion::parse(resource_type, &key, &text, &setting);
                    let criterion = criterion.unwrap_or_else(|why| panic!("{resource_type}?{key}={text}: {why}"));
                    assert!(criterion.matches(resource, &setting).unwrap(), "{criterion}");
                    let missing =
                        Criterion::parse(resource_type, &format!("{}:missing", parameter.code()), "false", &setting);
                    assert!(missing.unwrap().matches(resource, &setting).unwrap());
                    asked += 1;
                    kinds.insert(parameter.kind());
                }
            }
        }
    }
    assert!(asked > 5_000, "{asked}");
    assert!(kinds.len() >= 4, "{kinds:?}");
}

#[test]
fn a_read_criterion_says_what_it_was_understood_as() {
    let setting = Setting::utc();
    let read = Criterion::parse("Observation", "code", "http://loinc.org|1-8,x\\,y", &setting).unwrap();
    let Criterion::Own(asked) = &read else { unreachable!() };
    assert!(
        matches!(&asked.condition, Condition::AnyOf(wanted) if matches!(wanted.as_slice(), [Wanted::Token(_), Wanted::Token(_)]))
    );
    assert_eq!(read.to_string(), "code=http://loinc.org|1-8,x\\,y");
}
