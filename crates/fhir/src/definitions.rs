//! What FHIR R4 says of its types: which elements there are, how often, of which types. From the official definitions
//! by `cargo xtask definitions`.
//!
//! ```
//! use fhir::definitions::{element, value_type};
//!
//! let code = element("Observation", "component.code").unwrap();
//! assert!(code.is_required() && !code.many);
//! assert_eq!(value_type("Observation", "valueQuantity").unwrap().1, "Quantity");
//! assert!(element("Observation", "favouriteColour").is_none());
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

/// One element of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Path below the type, such as `component.value[x]`.
    pub path: &'static str,
    /// How many there must be.
    pub min: u8,
    /// More than one there may be: in JSON a list.
    pub many: bool,
    /// It changes what the rest means (`isModifier`).
    pub modifier: bool,
    /// Types of its value. More than one where the path ends with `[x]`.
    pub types: Vec<&'static str>,
    /// The path of the element whose content it has, in place of a type (`contentReference`).
    pub same_as: Option<&'static str>,
    /// The codes it may bear, sorted, where a value set is required and can be listed.
    pub codes: Option<&'static [&'static str]>,
}

impl Element {
    /// It must be there.
    pub fn is_required(&self) -> bool {
        self.min > 0
    }
}

/// The element at a path below a type: `element("Observation", "component.code")`. Elements that every resource or
/// every element has are found too. A choice is written `value[x]` or with its type, `valueQuantity`.
pub fn element(of: &str, path: &str) -> Option<&'static Element> {
    located(of, path).map(|(_, found)| found)
}

/// The element, and the type whose own it is: below another type or a repeated element the path starts anew.
fn located(of: &str, path: &str) -> Option<(&'static str, &'static Element)> {
    let within = |of: &str, path: &str| {
        let (name, table) = TABLES.types.get_key_value(of)?;
        Some((*name, table.find(path)?))
    };
    TABLES.types.get(of)?;
    if let Some(found) = within(of, path) {
        return Some(found);
    }
    let (inside, last) = path.rsplit_once('.').unwrap_or(("", path));
    if inside.is_empty() {
        let of_all = if is_resource(of) { "DomainResource" } else { "Element" };
        return within(of_all, last).or_else(|| within("Resource", last));
    }
    let (owner, parent) = located(of, inside)?;
    match (parent.same_as, parent.types.as_slice()) {
        (Some(same), _) => located(owner, &format!("{same}.{last}")),
        (None, ["BackboneElement" | "Element"]) => {
            within(owner, &format!("{}.{last}", parent.path)).or_else(|| within("BackboneElement", last))
        }
        (None, [one]) => located(one, last),
        (None, _) => located(value_type(of, inside)?.1, last),
    }
}

/// The element that a member of JSON is, with the type of its value: `Observation`, `valueQuantity` gives the element
/// `value[x]` and `Quantity`. `None` for a choice without its type.
pub fn value_type(of: &str, path: &str) -> Option<(&'static Element, &'static str)> {
    let found = element(of, path)?;
    let name = |path: &'static str| path.rsplit('.').next().unwrap_or(path);
    let one = match name(found.path).strip_suffix("[x]") {
        None => found.types.first().copied(),
        Some(stem) => {
            let named = path.rsplit('.').next()?.strip_prefix(stem)?;
            found.types.iter().copied().find(|known| is_named(named, known))
        }
    };
    Some((found, one.or(found.same_as.and(Some("BackboneElement")))?))
}

/// All elements of a type, except those that every resource or element has.
pub fn elements(of: &str) -> &'static [Element] {
    TABLES.types.get(of).map_or(&[], |table| table.elements.as_slice())
}

/// Whether it is a resource type of R4.
pub fn is_resource(name: &str) -> bool {
    RESOURCES.binary_search(&name).is_ok()
}

/// The codes of a value set of FHIR by the end of its address, such as `observation-status`; sorted.
pub fn codes(value_set: &str) -> Option<&'static [&'static str]> {
    TABLES.sets.get(value_set).map(Vec::as_slice)
}

struct Tables {
    types: HashMap<&'static str, Table>,
    sets: HashMap<&'static str, Vec<&'static str>>,
}

#[derive(Default)]
struct Table {
    elements: Vec<Element>,
    by_path: HashMap<&'static str, usize>,
}

impl Table {
    fn find(&self, path: &str) -> Option<&Element> {
        if let Some(at) = self.by_path.get(path) {
            return self.elements.get(*at);
        }
        // `valueQuantity` stands for `value[x]`.
        self.elements.iter().find(|element| {
            let stem = element.path.strip_suffix("[x]");
            let named = stem.and_then(|stem| path.strip_prefix(stem));
            named.is_some_and(|named| element.types.iter().any(|known| is_named(named, known)))
        })
    }
}

