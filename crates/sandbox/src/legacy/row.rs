use serde_json::{Map, Number, Value, json};

/// What the old system calls things.
const TABLES: [(&str, &str); 24] = [
    ("Patient", "PERSON"),
    ("RelatedPerson", "NOK"),
    ("Encounter", "VISIT"),
    ("Condition", "PROBLEM"),
    ("MedicationRequest", "RX"),
    ("MedicationDispense", "RXFILL"),
    ("MedicationStatement", "RXHX"),
    ("Medication", "DRUG"),
    ("Observation", "RESULT"),
    ("DiagnosticReport", "REPORT"),
    ("Immunization", "SHOT"),
    ("AllergyIntolerance", "ALLERGY"),
    ("Procedure", "PROC"),
    ("CarePlan", "PLAN"),
    ("CareTeam", "TEAM"),
    ("Goal", "GOAL"),
    ("DocumentReference", "DOC"),
    ("Binary", "BLOB"),
    ("Coverage", "INS"),
    ("ExplanationOfBenefit", "BILL"),
    ("Provenance", "AUDIT"),
    ("FamilyMemberHistory", "FAMHX"),
    ("Practitioner", "STAFF"),
    ("PractitionerRole", "STAFFROLE"),
];

/// A resource as the old system keeps it: table, key, and one column for each leaf, `path`, type, text. Types: `S` text,
/// `N` number, `B` yes or no, `D` date.
pub(super) fn row(resource: &Value) -> Value {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or("");
    let table = TABLES.iter().find(|(own, _)| *own == kind).map_or(kind, |(_, table)| table);
    let mut columns = Vec::new();
    if let Some(map) = resource.as_object() {
        for (name, value) in map.iter().filter(|(name, _)| *name != "resourceType") {
            flatten(name.clone(), value, &mut columns);
        }
    }
    json!({"table": table, "cols": columns})
}

fn flatten(path: String, value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| flatten(format!("{path}.{name}"), value, into)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(format!("{path}.{at}"), value, into))
        }
        Value::Number(number) => into.push(json!([path, "N", number.to_string()])),
        Value::Bool(yes) => into.push(json!([path, "B", if *yes { "Y" } else { "N" }])),
        Value::String(text) => match old_date(text) {
            Some(date) => into.push(json!([path, "D", date])),
            None => into.push(json!([path, "S", text])),
        },
        Value::Null => {}
    }
}

/// A row as a resource again: what the bridge does.
pub(crate) fn resource(row: &Value) -> Option<Value> {
    let table = row.get("table")?.as_str()?;
    let kind = TABLES.iter().find(|(_, own)| *own == table).map_or(table, |(kind, _)| kind);
    let mut root = Value::Object(Map::from_iter([("resourceType".to_owned(), kind.into())]));
    for column in row.get("cols")?.as_array()? {
        let part = |at: usize| column.get(at).and_then(Value::as_str);
        let (path, text) = (part(0)?, part(2)?);
        let value = match part(1)? {
            "N" => Value::Number(text.parse::<Number>().ok()?),
            "B" => Value::Bool(text == "Y"),
            "D" => Value::String(new_date(text)?),
            _ => Value::String(text.to_owned()),
        };
        put(&mut root, path, value)?;
    }
    Some(root)
}

/// Puts a value at a path; parts that are numbers are places in lists, which come in order.
fn put(root: &mut Value, path: &str, value: Value) -> Option<()> {
    let mut here = root;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let list_next = parts.peek().is_some_and(|next| next.parse::<usize>().is_ok());
        let empty = if list_next { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        here = match here {
            Value::Array(items) => {
                let at: usize = part.parse().ok()?;
                if items.len() == at {
                    items.push(empty);
                }
                items.get_mut(at)?
            }
            Value::Object(map) => map.entry(part).or_insert(empty),
            _ => return None,
        };
    }
    *here = value;
    Some(())
}

/// `2024-03-09` as `20240309`, `2024-03-09T09:05:00-07:00` as `20240309090500-0700`; `None` for what is no date.
fn old_date(text: &str) -> Option<String> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    const SHAPES: [&str; 5] = [
        "0000-00-00",
        "0000-00-00T00:00:00-00:00",
        "0000-00-00T00:00:00+00:00",
        "0000-00-00T00:00:00.000-00:00",
        "0000-00-00T00:00:00.000+00:00",
    ];
    if !SHAPES.contains(&shape.as_str()) {
        return None;
    }
    let (day, time) = text.split_at(10);
    let mut old = day.replace('-', "");
    old.extend(time.chars().filter(|c| !matches!(c, 'T' | ':')));
    Some(old)
}

fn new_date(old: &str) -> Option<String> {
    let day = format!("{}-{}-{}", old.get(..4)?, old.get(4..6)?, old.get(6..8)?);
    if old.len() == 8 {
        return Some(day);
    }
    let time = format!("{}:{}:{}", old.get(8..10)?, old.get(10..12)?, old.get(12..14)?);
    let zone = old.get(old.len() - 5..)?;
    let fraction = old.get(14..old.len() - 5)?;
    Some(format!("{day}T{time}{fraction}{}:{}", zone.get(..3)?, zone.get(3..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Plan, invent};

    #[test]
    fn every_invented_resource_survives_the_old_system() {
        let plan = Plan { seed: 4, today: jiff::civil::date(2026, 11, 20), people: 5, years: None, resources: None };
        for life in invent(&plan) {
            for one in life.records.iter().flat_map(|record| &record.resources) {
                assert_eq!(resource(&row(&one.json)).as_ref(), Some(&one.json));
            }
        }
    }

    #[test]
    fn dates_lose_their_dashes_and_get_them_back() {
        for text in ["2024-03-09", "2024-03-09T09:05:00-07:00", "2024-03-09T09:05:00.123+00:00"] {
            assert_eq!(new_date(&old_date(text).unwrap()).as_deref(), Some(text));
        }
        assert_eq!(old_date("0041-7700"), None);
        assert_eq!(old_date("2024-03-09T09:05:00-07:00").unwrap(), "20240309090500-0700");
    }
}
