use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::Path;

use axum::body::Bytes;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

use super::{Entry, Store};

/// Why a folder of bundles could not be served.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A file or the folder does not read.
    #[error("a file does not read")]
    Read(#[from] io::Error),
    /// A file is not JSON.
    #[error("a file is not JSON")]
    Json(#[from] serde_json::Error),
}

/// A patient found in the files.
#[derive(Debug, Clone)]
pub(crate) struct ForeignPatient {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) given: String,
    pub(crate) birth: Option<String>,
}

#[derive(Deserialize)]
struct RawBundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<RawEntry<'a>>,
}

#[derive(Deserialize)]
struct RawEntry<'a> {
    #[serde(rename = "fullUrl", default)]
    full_url: Option<String>,
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
}

/// Reads every `.json` file of a folder: the entries of bundles (except documents, which stay whole), and single
/// resources.
///
/// A resource is kept byte for byte as it stands in the file, but for two things: a `urn:uuid:` that names another entry
/// of the folder becomes `Type/id`, and an entry without `id` gets that of its `fullUrl`. One that stands in several files
/// is served once, as in the last of them by name.
pub(crate) fn load(folder: &Path) -> Result<(Store, Vec<ForeignPatient>), LoadError> {
    let mut files: Vec<_> =
        fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?.iter().map(fs::DirEntry::path).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let texts = files.iter().map(fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for text in &texts {
        collect(text, &mut found)?;
    }
    let names: HashMap<&str, String> =
        found.iter().filter_map(|item| Some((item.urn.as_deref()?, format!("{}/{}", item.kind, item.id)))).collect();
    let mut items = Vec::new();
    for item in &found {
        let text = rename(&item.text, &names);
        let json: Value = serde_json::from_str(&text)?;
        items.push((json, Bytes::from(text)));
    }
    Ok(build(&items))
}

struct Item {
    kind: String,
    id: String,
    urn: Option<String>,
    text: String,
}

fn collect(text: &str, found: &mut Vec<Item>) -> Result<(), LoadError> {
    let whole: Value = serde_json::from_str(text)?;
    let is_bundle = whole.get("resourceType").and_then(Value::as_str) == Some("Bundle");
    if !is_bundle || whole.get("type").and_then(Value::as_str) == Some("document") {
        found.extend(item(text, None, &whole));
        return Ok(());
    }
    let bundle: RawBundle<'_> = serde_json::from_str(text)?;
    for entry in &bundle.entry {
        if let Some(resource) = entry.resource {
            let json: Value = serde_json::from_str(resource.get())?;
            found.extend(item(resource.get(), entry.full_url.as_deref(), &json));
        }
    }
    Ok(())
}

fn item(text: &str, full_url: Option<&str>, json: &Value) -> Option<Item> {
    let kind = json.get("resourceType")?.as_str()?.to_owned();
    let urn = full_url.filter(|url| url.starts_with("urn:uuid:")).map(str::to_owned);
    let own = json.get("id").and_then(Value::as_str);
    let id = own.or_else(|| full_url?.rsplit([':', '/']).next())?.to_owned();
    let text = match (own, text.find('{')) {
        (None, Some(at)) => {
            let (before, after) = text.split_at(at + 1);
            format!("{before}\"id\":\"{id}\",{after}")
        }
        _ => text.to_owned(),
    };
    Some(Item { kind, id, urn, text })
}

/// Puts `Type/id` for each known `urn:uuid:…`; all other bytes stay.
fn rename(text: &str, names: &HashMap<&str, String>) -> String {
    const LENGTH: usize = "urn:uuid:".len() + 36;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("urn:uuid:") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        match after.get(..LENGTH).and_then(|urn| names.get(urn)) {
            Some(name) => {
                out.push_str(name);
                rest = after.get(LENGTH..).unwrap_or("");
            }
            None => {
                out.push_str("urn:uuid:");
                rest = after.get("urn:uuid:".len()..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

fn build(items: &[(Value, Bytes)]) -> (Store, Vec<ForeignPatient>) {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    // What names the patient directly comes first; Provenance and Binary follow what they belong to.
    for (json, _) in items {
        if let (Some(name), Some(owner)) = (name(json), direct_owner(json)) {
            owners.insert(name, owner);
        }
    }
    for (json, _) in items {
        for (name, owner) in owned_by_others(json, &owners) {
            owners.entry(name).or_insert(owner);
        }
    }
    let mut store = Store::default();
    let mut patients = Vec::new();
    for (json, bytes) in items {
        let owner = name(json).and_then(|name| owners.get(&name).cloned());
        if let Some(entry) = Entry::new(json, bytes.clone(), owner) {
            if entry.kind == "Patient" {
                patients.push(patient(json, &entry.id));
            }
            store.put(entry);
        }
    }
    (store, patients)
}

fn name(json: &Value) -> Option<String> {
    Some(format!("{}/{}", json.get("resourceType")?.as_str()?, json.get("id")?.as_str()?))
}

fn direct_owner(json: &Value) -> Option<String> {
    if json.get("resourceType")?.as_str()? == "Patient" {
        return json.get("id")?.as_str().map(str::to_owned);
    }
    let named =
        ["subject", "patient", "beneficiary", "individual"].iter().find_map(|field| json.get(field)?.get("reference"));
    patient_id(named?.as_str()?)
}

fn patient_id(reference: &str) -> Option<String> {
    let (before, id) = reference.rsplit_once('/')?;
    (before == "Patient" || before.ends_with("/Patient")).then(|| id.to_owned())
}

/// Binary through the document that holds it, Provenance through its target.
fn owned_by_others(json: &Value, owners: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let kind = json.get("resourceType").and_then(Value::as_str).unwrap_or("");
    let (Some(own), mut found) = (name(json), Vec::new()) else { return Vec::new() };
    let items = |field: &str| json.get(field).and_then(Value::as_array).into_iter().flatten();
    if kind == "Provenance" {
        let targets = items("target").filter_map(|target| target.get("reference")?.as_str());
        for target in targets {
            if let Some(owner) = patient_id(target).or_else(|| owners.get(target).cloned()) {
                found.push((own.clone(), owner));
            }
        }
    }
    let Some(owner) = owners.get(&own) else { return found };
    let held = items("content").filter_map(|content| content.pointer("/attachment/url")?.as_str());
    found.extend(held.filter(|url| url.starts_with("Binary/")).map(|url| (url.to_owned(), owner.clone())));
    found
}

fn patient(json: &Value, id: &str) -> ForeignPatient {
    let text = |path: &str| json.pointer(path).and_then(Value::as_str).unwrap_or("").to_owned();
    let given = text("/name/0/given/0");
    let name = format!("{given} {}", text("/name/0/family")).trim().to_owned();
    let birth = json.get("birthDate").and_then(Value::as_str).map(str::to_owned);
    ForeignPatient { id: id.to_owned(), name, given, birth }
}
