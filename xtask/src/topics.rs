//! Takes the yearly table of topic rules into the product: `topics.json` in, one file per topic out.
//!
//! What the table says is changed only by `mends.json`, which names each change and its reason, so that the next table
//! can be taken in without losing them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::shell::{self, Done};

/// Rules under these licences are not for everybody: files of their own, which the app can leave out.
const OPTIONAL: &[(&str, &str)] = &[("AMA CPT", "cpt"), ("code facts; using SNOMED CT", "snomed-ct")];

/// Members of a rule in the order they are written.
const MEMBERS: &[&str] = &[
    "id",
    "resourceTypes",
    "path",
    "system",
    "codes",
    "codePrefix",
    "valueRange",
    "text",
    "unless",
    "equals",
    "as",
    "absent",
    "present",
    "takes",
    "confidence",
    "source",
    "licence",
    "note",
    "mended",
];

/// Reads the table at `from` and writes `crates/consent/topics`.
pub(crate) fn topics(from: &Path) -> Done {
    let folder = shell::root().join("crates/consent/topics");
    let files = files(&read(from)?, &read(&folder.join("mends.json"))?)?;
    fs::create_dir_all(folder.join("optional")).map_err(|error| error.to_string())?;
    for (name, text) in &files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    println!("{} files", files.len());
    Ok(())
}

/// Every file that follows from the table and the mends, by its name.
fn files(table: &Value, mends: &Value) -> Result<BTreeMap<String, String>, String> {
    let mut topics = table.as_array().cloned().ok_or("the table is a list of topics")?;
    mend(&mut topics, mends)?;
    let mut files = BTreeMap::new();
    let mut optional: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut sources: BTreeMap<(String, String), usize> = BTreeMap::new();
    for topic in &mut topics {
        let id = word(topic, "id")?;
        let mut kept = Vec::new();
        for rule in take_rules(topic)? {
            let licence = word(&rule, "licence")?;
            let file = OPTIONAL.iter().find(|(start, _)| licence.starts_with(start));
            *sources.entry((licence.clone(), word(&rule, "source")?)).or_default() += 1;
            match file {
                Some((_, file)) => optional.entry(file).or_default().push(rule),
                None => kept.push(rule),
            }
        }
        let head = ["id", "names", "why", "sensitivity", "related"];
        files.insert(format!("{id}.json"), file_text(topic, &head, &kept)?);
    }
    for (file, rules) in &optional {
        files.insert(format!("optional/{file}.json"), file_text(&json!({ "id": file }), &["id"], rules)?);
    }
    files.insert("ATTRIBUTION.md".to_owned(), attribution(&sources));
    Ok(files)
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn word(value: &Value, name: &str) -> Result<String, String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(format!("{name} is missing in {value:.60}"))
}

fn take_rules(topic: &mut Value) -> Result<Vec<Value>, String> {
    match topic.as_object_mut().and_then(|topic| topic.remove("rules")) {
        Some(Value::Array(rules)) => Ok(rules),
        _ => Err("a topic has a list of rules".to_owned()),
    }
}

/// Applies each mend: `rule` with `set` and `drop` changes one, `add` brings one that the table does not have.
fn mend(topics: &mut [Value], mends: &Value) -> Done {
    for mend in mends.as_array().ok_or("mends are a list")? {
        let why = word(mend, "why")?;
        let (id, added) = match mend.get("add") {
            Some(rule) => (word(rule, "id")?, Some(rule)),
            None => (word(mend, "rule")?, None),
        };
        let topic = id.rsplit_once('-').map(|(topic, _)| topic).unwrap_or_default();
        let rules = topics
            .iter_mut()
            .find(|candidate| candidate.get("id").and_then(Value::as_str) == Some(topic))
            .and_then(|topic| topic.get_mut("rules"))
            .and_then(Value::as_array_mut)
            .ok_or(format!("{id}: no such topic"))?;
        if let Some(rule) = added {
            rules.push(rule.clone());
        }
        let rule = rules
            .iter_mut()
            .find(|rule| rule.get("id").and_then(Value::as_str) == Some(id.as_str()))
            .and_then(Value::as_object_mut)
            .ok_or(format!("{id}: mended, but not in the table any more"))?;
        change(rule, mend, &why);
    }
    Ok(())
}

