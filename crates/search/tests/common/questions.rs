//! Questions made from the values that the records have.

use std::collections::{BTreeMap, BTreeSet};

use fhir::parameters::{Address, SearchValue, parameters};
use jiff::Timestamp;
use serde_json::Value;

use crate::records::{BASE, setting, text};

/// Values of one parameter that questions are made of.
const VALUES: usize = 4;

/// Questions that a value of a resource gives rise to: modifiers and values.
pub(crate) fn questions(value: &SearchValue<'_>) -> Vec<(&'static str, String)> {
    let escape = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,").replace('|', "\\|").replace('$', "\\$");
    let prefixed = |text: String| {
        let prefixes = ["", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
        prefixes.map(|prefix| ("", format!("{prefix}{text}"))).to_vec()
    };
    match value {
        SearchValue::Token(token) => {
            let mut all = Vec::new();
            if let Some(code) = token.code {
                all.extend([("", escape(code)), (":not", escape(code))]);
                all.push(("", escape(&code.to_uppercase())));
                let system = token.system.map(escape).unwrap_or_default();
                all.push(("", format!("{system}|{}", escape(code))));
            }
            all.extend(token.system.map(|system| ("", format!("{}|", escape(system)))));
            all.extend(token.text.map(|text| (":text", escape(text))));
            all
        }
        SearchValue::Reference(reference) => {
            let mut all = Vec::new();
            match reference.to {
                Some(Address::Local { resource_type, id, .. }) => {
                    all.extend([("", id.to_owned()), ("", format!("{resource_type}/{id}"))]);
                    all.push(("", format!("{BASE}/{resource_type}/{id}")));
                }
                Some(Address::Url { url, version }) if url.contains(':') => {
                    all.push(("", escape(url)));
                    all.extend(version.map(|version| ("", format!("{url}|{version}"))));
                }
                _ => {}
            }
            all.extend(reference.identifier.and_then(|i| i.code).map(|code| (":identifier", escape(code))));
            all.extend(reference.text.map(|text| (":text", escape(text))));
            all
        }
        SearchValue::String(text) => {
            let start: String = text.chars().take(3).collect();
            let end: String = text.chars().skip(2).take(4).collect();
            vec![
                ("", escape(text)),
                ("", escape(&start).to_uppercase()),
                (":exact", escape(text)),
                (":contains", escape(&end)),
            ]
        }
        SearchValue::Words(words) => vec![("", escape(words)), (":exact", escape(words))],
        SearchValue::Uri(uri) => {
            let mut all = vec![("", escape(uri)), (":above", format!("{}/x", escape(uri)))];
            all.extend(uri.rsplit_once('/').map(|(top, _)| (":below", escape(top))));
            all.retain(|(modifier, _)| modifier.is_empty() || uri.contains("://"));
            all
        }
        SearchValue::Date(span) => {
            let at = Timestamp::from_microsecond(if span.start == i64::MIN { span.end } else { span.start });
            let Ok(at) = at.map(|at| at.to_string()) else { return Vec::new() };
            let to = |length: usize| at.get(..length).map(|part| prefixed(part.to_owned())).unwrap_or_default();
            [to(4), to(7), to(10), prefixed(at.clone())].concat()
        }
        SearchValue::Number(interval) => prefixed(interval.low.to_string()),
        SearchValue::Quantity(quantity) => {
            let number = if quantity.interval.low.is_finite() { quantity.interval.low } else { quantity.interval.high };
            let mut all = prefixed(number.to_string());
            if let (Some(system), Some(code)) = (quantity.system, quantity.code) {
                all.extend(prefixed(format!("{number}|{}|{}", escape(system), escape(code))));
                all.push(("", format!("{number}||{}", escape(code))));
            }
            all
        }
        SearchValue::Position { latitude, longitude } => {
            ["", "|100", "|1|m"].map(|distance| ("", format!("{latitude}|{longitude}{distance}"))).to_vec()
        }
        SearchValue::Composite(parts) => {
            let mut all = vec![String::new()];
            for part in parts {
                let Some(value) = part.first() else { return Vec::new() };
                let plain: Vec<String> =
                    questions(value).into_iter().filter(|(m, _)| m.is_empty()).map(|(_, v)| v).take(3).collect();
                all = all.iter().flat_map(|left| plain.iter().map(move |right| format!("{left}${right}"))).collect();
            }
            all.into_iter().map(|value| ("", value.trim_start_matches('$').to_owned())).collect()
        }
    }
}

/// Every question of every parameter that has values in these resources: type, key, value.
pub(crate) fn all_questions(resources: &[Value]) -> BTreeSet<(String, String, String)> {
    let setting = setting();
    let mut all = BTreeSet::new();
    let mut taken: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for resource in resources {
        let resource_type = text(resource, "resourceType");
        for parameter in parameters(resource_type) {
            let count = taken.entry((resource_type.to_owned(), parameter.code())).or_default();
            if *count >= VALUES {
                continue;
            }
            for value in parameter.values(resource, &setting) {
                *count += 1;
                for (modifier, value) in questions(&value) {
                    let missing =
                        (resource_type.to_owned(), format!("{}:missing", parameter.code()), "true".to_owned());
                    all.insert(missing);
                    all.insert((resource_type.to_owned(), format!("{}{modifier}", parameter.code()), value));
                }
            }
        }
    }
    all
}
