//! One line of the table.

use std::collections::BTreeMap;

use serde_json::Value;

use super::expression::{Alternative, Claim, Expression, Path, Root};
use super::shape::Shapes;

pub(crate) const HEADER: &str = "\
# type, code, kind, id (below http://hl7.org/fhir/SearchParameter/), expression (FHIRPath, the part of the union that
# is about this type), types (of each part of the union; `[x]` before a choice, `=` and the code system after a plain
# code), targets of references, components of composites (kind, code, expression, types; parted by `;`)";

pub(crate) struct Row {
    base: String,
    code: String,
    kind: String,
    id: String,
    expression: String,
    types: String,
    targets: String,
    components: String,
}

impl Row {
    pub(crate) fn of(
        definition: &Value,
        base: &str,
        by_url: &BTreeMap<&str, &Value>,
        shapes: &Shapes,
    ) -> Result<Self, String> {
        let text = |name: &str| definition[name].as_str().unwrap_or_default().to_owned();
        let (expression, types) = match definition["expression"].as_str() {
            Some(whole) => narrowed(whole, base, base, shapes).map_err(|why| format!("{}: {why}", text("id")))?,
            None => Default::default(),
        };
        if !expression.is_empty() || definition["expression"].is_null() {
            let mut targets: Vec<&str> =
                definition["target"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            targets.sort_unstable();
            // More than a hundred means any.
            let targets = if targets.len() > 100 { "*".to_owned() } else { targets.join(",") };
            let mut components = Vec::new();
            for component in definition["component"].as_array().into_iter().flatten() {
                components.push(part(component, &expression, base, by_url, shapes)?);
            }
            return Ok(Self {
                base: base.to_owned(),
                code: text("code"),
                kind: text("type"),
                id: text("id"),
                expression,
                types,
                targets,
                components: components.join(";"),
            });
        }
        Err(format!("{} says nothing of {base}", text("id")))
    }

    pub(crate) fn line(&self) -> String {
        [&self.base, &self.code, &self.kind, &self.id, &self.expression, &self.types, &self.targets, &self.components]
            .map(String::as_str)
            .join("\t")
    }
}

/// The members of a union that are about `base`, and the types of each.
fn narrowed(whole: &str, here: &str, base: &str, shapes: &Shapes) -> Result<(String, String), String> {
    let tree = Expression::parse(whole).map_err(|error| format!("at {}: {} expected", error.at, error.expected))?;
    let texts = parts(whole);
    if texts.len() != tree.any.len() {
        return Err("the parts of the union cannot be told apart".into());
    }
    let (mut kept, mut types) = (Vec::new(), Vec::new());
    for (text, alternative) in texts.iter().zip(&tree.any) {
        match alternative {
            // What the statements are about; their own type is boolean by their form.
            Alternative::All(claims) => {
                let Some(Claim::Exists(path) | Claim::Unlike(path, _)) = claims.first() else { continue };
                kept.push(*text);
                types.push(shapes.types(path, here, base)?);
            }
            Alternative::Path(path) if about(path, base) => {
                kept.push(*text);
                types.push(shapes.types(path, here, base)?);
            }
            Alternative::Path(_) => {}
        }
    }
    Ok((kept.join(" | "), types.join("|")))
}

fn about(path: &Path, base: &str) -> bool {
    match &path.root {
        Root::Type(name) => name == base,
        Root::Here | Root::Resource => true,
    }
}

fn part(
    component: &Value,
    here: &str,
    base: &str,
    by_url: &BTreeMap<&str, &Value>,
    shapes: &Shapes,
) -> Result<String, String> {
    let url = corrected(component["definition"].as_str().unwrap_or_default(), component);
    let definition = by_url.get(url).ok_or_else(|| format!("{url} is not defined"))?;
    let expression = component["expression"].as_str().unwrap_or_default();
    // A union of places to stand: the types are the same in each.
    let place = here.split(" | ").last().unwrap_or_default();
    let (expression, types) = narrowed(expression, place, base, shapes)?;
    let kind = definition["type"].as_str().unwrap_or_default();
    let code = definition["code"].as_str().unwrap_or_default();
    Ok(format!("{kind} {code} {} {types}", expression.replace(" | ", "|")))
}

/// `DocumentReference-relationship` of 4.0.1 has the definitions of its two components the wrong way round: `code` is said
/// to be the reference, `target` the code.
fn corrected<'a>(url: &'a str, component: &Value) -> &'a str {
    const RELATES_TO: &str = "http://hl7.org/fhir/SearchParameter/DocumentReference-relatesto";
    const RELATION: &str = "http://hl7.org/fhir/SearchParameter/DocumentReference-relation";
    match (url, component["expression"].as_str()) {
        (RELATES_TO, Some("code")) => RELATION,
        (RELATION, Some("target")) => RELATES_TO,
        _ => url,
    }
}

/// The texts between the `|` that stand outside brackets and quotes.
fn parts(whole: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut from, mut found) = (0_u32, false, 0, Vec::new());
    for (at, c) in whole.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '|' if !quoted && depth == 0 => {
                found.push(whole[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(whole[from..].trim());
    found
}
