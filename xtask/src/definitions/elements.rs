use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::{bundle, list, text};
use crate::shell::{self, Done};

/// Elements that every resource, or every element of a type, has; they are in the tables of `DomainResource`,
/// `Element` and `BackboneElement`.
const RESOURCE: [&str; 8] =
    ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"];
const ELEMENT: [&str; 3] = ["id", "extension", "modifierExtension"];
/// Types that are in the package and are not R4.
const FOREIGN: [&str; 1] = ["SubscriptionStatus"];
/// What the package adds to `Meta` of its own.
const ADDED: [&str; 7] = ["project", "author", "onBehalfOf", "account", "accounts", "compartment", "deleted"];

/// Writes what elements each type has, and the codes of each value set that is required for an element.
pub(crate) fn write() -> Done {
    let mut types = String::from(
        "# FHIR R4 (4.0.1, CC0): what elements each type has. Made by `cargo xtask definitions`.\n\
         # Path, least number, greatest number, types; `!` a modifier; `<` the value set that is required.\n",
    );
    let mut sets = BTreeSet::new();
    for name in ["profiles-types", "profiles-resources"] {
        for definition in bundle(name)? {
            of_type(&definition, &mut types, &mut sets);
        }
    }
    let mut codes = String::from(
        "# FHIR R4 (4.0.1, CC0): the codes of value sets that are required. Made by `cargo xtask definitions`.\n",
    );
    let known = canonical()?;
    for set in &sets {
        if let Some(all) = known.get(set).and_then(|set| expand(set, &known)) {
            let _ = writeln!(codes, "{} {}", short(set), all.into_iter().collect::<Vec<_>>().join(" "));
        }
    }
    let folder = shell::root().join("crates/fhir/src/definitions");
    fs::write(folder.join("elements.txt"), types).map_err(|error| error.to_string())?;
    fs::write(folder.join("codes.txt"), codes).map_err(|error| error.to_string())
}

fn of_type(definition: &Value, out: &mut String, sets: &mut BTreeSet<String>) {
    let name = text(definition, "type");
    let profile = text(definition, "derivation") == "constraint" && name != text(definition, "name");
    if text(definition, "resourceType") != "StructureDefinition" || profile || FOREIGN.contains(&name) {
        return;
    }
    if text(definition, "kind") == "primitive-type" {
        return;
    }
    let _ = writeln!(out, "={name}");
    let resource = text(definition, "kind") == "resource";
    for element in list(definition, "/snapshot/element") {
        let Some(path) = text(element, "path").strip_prefix(&format!("{name}.")) else { continue };
        let last = path.rsplit('.').next().unwrap_or(path);
        let of_all = if path == last && resource && name != "DomainResource" {
            RESOURCE.contains(&last) && !["Resource", "Bundle", "Parameters", "Binary"].contains(&name)
                || ["id", "meta", "implicitRules", "language"].contains(&last) && name != "Resource"
        } else {
            ELEMENT.contains(&last) && !["Element", "BackboneElement", "DomainResource", "Extension"].contains(&name)
        };
        let added = name == "Meta" && ADDED.contains(&path);
        if !of_all && !added {
            let _ = writeln!(out, "{path}{}", line(element, name, sets));
        }
    }
}

/// ` 0 1 ! code < observation-status`
fn line(element: &Value, of: &str, sets: &mut BTreeSet<String>) -> String {
    let min = element.get("min").and_then(Value::as_u64).unwrap_or_default();
    let mut line = format!(" {min} {}", text(element, "max"));
    if element.get("isModifier") == Some(&Value::Bool(true)) {
        line.push_str(" !");
    }
    let mut types: Vec<&str> = Vec::new();
    for of_element in list(element, "/type") {
        // `id` and the values of primitives are written as types of FHIRPath.
        let code = match text(of_element, "code") {
            path if path.starts_with("http://hl7.org/fhirpath/") => "string",
            code => code,
        };
        if !types.contains(&code) {
            types.push(code);
        }
    }
    let same = text(element, "contentReference").trim_start_matches('#').strip_prefix(&format!("{of}."));
    let types = same.map_or_else(|| types.join("|"), |path| format!("@{path}"));
    let _ = write!(line, " {types}");
    if element.pointer("/binding/strength").and_then(Value::as_str) == Some("required") {
        let set = element.pointer("/binding/valueSet").and_then(Value::as_str).unwrap_or_default();
        let set = set.split('|').next().unwrap_or_default();
        sets.insert(set.to_owned());
        let _ = write!(line, " < {}", short(set));
    }
    line
}

fn short(address: &str) -> &str {
    address.strip_prefix("http://hl7.org/fhir/ValueSet/").unwrap_or(address)
}

/// Value sets and code systems by their address.
fn canonical() -> Result<BTreeMap<String, Value>, String> {
    let mut found = BTreeMap::new();
    for name in ["valuesets", "v3-codesystems", "v2-tables"] {
        for resource in bundle(name)? {
            found.insert(text(&resource, "url").to_owned(), resource);
        }
    }
    Ok(found)
}

/// The codes of a value set that lists them, or takes all of a code system that does. `None`: they are not there, as
/// of media types and currencies.
fn expand(set: &Value, known: &BTreeMap<String, Value>) -> Option<BTreeSet<String>> {
    let mut codes = BTreeSet::new();
    for include in list(set, "/compose/include") {
        for other in list(include, "/valueSet") {
            codes.extend(expand(known.get(other.as_str()?)?, known)?);
        }
        if include.get("filter").is_some() {
            return None;
        }
        let concepts = list(include, "/concept");
        if concepts.is_empty() && include.get("system").is_some() {
            below(list(known.get(text(include, "system"))?, "/concept"), &mut codes);
        }
        codes.extend(concepts.iter().map(|concept| text(concept, "code").to_owned()));
    }
    (!codes.is_empty() && codes.iter().all(|code| !code.contains(char::is_whitespace))).then_some(codes)
}

fn below(concepts: &[Value], codes: &mut BTreeSet<String>) {
    for concept in concepts {
        codes.insert(text(concept, "code").to_owned());
        below(list(concept, "/concept"), codes);
    }
}
