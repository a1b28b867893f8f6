use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::{bundle, list, text};
use crate::shell::{self, Done};

/// Code systems that no element of a kept type is bound to, and which labels and categories come from.
const TOO: [&str; 6] = [
    "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
    "http://terminology.hl7.org/CodeSystem/v2-0074",
    "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm",
];
/// Detailed race has hundreds of values and points to few people each.
const NOT: [&str; 1] = ["http://terminology.hl7.org/CodeSystem/v3-Race"];

/// Writes the codes and displays of HL7's code systems that elements of de-identified resources are bound to.
pub(crate) fn write() -> Done {
    let folder = shell::root().join("crates/consent/src/deid");
    let listed = fs::read_to_string(folder.join("elements.txt")).map_err(|error| error.to_string())?;
    let kept: BTreeSet<&str> = listed.lines().filter_map(|line| line.strip_prefix('=')).collect();
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for name in ["valuesets", "v3-codesystems", "v2-tables"] {
        known.extend(bundle(name)?.into_iter().map(|resource| (text(&resource, "url").to_owned(), resource)));
    }
    let mut systems: BTreeSet<String> = TOO.iter().map(|system| (*system).to_owned()).collect();
    for name in ["profiles-types", "profiles-resources"] {
        for definition in bundle(name)?.iter().filter(|definition| kept.contains(text(definition, "type"))) {
            for element in list(definition, "/snapshot/element") {
                let set = element.pointer("/binding/valueSet").and_then(Value::as_str).unwrap_or_default();
                systems_of(set.split('|').next().unwrap_or_default(), &known, &mut systems);
            }
        }
    }
    let mut out = String::from(
        "# Codes of HL7 with their displays (FHIR R4 4.0.1 and HL7 Terminology, CC0), of the code systems that elements of\n\
         # de-identified resources are bound to. Made by `cargo xtask definitions`.\n",
    );
    for system in systems.iter().filter(|system| system.contains("hl7.org/") && !NOT.contains(&system.as_str())) {
        let mut codes = BTreeMap::new();
        if let Some(resource) = known.get(system) {
            concepts(list(resource, "/concept"), &mut codes);
        }
        if !codes.is_empty() {
            let _ = writeln!(out, "={system}");
            for (code, display) in codes {
                let _ = writeln!(out, "{code}\t{display}");
            }
        }
    }
    fs::write(folder.join("hl7.txt"), out).map_err(|error| error.to_string())
}

fn systems_of(set: &str, known: &BTreeMap<String, Value>, systems: &mut BTreeSet<String>) {
    let Some(set) = known.get(set) else { return };
    for include in list(set, "/compose/include") {
        let system = text(include, "system");
        if !system.is_empty() {
            systems.insert(system.to_owned());
        }
        for other in list(include, "/valueSet") {
            systems_of(other.as_str().unwrap_or_default(), known, systems);
        }
    }
}

fn concepts(all: &[Value], codes: &mut BTreeMap<String, String>) {
    for concept in all {
        let code = text(concept, "code");
        if !code.contains(char::is_whitespace) {
            codes.insert(code.to_owned(), text(concept, "display").split_whitespace().collect::<Vec<_>>().join(" "));
        }
        concepts(list(concept, "/concept"), codes);
    }
}