fn change(rule: &mut Map<String, Value>, mend: &Value, why: &str) {
    for name in mend.get("drop").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        rule.remove(name);
    }
    for (name, value) in mend.get("set").and_then(Value::as_object).into_iter().flatten() {
        rule.insert(name.clone(), value.clone());
    }
    let gone: Vec<&Value> = mend.get("without").and_then(Value::as_array).into_iter().flatten().collect();
    for list in ["codes", "codePrefix"] {
        if let Some(Value::Array(codes)) = rule.get_mut(list) {
            codes.retain(|code| !gone.contains(&code));
        }
    }
    rule.insert("mended".to_owned(), Value::String(why.to_owned()));
}

/// JSON that a reviewer can compare line by line: a member a line, lists of codes wrapped.
fn file_text(head: &Value, members: &[&str], rules: &[Value]) -> Result<String, String> {
    let mut text = "{\n".to_owned();
    for name in members {
        if let Some(value) = head.get(name) {
            let _ = writeln!(text, "  {}: {value},", Value::from(*name));
        }
    }
    text.push_str("  \"rules\": [\n");
    for (at, rule) in rules.iter().enumerate() {
        let rule = rule.as_object().ok_or("a rule is an object")?;
        if let Some(unknown) = rule.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(format!("{}: a member nobody knows: {unknown}", rule.get("id").unwrap_or_default()));
        }
        let written: Vec<String> = MEMBERS
            .iter()
            .filter_map(|name| rule.get(*name).map(|value| format!("      \"{name}\": {}", wrapped(value))))
            .collect();
        let comma = if at + 1 < rules.len() { "," } else { "" };
        let _ = writeln!(text, "    {{\n{}\n    }}{comma}", written.join(",\n"));
    }
    text.push_str("  ]\n}\n");
    Ok(text)
}

fn wrapped(value: &Value) -> String {
    let Some(list) = value.as_array().filter(|list| list.len() > 6) else {
        return value.to_string();
    };
    let mut lines = vec![String::new()];
    for (at, item) in list.iter().enumerate() {
        let comma = if at + 1 < list.len() { "," } else { "" };
        let item = format!("{item}{comma}");
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = item,
            Some(line) if line.chars().count() + item.chars().count() < 110 => {
                line.push(' ');
                line.push_str(&item);
            }
            _ => lines.push(item),
        }
    }
    format!("[\n        {}\n      ]", lines.join("\n        "))
}

fn attribution(sources: &BTreeMap<(String, String), usize>) -> String {
    let mut text = include_str!("topics/attribution.md").to_owned();
    let mut licence = "";
    for ((under, source), count) in sources {
        if under != licence {
            let _ = write!(text, "\n### {under}\n\n");
            licence = under;
        }
        let rules = if *count == 1 { "rule" } else { "rules" };
        let _ = writeln!(text, "- {source}: {count} {rules}");
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests say plainly what they expect")]

    use super::*;

    #[test]
    fn what_ships_is_what_the_table_and_the_mends_say() {
        let Some(table) = testkit::shared("design/topics/topics.json") else { return };
        let folder = shell::root().join("crates/consent/topics");
        let files = files(&read(&table).unwrap(), &read(&folder.join("mends.json")).unwrap()).unwrap();
        assert_eq!(files.len(), 22 + OPTIONAL.len() + 1);
        for (name, text) in files {
            let ships = fs::read_to_string(folder.join(&name)).unwrap();
            assert!(ships == text, "{name} is stale: cargo xtask topics");
        }
    }

    #[test]
    fn a_mend_of_a_rule_that_is_gone_is_an_error() {
        let table = json!([{"id": "t", "rules": [{"id": "t-001", "licence": "", "source": "", "codes": ["a", "b"]}]}]);
        let of = |mend: Value| files(&table, &json!([mend]));
        assert!(of(json!({"rule": "t-002", "why": "x"})).unwrap_err().contains("not in the table"));
        assert!(of(json!({"rule": "u-001", "why": "x"})).unwrap_err().contains("no such topic"));
        assert!(of(json!({"rule": "t-001"})).unwrap_err().contains("why"));
        assert!(of(json!({"rule": "t-001", "set": {"colour": 1}, "why": "x"})).unwrap_err().contains("nobody knows"));
        let mended = of(json!({"rule": "t-001", "without": ["a"], "why": "too broad"})).unwrap();
        let rule = &serde_json::from_str::<Value>(&mended["t.json"]).unwrap()["rules"][0];
        assert_eq!((&rule["codes"], &rule["mended"]), (&json!(["b"]), &json!("too broad")));
    }
}
