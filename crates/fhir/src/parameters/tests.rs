//! The table and its programs.

use serde_json::{Map, Value, json};

use super::compile::{CompileError, Course, Move, Program, Way};
use super::datatype::DataType;
use super::expression::Expression;
use super::*;

/// A value of a data type that search can tell something of; `None` where there is no such value.
fn sample(data_type: DataType) -> Option<Value> {
    Some(match data_type {
        DataType::Boolean => json!(true),
        DataType::Code(_) | DataType::Text | DataType::Family => json!("word"),
        DataType::Uri | DataType::Canonical => json!("http://example.org/Library/1|2"),
        DataType::Number => json!(2),
        DataType::Date => json!("2020-02-29"),
        DataType::Instant => json!("2020-02-29T10:00:00Z"),
        DataType::Period => json!({"start": "2020"}),
        DataType::Timing => json!({"event": ["2020"]}),
        DataType::Coding => json!({"code": "c"}),
        DataType::CodeableConcept => json!({"coding": [{"code": "c"}]}),
        DataType::Identifier | DataType::ContactPoint => json!({"value": "v"}),
        DataType::Reference => json!({"reference": "Patient/1"}),
        DataType::HumanName => json!({"family": "F"}),
        DataType::Address => json!({"city": "C"}),
        DataType::Quantity => json!({"value": 1}),
        DataType::Range => json!({"low": {"value": 1}}),
        DataType::Money => json!({"value": 1, "currency": "EUR"}),
        DataType::SampledData => json!({"origin": {"value": 1}, "data": "1 2"}),
        DataType::Resource => json!({"resourceType": "Patient", "id": "1"}),
        DataType::Other => return None,
    })
}

/// An element to which these moves lead to each of `ends`.
fn paved(way: &Way, end: Value) -> Value {
    way.moves.iter().rev().fold(end, |inside, step| match step {
        Move::Member(name) => json!({&**name: [inside]}),
        Move::Nth(name, at) => json!({&**name: vec![inside; at + 1]}),
        Move::Choice(names) => {
            let first = names.first().map(|(name, _)| name.to_string()).unwrap_or_default();
            json!({first: inside})
        }
        Move::ResolvesTo(name) => json!({"reference": format!("{name}/1")}),
        Move::Where(name, value) => with(inside, name, value),
        Move::Extension(url) => json!({"extension": [with(inside, "url", url)]}),
    })
}

fn with(mut element: Value, name: &str, value: &str) -> Value {
    if let Some(members) = element.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
    element
}

fn merged(left: Value, right: &Value) -> Value {
    let mut members: Map<String, Value> = left.as_object().cloned().unwrap_or_default();
    members.extend(right.as_object().cloned().unwrap_or_default());
    members.into()
}

/// The end of a way: type of the first of a choice, or of what it leads to.
fn end(way: &Way) -> DataType {
    match way.moves.last() {
        Some(Move::Choice(names)) => names[0].1,
        _ => way.end,
    }
}

#[test]
fn every_parameter_finds_something_at_the_end_of_its_ways() {
    let setting = Setting::utc();
    let mut ways = 0;
    for resource_type in resource_types() {
        for parameter in parameters(resource_type) {
            if matches!(parameter.kind(), Kind::Composite | Kind::Special) {
                continue;
            }
            for course in &parameter.program().any {
                let Course::Way(way) = course else { continue };
                let Some(end) = sample(end(way)) else { continue };
                let resource = merged(paved(way, end), &json!({"resourceType": resource_type}));
                let found = parameter.values(&resource, &setting);
                assert!(!found.is_empty(), "{resource_type}.{}: {resource}", parameter.code());
                ways += 1;
            }
        }
    }
    assert!(ways > 2_500, "{ways}");
}

#[test]
fn every_composite_finds_its_parts_in_one_element() {
    let setting = Setting::utc();
    let mut composites = 0;
    for resource_type in resource_types() {
        for parameter in parameters(resource_type).iter().filter(|one| one.kind() == Kind::Composite) {
            for course in &parameter.program().any {
                let Course::Way(outer) = course else { continue };
                let (mut element, mut whole) = (json!({}), json!({"resourceType": resource_type}));
                for component in parameter.components() {
                    let Some(Course::Way(way)) = component.program().any.first() else { continue };
                    let paved = paved(way, sample(end(way)).unwrap());
                    if way.from_resource { whole = merged(whole, &paved) } else { element = merged(element, &paved) }
                }
                let resource = merged(whole, &self::paved(outer, element));
                let found = parameter.values(&resource, &setting);
                let full = |value: &SearchValue<'_>| matches!(value, SearchValue::Composite(parts) if parts.len() == parameter.components().len());
                assert!(found.iter().any(full), "{resource_type}.{}: {resource}", parameter.code());
                composites += 1;
            }
        }
    }
    assert!(composites >= 70, "{composites}");
}

#[test]
fn the_table_is_whole() {
    assert_eq!(resource_types().count(), 146);
    let lines = include_str!("r4.tsv").lines().filter(|line| !line.starts_with('#')).count();
    let own: usize = resource_types().map(|name| parameters(name).len()).sum();
    // Those of all resources stand once in the table and count for each type.
    let all = include_str!("r4.tsv").lines().filter(|line| line.starts_with("Resource\t")).count();
    let domain = resource_types().filter(|name| parameter(name, "_text").is_some()).count();
    assert_eq!(own, lines - all - 1 + all * 146 + domain);
    assert!(parameters("Starship").is_empty());
    assert!(parameter("Binary", "_text").is_none() && parameter("Binary", "_id").is_some());
}

#[test]
fn what_search_expressions_do_not_use_is_not_read() {
    for text in [
        "",
        "Patient.",
        "Patient.name.first()",
        "Patient.name[",
        "Patient.where(a = 1)",
        "a as",
        "(a",
        "%context.a",
        "a |",
        "a b",
        "a != 1",
    ] {
        assert!(Expression::parse(text).is_err(), "{text}");
    }
    for text in [
        "Patient.extension('http://a').value.as(string)",
        "a.ofType(Quantity)",
        "(a as Quantity) | b[2].c.where(d = 'e')",
    ] {
        assert!(Expression::parse(text).is_ok(), "{text}");
    }
    let no = |expression: &str, types: &'static str| Program::compile(expression, types).unwrap_err();
    assert_eq!(no("a | b", "string"), CompileError::Types);
    assert_eq!(no("a", "Spaceship"), CompileError::UnknownType);
    assert_eq!(no("a.b[1][2]", "string"), CompileError::Step);
}

#[test]
fn an_extension_is_followed_by_its_address() {
    let program = Program::compile("Patient.extension('http://a').value.as(string)", "string").unwrap();
    let patient = json!({"resourceType": "Patient", "extension": [
        {"url": "http://b", "valueString": "no"}, {"url": "http://a", "valueString": "yes"}, {"url": "http://a", "valueCode": "no"}]});
    let mut found = Vec::new();
    walk::each(&program, &patient, &patient, &mut |_, value| found.push(value.clone()));
    assert_eq!(found, [json!("yes")]);
}
