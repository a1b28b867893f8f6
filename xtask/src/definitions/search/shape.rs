//! What the definitions say of elements: their types, and the code system that a plain code belongs to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::expression::{Path, Root, Step};

/// One element: its types, whether its name ends in `[x]`, where its content is described if not here, its code system.
#[derive(Debug, Default)]
struct Element {
    types: Vec<String>,
    choice: bool,
    same_as: Option<String>,
    system: Option<String>,
}

/// Every element of every type, by its path.
pub(crate) struct Shapes {
    elements: BTreeMap<String, Element>,
    /// Each with what it is a kind of.
    resources: BTreeMap<String, String>,
}

impl Shapes {
    pub(crate) fn read(bundles: &[Value]) -> Self {
        let mut shapes = Self { elements: BTreeMap::new(), resources: BTreeMap::new() };
        let all = || bundles.iter().flat_map(|b| b["entry"].as_array().into_iter().flatten()).map(|e| &e["resource"]);
        let value_sets: BTreeMap<&str, &Value> =
            all().filter(|r| r["resourceType"] == "ValueSet").filter_map(|r| Some((r["url"].as_str()?, r))).collect();
        for definition in all().filter(|r| r["resourceType"] == "StructureDefinition") {
            let name = definition["type"].as_str().unwrap_or_default();
            // In the package, and not in R4.
            if definition["derivation"] == "constraint" || name == "SubscriptionStatus" {
                continue;
            }
            if definition["kind"] == "resource" {
                let base = definition["baseDefinition"].as_str().and_then(|url| url.rsplit('/').next());
                shapes.resources.insert(name.to_owned(), base.unwrap_or_default().to_owned());
            }
            for element in definition["snapshot"]["element"].as_array().into_iter().flatten() {
                shapes.add(element, &value_sets);
            }
        }
        shapes
    }

    fn add(&mut self, element: &Value, value_sets: &BTreeMap<&str, &Value>) {
        let Some(path) = element["path"].as_str() else { return };
        let types: Vec<String> = element["type"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|t| t["code"].as_str())
            .map(|code| code.rsplit('/').next().unwrap_or(code).replace("System.String", "string"))
            .map(|code| code.replace("http://hl7.org/fhirpath/", ""))
            .collect();
        let system = (element["binding"]["strength"] == "required")
            .then(|| element["binding"]["valueSet"].as_str())
            .flatten()
            .and_then(|url| only_system(value_sets.get(url.split('|').next()?)?));
        let same_as = element["contentReference"].as_str().map(|to| to.trim_start_matches('#').to_owned());
        let choice = path.ends_with("[x]");
        let path = path.trim_end_matches("[x]").to_owned();
        self.elements.entry(path).or_insert(Element { types, choice, same_as, system });
    }

    pub(crate) fn is_resource(&self, name: &str) -> bool {
        self.resources.contains_key(name)
    }

    /// The types that can be held, one a line.
    pub(crate) fn resources(&self) -> Vec<String> {
        let held = self.resources.iter().filter(|(name, _)| !matches!(name.as_str(), "Resource" | "DomainResource"));
        held.map(|(name, base)| format!("{name}\t{base}")).collect()
    }

    /// The types of what the path leads to, as the table writes them, seen from an element of type or path `here`.
    pub(crate) fn types(&self, path: &Path, here: &str, base: &str) -> Result<String, String> {
        let mut at = match &path.root {
            Root::Type(name) => name.clone(),
            Root::Here => here.to_owned(),
            Root::Resource => base.to_owned(),
        };
        let mut written = at.clone();
        let mut open = false;
        for step in &path.steps {
            match step {
                Step::Member(name) => {
                    if open {
                        return Err(format!("{at} has a choice of types in the middle of {path:?}"));
                    }
                    let below = self.below(&at, name).ok_or_else(|| format!("{at} has no {name}"))?;
                    let element = self.elements.get(&below).ok_or_else(|| format!("{below} is not defined"))?;
                    open = element.choice;
                    written = written_types(element);
                    at = self.content(&below);
                }
                Step::As(name) => {
                    // R4 writes `DateTime` in one place where the type is `dateTime`.
                    let type_name = match self.elements.contains_key(name.as_str()) {
                        true => name.clone(),
                        false => lower_first(name),
                    };
                    if !self.elements.contains_key(&type_name) {
                        return Err(format!("there is no type {name}"));
                    }
                    written.clone_from(&type_name);
                    at = type_name;
                    open = false;
                }
                Step::Extension(_) => return Err("extensions have no type here".into()),
                Step::Index(_) | Step::ResolvesTo(_) | Step::Where(..) => {}
            }
        }
        Ok(written)
    }

    /// Path of a member: of the element itself, or of its type.
    fn below(&self, at: &str, name: &str) -> Option<String> {
        let own = format!("{at}.{name}");
        if self.elements.contains_key(&own) {
            return Some(own);
        }
        let types = &self.elements.get(at)?.types;
        types.iter().map(|t| format!("{t}.{name}")).find(|path| self.elements.contains_key(path))
    }

    fn content(&self, path: &str) -> String {
        self.elements.get(path).and_then(|e| e.same_as.clone()).unwrap_or_else(|| path.to_owned())
    }
}

fn written_types(element: &Element) -> String {
    let one = |name: &String| match &element.system {
        Some(system) if name == "code" => format!("code={system}"),
        _ => name.clone(),
    };
    let all: Vec<String> = element.types.iter().map(one).collect();
    if element.choice { format!("[x]{}", all.join(",")) } else { all.join(",") }
}

/// The code system of a value set that takes all its codes from one.
fn only_system(value_set: &Value) -> Option<String> {
    let mut systems: Vec<&str> = value_set["compose"]["include"]
        .as_array()?
        .iter()
        .map(|include| include["system"].as_str())
        .collect::<Option<_>>()?;
    systems.dedup();
    match systems.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