/// Whether `Quantity` or `DateTime`, as the end of a choice, names the type.
fn is_named(end: &str, of_type: &str) -> bool {
    let (mut end, mut of_type) = (end.chars(), of_type.chars());
    let first = end.next().zip(of_type.next());
    first.is_some_and(|(upper, first)| upper == first.to_ascii_uppercase()) && end.as_str() == of_type.as_str()
}

static RESOURCES: LazyLock<&[&str]> = LazyLock::new(|| codes("resource-types").unwrap_or_default());

static TABLES: LazyLock<Tables> = LazyLock::new(|| read(include_str!("definitions/elements.txt")));
static CODES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("definitions/codes.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).map(|(set, codes)| (set, codes.split(' ').collect())).collect()
});

fn read(text: &'static str) -> Tables {
    let mut types: HashMap<&'static str, Table> = HashMap::new();
    let mut of = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('=') {
            of = name;
            types.entry(of).or_default();
        } else if let (Some(read), Some(table)) = (one(line), types.get_mut(of)) {
            table.by_path.insert(read.path, table.elements.len());
            table.elements.push(read);
        }
    }
    Tables { types, sets: CODES.clone() }
}

/// `component.code 1 1 CodeableConcept`
fn one(line: &'static str) -> Option<Element> {
    let (line, set) = line.split_once(" < ").map_or((line, None), |(line, set)| (line, Some(set)));
    let mut words = line.split(' ');
    let (path, min, max) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
    let types = words.next_back()?;
    let same_as = types.strip_prefix('@');
    Some(Element {
        path,
        min,
        many: max != "1" && max != "0",
        modifier: words.next() == Some("!"),
        types: if same_as.is_some() { Vec::new() } else { types.split('|').collect() },
        same_as,
        codes: set.and_then(|set| CODES.get(set)).map(Vec::as_slice),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_by_its_path_with_number_types_and_codes() {
        let status = element("Observation", "status").unwrap();
        assert!(status.is_required() && status.modifier && !status.many);
        assert!(status.codes.unwrap().contains(&"entered-in-error"));
        let item = element("List", "entry.item").unwrap();
        assert!(item.is_required() && item.types == ["Reference"]);
        assert!(element("List", "entry").unwrap().many);
    }

    #[test]
    fn what_all_resources_have_is_found_for_each() {
        assert_eq!(element("Observation", "meta").unwrap().types, ["Meta"]);
        assert_eq!(element("Binary", "language").unwrap().types, ["code"]);
        assert!(element("Observation", "modifierExtension").unwrap().modifier);
        assert!(element("Observation", "component.modifierExtension").unwrap().modifier);
        assert_eq!(element("Observation", "contained").unwrap().types, ["Resource"]);
    }

    #[test]
    fn a_path_leads_through_data_types_and_elements_that_are_like_another() {
        assert_eq!(element("Observation", "code.coding.system").unwrap().types, ["uri"]);
        assert_eq!(element("Observation", "valueQuantity.comparator").unwrap().path, "comparator");
        let low = element("Observation", "component.referenceRange.low").unwrap();
        assert_eq!(low.path, "referenceRange.low");
        assert!(element("QuestionnaireResponse", "item.answer.item.item.linkId").unwrap().is_required());
        assert!(element("Consent", "provision.provision.data.meaning").unwrap().is_required());
        let often = element("MedicationRequest", "dosageInstruction.timing.repeat.frequency").unwrap();
        assert_eq!(often.types, ["positiveInt"]);
    }

    #[test]
    fn a_choice_is_known_by_the_type_at_its_end() {
        let (element, of) = value_type("Patient", "deceasedDateTime").unwrap();
        assert_eq!((element.path, of), ("deceased[x]", "dateTime"));
        assert!(value_type("Patient", "deceasedQuantity").is_none());
        assert!(value_type("Observation", "value[x]").is_none());
        assert!(value_type("Observation", "value").is_none());
    }

    #[test]
    fn what_is_not_r4_is_not_there() {
        for (of, path) in [
            ("Observation", "triggeredBy"),
            ("Nutriment", "id"),
            ("", ""),
            ("Observation", ".."),
            ("Observation", "code."),
        ] {
            assert!(element(of, path).is_none(), "{of} {path}");
        }
        assert!(is_resource("Observation") && !is_resource("Quantity") && !is_resource("InventoryItem"));
    }

    #[test]
    fn every_type_that_an_element_names_is_there() {
        for (name, table) in &TABLES.types {
            for element in &table.elements {
                for of in &element.types {
                    let primitive = of.starts_with(|first: char| first.is_ascii_lowercase());
                    assert!(primitive || *of == "*" || TABLES.types.contains_key(of), "{name} {element:?}");
                }
                assert!(element.same_as.is_none_or(|path| table.find(path).is_some()), "{name} {element:?}");
                assert!(!element.types.is_empty() || element.same_as.is_some(), "{name} {element:?}");
            }
        }
        assert!(TABLES.types.len() > 180);
    }
}
