//! The table of search parameters and the Patient compartment, made from the official definitions of FHIR R4.
#![allow(
    clippy::indexing_slicing,
    reason = "a member that a JSON value does not have is null; a slice ends where it was found"
)]

#[path = "../../../crates/fhir/src/parameters/expression.rs"]
#[allow(dead_code, reason = "the crate that ships it uses all of it")]
mod expression;
mod row;
mod shape;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::shell::{self, Done};
use row::Row;
use shape::Shapes;

const PARAMETERS: &str = "crates/fhir/src/parameters/r4.tsv";
const TYPES: &str = "crates/fhir/src/parameters/types.tsv";
const COMPARTMENT: &str = "crates/fhir/src/compartment/patient.tsv";

/// Writes the tables from the folder of the official definitions.
pub(crate) fn write_all(folder: &Path) -> Done {
    let shapes = Shapes::read(&[
        json(folder, "profiles-resources.json")?,
        json(folder, "profiles-types.json")?,
        json(folder, "valuesets.json")?,
    ]);
    let source = source(folder);
    let parameters = parameters(&json(folder, "search-parameters.json")?, &shapes)?;
    put(PARAMETERS, &[&source, row::HEADER], &parameters)?;
    put(TYPES, &[&source, "# resource type, what it is a kind of"], &shapes.resources())?;
    let compartment = compartment(&json(folder, "compartmentdefinition-patient.json")?)?;
    put(COMPARTMENT, &[&source, "# type, then the parameters that lead to the patient"], &compartment)
}

fn parameters(bundle: &Value, shapes: &Shapes) -> Result<Vec<String>, String> {
    let definitions: Vec<&Value> = bundle["entry"].as_array().into_iter().flatten().map(|e| &e["resource"]).collect();
    let by_url: BTreeMap<&str, &Value> = definitions.iter().filter_map(|d| Some((d["url"].as_str()?, *d))).collect();
    let mut lines = Vec::new();
    for definition in &definitions {
        for base in definition["base"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !(shapes.is_resource(base)) {
                continue;
            }
            lines.push(Row::of(definition, base, &by_url, shapes)?.line());
        }
    }
    lines.sort();
    lines.dedup();
    Ok(lines)
}

fn compartment(definition: &Value) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    for resource in definition["resource"].as_array().ok_or("the compartment names no resources")? {
        let parameters: Vec<&str> =
            resource["param"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !parameters.is_empty() {
            lines.push(format!("{}\t{}", resource["code"].as_str().unwrap_or_default(), parameters.join(",")));
        }
    }
    lines.sort();
    Ok(lines)
}

fn source(folder: &Path) -> String {
    let version = fs::read_to_string(folder.join("version.info")).unwrap_or_default();
    let build = version.lines().find_map(|line| line.strip_prefix("FhirVersion=")).unwrap_or("4.0.1").trim();
    let package = json(folder, "../../../package.json").ok();
    let from = package.map_or_else(
        || "files of the specification".to_owned(),
        |p| format!("npm {} {}", p["name"].as_str().unwrap_or_default(), p["version"].as_str().unwrap_or_default()),
    );
    format!("# HL7 FHIR R4, {build} (CC0), read from {from}; written by `cargo xtask definitions`")
}

fn json(folder: &Path, name: &str) -> Result<Value, String> {
    let path = folder.join(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn put(path: &str, head: &[&str], lines: &[String]) -> Done {
    let to = shell::root().join(path);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    let text = format!("{}\n{}\n", head.join("\n"), lines.join("\n"));
    fs::write(&to, text).map_err(|error| format!("{}: {error}", to.display()))?;
    println!("{path}: {} lines", lines.len());
    Ok(())
}
