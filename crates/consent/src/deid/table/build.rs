//! Reads the allow-list and joins it with the definitions of FHIR R4.

use std::collections::HashMap;

use fhir::definitions::{self, Element};

use super::{Kind, Member, Required, Rule, Shape, Table};

/// What must be there beyond the numbers of its elements (invariants obs-3, con-1, mad-1, rat-1): of each, one at least.
const NEEDS: [(&str, &str, &[&str]); 5] = [
    ("Observation", "referenceRange", &["low", "high"]),
    ("Condition", "stage", &["summary", "assessment"]),
    ("MedicationAdministration", "dosage", &["dose", "rateRatio", "rateQuantity"]),
    ("Ratio", "", &["numerator"]),
    ("Ratio", "", &["denominator"]),
];

/// One word of the allow-list.
pub(super) struct Line {
    pub(super) path: &'static str,
    rule: Rule,
    substance: bool,
}

pub(super) fn read(text: &'static str) -> Table {
    let mut listed: Vec<(&'static str, Vec<Line>)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(of) = line.strip_prefix('=') {
            listed.push((of, Vec::new()));
        } else if let Some((_, lines)) = listed.last_mut() {
            lines.extend(line.split_whitespace().filter_map(one));
        }
    }
    let mut table = Table { types: HashMap::new(), shapes: Vec::new(), substance: Vec::new() };
    for (of, lines) in &listed {
        table.types.insert(of, table.shapes.len());
        table.shapes.push(Shape::default());
        if lines.iter().any(|line| line.substance) {
            table.substance.push(of);
        }
    }
    for (of, lines) in &listed {
        let mut inner = HashMap::from([("", table.types.get(of).copied().unwrap_or_default())]);
        build(&mut table, of, "", lines, &mut inner);
    }
    table
}

pub(super) fn one(word: &'static str) -> Option<Line> {
    let (path, rule) = word.split_once(':').unwrap_or((word, ""));
    let rule = match rule {
        "" => Rule::OfType,
        "birth" => Rule::Birth,
        "death" => Rule::Death,
        "age" => Rule::Age,
        "relative-age" => Rule::RelativeAge,
        "person" => Rule::Person,
        "mask" => Rule::Mask,
        "measured" => Rule::Measured,
        "answer" => Rule::Answer,
        "link" => Rule::Link,
        "definition" => Rule::Definition,
        "uid" => Rule::Uid,
        "state" => Rule::State,
        "country" => Rule::Country,
        "zip" => Rule::Zip,
        "date" => Rule::Date,
        "samples" => Rule::Samples,
        "known-gone" => Rule::KnownGone,
        _ => return None,
    };
    Some(Line { path: path.trim_start_matches('*'), rule, substance: path.starts_with('*') })
}

/// Fills the shape of the object at `inside`, and of those below it.
fn build(
    table: &mut Table,
    of: &'static str,
    inside: &'static str,
    lines: &[Line],
    inner: &mut HashMap<&'static str, usize>,
) {
    let mut shape =
        Shape { unknown: leak(of, inside, "?"), extension: leak(of, inside, "extension"), ..Shape::default() };
    let below = |path: &'static str| match inside {
        "" => Some(path),
        _ => path.strip_prefix(inside).and_then(|rest| rest.strip_prefix('.')),
    };
    let mut names: Vec<&'static str> = Vec::new();
    for rest in lines.iter().filter_map(|line| below(line.path)) {
        let name = rest.split('.').next().unwrap_or(rest);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let full = lines.iter().map(|line| line.path).find_map(|path| {
            let rest = below(path)?;
            rest.strip_prefix(name)
                .filter(|end| end.is_empty() || end.starts_with('.'))
                .map(|end| path.len() - end.len())
                .and_then(|end| path.get(..end))
        });
        let Some(full) = full else { continue };
        // `address.state` names an element inside a data type; it has a shape of its own here.
        let Some(element) = definitions::element(of, full) else { continue };
        let line = lines.iter().find(|line| line.path == full);
        let substance = lines.iter().any(|line| {
            line.substance
                && (line.path == full || line.path.strip_prefix(full).is_some_and(|end| end.starts_with('.')))
        });
        let rule = line.map_or(Rule::OfType, |line| line.rule);
        let own = lines.iter().any(|line| line.path.strip_prefix(full).is_some_and(|end| end.starts_with('.')));
        for (key, of_type) in keys(name, element) {
            let path = if key == name { leak(of, full, "") } else { leak(of, inside, key) };
            let kind = if own {
                let at = table.shapes.len();
                table.shapes.push(Shape::default());
                inner.insert(full, at);
                build(table, of, full, lines, inner);
                Kind::Object(at)
            } else if let Some(same) = element.same_as {
                inner.get(same).map_or(Kind::Gone, |at| Kind::Object(*at))
            } else {
                kind(table, element, of_type, rule)
            };
            let required = element.is_required();
            shape.members.insert(
                key,
                Member { key, path, kind, rule, many: element.many, required, modifier: element.modifier, substance },
            );
        }
    }
    shape.required = required(of, inside);
    for element in direct(of, inside) {
        let name = element.path.rsplit('.').next().unwrap_or(element.path);
        for (key, _) in keys(name, element).into_iter().filter(|(key, _)| !shape.members.contains_key(key)) {
            shape.gone.insert(key, leak(of, inside, name));
        }
    }
    // What modifies and is not listed: its loss changes what the rest means.
    for element in direct(of, inside).filter(|element| element.modifier) {
        let name = element.path.rsplit('.').next().unwrap_or(element.path);
        for (key, _) in keys(name, element) {
            shape.members.entry(key).or_insert_with(|| Member {
                key,
                path: leak(of, inside, key),
                kind: Kind::Gone,
                rule: Rule::OfType,
                many: element.many,
                required: element.is_required(),
                modifier: true,
                substance: false,
            });
        }
    }
    if let Some(place) = inner.get(inside).copied().and_then(|at| table.shapes.get_mut(at)) {
        *place = shape;
    }
}

