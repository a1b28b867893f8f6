//! The files that ship, and how they become [`Rules`].

use std::collections::{HashMap, HashSet};

use super::path::Path;
use super::rule::{File, Rule, Written};
use super::table::Table;
use super::words::Words;
use super::{Licensed, Rules, RulesError, Topic};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(include_str!(concat!("../../topics/", $name, ".json"))),*]
    };
}

/// In the order in which topics are shown.
const TOPICS: &[&str] = shipped![
    "medications",
    "mental-health",
    "psychotherapy-notes",
    "substance-use",
    "sexual-reproductive",
    "hiv",
    "genetic",
    "violence-abuse",
    "developmental-disability",
    "communicable",
    "social-needs",
    "billing",
    "documents",
    "images",
    "labs",
    "vitals",
    "immunizations",
    "allergies",
    "conditions",
    "encounters",
    "care-team-contacts",
    "identity",
];

fn licensed(of: Licensed) -> &'static str {
    match of {
        Licensed::Cpt => include_str!("../../topics/optional/cpt.json"),
        Licensed::SnomedCt => include_str!("../../topics/optional/snomed-ct.json"),
    }
}

pub(super) fn read(more: &[Licensed]) -> Result<Rules, RulesError> {
    let texts = TOPICS.iter().copied().chain(more.iter().map(|of| licensed(*of)));
    compile(texts)
}

/// Topics first, then files that bring more rules for them.
pub(super) fn compile<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Rules, RulesError> {
    let mut topics = Vec::new();
    let mut written = Vec::new();
    for text in texts {
        let file: File = serde_json::from_str(text).map_err(|_| RulesError::File)?;
        written.extend(file.rules);
        if !file.names.en.is_empty() {
            let File { id, names, why, sensitivity, related, .. } = file;
            topics.push(Topic { id, names, why, sensitivity, related });
        }
    }
    if topics.len() > 64 {
        return Err(RulesError::File);
    }
    let mut rules = Vec::new();
    let mut ids = HashSet::new();
    for one in &written {
        let name = one.id.rsplit_once('-').map_or("", |(topic, _)| topic);
        let stray = || RulesError::Stray { rule: one.id.clone() };
        let topic = topics.iter().position(|topic: &Topic| *topic.id == *name).ok_or_else(stray)?;
        let rule = Rule::read(one, topic)?;
        if !ids.insert(&*one.id) {
            return Err(stray());
        }
        rules.push(rule);
    }
    join(&mut rules, &written)?;
    index(topics, rules, &written)
}

/// Finds the rules that others name in `as`. One that was not shipped with its licence is passed over.
fn join(rules: &mut [Rule], written: &[Written]) -> Result<(), RulesError> {
    let at: HashMap<&str, usize> = written.iter().enumerate().map(|(at, one)| (&*one.id, at)).collect();
    for (rule, one) in rules.iter_mut().zip(written) {
        rule.same_as = one.same_as.iter().filter_map(|id| at.get(&**id).copied()).collect();
        if rule.same_as.is_empty() && !one.same_as.is_empty() {
            return Err(RulesError::Stray { rule: one.id.clone() });
        }
    }
    Ok(())
}

fn index(topics: Vec<Topic>, rules: Vec<Rule>, written: &[Written]) -> Result<Rules, RulesError> {
    let mut table = Table::default();
    let mut words: Vec<(&str, usize)> = Vec::new();
    let mut shapes: HashMap<Box<str>, Vec<(usize, usize)>> = HashMap::new();
    let mut odd = Vec::new();
    let mut shapes_of_any = Vec::new();
    for (at, (rule, one)) in rules.iter().zip(written).enumerate() {
        if one.present == Some(false) {
            continue;
        }
        let mut tests = false;
        if let Some(known) = rule.system {
            table.add(known, one, at);
            tests = true;
        }
        // Roots of CDA sections and names of extensions are no words.
        let worded = !rule.paths.iter().any(|path| matches!(path, Path::CdaSection | Path::Extension(_)));
        if worded {
            words.extend(one.text.iter().map(|word| (&**word, at)));
            tests |= !one.text.is_empty();
        }
        if is_shape(rule, one) {
            tests = true;
            let entry = (rule.topic, at);
            match &rule.types {
                None => shapes_of_any.push(entry),
                Some(types) => types.iter().for_each(|of| shapes.entry(of.clone()).or_default().push(entry)),
            }
            if rule.paths.iter().any(|path| matches!(path, Path::Reference | Path::Named(_) | Path::Identifier(_))) {
                odd.push(at);
            }
        }
        if !tests {
            return Err(RulesError::Idle { rule: one.id.clone() });
        }
    }
    let words = Words::new(words);
    Ok(Rules { topics, rules, table, words, shapes, shapes_of_any, odd })
}

/// Whether a rule asks for more than codes and words where the walk finds them.
fn is_shape(rule: &Rule, one: &Written) -> bool {
    let coded = rule.system.is_some();
    rule.paths.iter().any(|path| match path {
        Path::Follow(..) | Path::ReferredBy(..) | Path::CdaSection | Path::Extension(_) => true,
        _ => !coded && one.text.is_empty(),
    })
}

#[cfg(test)]
mod tests;
