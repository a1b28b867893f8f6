use serde_json::{Value, json};

use crate::people::Record;

/// What a system lists of the documents another holds: their particulars, and where to fetch them.
///
/// `patient` is the person's id in the listing system, `base` the FHIR base of the holding one.
pub(crate) fn listed_elsewhere(held: &Record, patient: &str, base: &str) -> Vec<Value> {
    let documents = held.resources.iter().filter(|resource| resource.kind == "DocumentReference");
    documents.filter_map(|document| listing(&document.json, &document.id, held, patient, base)).collect()
}

fn listing(document: &Value, id: &str, held: &Record, patient: &str, base: &str) -> Option<Value> {
    let mut content = document.get("content")?.clone();
    for item in content.as_array_mut()? {
        let url = item.pointer_mut("/attachment/url")?;
        *url = Value::String(format!("{base}/{}", url.as_str()?));
    }
    let member = |name: &str| document.get(name).cloned().unwrap_or(Value::Null);
    let holder = held.system.name();
    let mut meta = member("meta");
    meta.as_object_mut()?.insert("source".to_owned(), format!("{base}/DocumentReference/{id}").into());
    Some(json!({
        "resourceType": "DocumentReference",
        "id": format!("at-{}-{id}", held.system.key()),
        "meta": meta,
        "identifier": member("identifier"),
        "status": "current",
        "type": member("type"),
        "category": member("category"),
        "subject": {"reference": format!("Patient/{patient}")},
        "date": member("date"),
        "custodian": {"display": holder},
        "description": format!("{} (held by {holder})", document.get("description")?.as_str()?),
        "content": content,
    }))
}