/// Elements right below a path.
fn direct(of: &'static str, inside: &'static str) -> impl Iterator<Item = &'static Element> {
    // An element inside a data type, such as `address`, has the elements of that type.
    let type_of = definitions::element(of, inside).and_then(|element| element.types.first().copied());
    let (of, inside) = match type_of {
        Some(name) if !["BackboneElement", "Element"].contains(&name) => (name, ""),
        _ => (of, inside),
    };
    definitions::elements(of).iter().filter(move |element| {
        let rest = match inside {
            "" => Some(element.path),
            _ => element.path.strip_prefix(inside).and_then(|rest| rest.strip_prefix('.')),
        };
        rest.is_some_and(|rest| !rest.contains('.'))
    })
}

fn required(of: &'static str, inside: &'static str) -> Vec<Required> {
    let needed = direct(of, inside).filter(|element| element.is_required());
    let beyond = NEEDS.iter().filter(|(other, path, _)| *other == of && *path == inside);
    let beyond = beyond.map(|(.., keys)| Required { path: leak(of, inside, ""), keys: keys.to_vec() });
    needed
        .map(|element| {
            let name = element.path.rsplit('.').next().unwrap_or(element.path);
            Required {
                path: leak(of, inside, name),
                keys: keys(name, element).into_iter().map(|(key, _)| key).collect(),
            }
        })
        .chain(beyond)
        .collect()
}

/// The names an element has in JSON, each with its type.
fn keys(name: &'static str, element: &'static Element) -> Vec<(&'static str, &'static str)> {
    let Some(stem) = name.strip_suffix("[x]") else {
        return vec![(name, element.types.first().copied().unwrap_or_default())];
    };
    let upper = |of: &str| of.get(..1).unwrap_or_default().to_ascii_uppercase() + of.get(1..).unwrap_or_default();
    element.types.iter().map(|of| (&*format!("{stem}{}", upper(of)).leak(), *of)).collect()
}

fn kind(table: &Table, element: &'static Element, of: &'static str, rule: Rule) -> Kind {
    match (rule, of) {
        (Rule::KnownGone, _) => Kind::Gone,
        (Rule::Date, "Duration") => Kind::Gone,
        (Rule::Link | Rule::Definition | Rule::Uid | Rule::State | Rule::Country | Rule::Zip | Rule::Samples, _) => {
            Kind::Text
        }
        (_, "boolean") => Kind::Boolean,
        (_, "decimal" | "integer" | "positiveInt" | "unsignedInt") => Kind::Number,
        (_, "code") => element.codes.map_or(Kind::Gone, Kind::Code),
        (_, "date" | "dateTime") => Kind::Date,
        (_, "instant") => Kind::Instant,
        (_, "Coding") => Kind::Coding,
        (_, "CodeableConcept") => Kind::Concept,
        (_, "Quantity" | "Age" | "Duration" | "Count" | "Distance") => Kind::Quantity,
        (_, "Reference") => Kind::Reference,
        (_, of) => table.types.get(of).map_or(Kind::Gone, |at| Kind::Object(*at)),
    }
}

/// A path that lives as long as the table; made once.
fn leak(of: &str, inside: &str, name: &str) -> &'static str {
    let mut path = of.to_owned();
    for part in [inside, name].into_iter().filter(|part| !part.is_empty()) {
        path.push('.');
        path.push_str(part);
    }
    path.leak()
}
