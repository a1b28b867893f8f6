//! Rules that ask for more than a code or a word: that an element is there, what it equals, what a reference leads to.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::code::{self, Known};
use super::super::path::{Element, Path, Target};
use super::super::rule::{Rule, Takes};
use super::super::{Reach, Rules};
use super::gather::{each_reference, gather, refers};
use super::{Scope, Walk, unit};
use crate::attachment;
use crate::place::{Part, pointer};

/// Bills say each thing several times: one hit, and the whole goes.
const BILLS: &[&str] = &["Claim", "ClaimResponse", "ExplanationOfBenefit"];

/// No list of references is followed further.
const MOST_REFERENCES: usize = 500;

impl<'r, 'v> Walk<'r, 'v, '_> {
    /// All rules of this kind for a resource, at its root.
    pub(super) fn shapes(&mut self, members: &'v Map<String, Value>, scope: Scope<'v>) {
        let rules = self.rules;
        let of_type = rules.shapes.get(scope.kind).into_iter().flatten();
        for (topic, at) in of_type.chain(&rules.shapes_of_any) {
            if self.chosen.0 & (1 << topic) == 0 {
                continue;
            }
            let Some(rule) = rules.rules.get(*at) else { continue };
            if !rule.absent.iter().any(|name| members.contains_key(&**name)) {
                for path in &rule.paths {
                    self.shape((*at, rule), path, members, scope);
                }
            }
        }
    }

    fn shape(&mut self, (at, rule): (usize, &'r Rule), path: &Path, members: &'v Map<String, Value>, scope: Scope<'v>) {
        match path {
            Path::ResourceType => self.hit(rule, self.reach(scope)),
            Path::Extension(name) => self.extension(rule, name, members, scope),
            Path::Element(element) if element.of.as_deref().is_none_or(|of| of == scope.kind) => {
                self.element(rule, element, members, scope);
            }
            Path::Follow(from, to) => self.follow((at, rule), from, to, members, scope),
            Path::ReferredBy(kind, from) => self.referred_by((at, rule), kind, from, members, scope),
            _ => {}
        }
    }

    fn extension(&mut self, rule: &'r Rule, name: &str, members: &'v Map<String, Value>, scope: Scope<'v>) {
        let all = members.get("extension").and_then(Value::as_array).into_iter().flatten();
        for (at, extension) in all.enumerate() {
            let url = extension.get("url").and_then(Value::as_str).unwrap_or_default();
            if url.rsplit('/').next() == Some(name) {
                let place = format!("{}/extension/{at}", self.pointer(scope.root));
                self.hit_at(rule, place.clone(), Reach::Element(place));
            }
        }
    }

    /// That an element is there, or what it equals.
    fn element(&mut self, rule: &'r Rule, element: &Element, members: &'v Map<String, Value>, scope: Scope<'v>) {
        if rule.system.is_some() {
            return;
        }
        let mut found = Vec::new();
        gather(&element.steps, members, &mut Vec::new(), &mut found);
        for (at, value) in found {
            let equal =
                rule.equals.is_empty() || value.as_str().is_some_and(|text| rule.equals.iter().any(|e| **e == *text));
            if equal {
                let place = format!("{}{}", self.pointer(scope.root), pointer(&at));
                let reach = self.reach_of(rule, &at, &place, scope);
                self.hit_at(rule, place, reach);
            }
        }
    }

    /// What goes with an element: the part it lies in; the element where nothing else is said by it; else all.
    fn reach_of(&self, rule: &Rule, at: &[Part<'v>], place: &str, scope: Scope<'v>) -> Reach {
        let root = self.pointer(scope.root);
        for end in (1..=at.len()).rev() {
            let names = at.iter().take(end).filter_map(Part::name);
            if matches!(at.get(end - 1), Some(Part::At(_))) && unit::is_one(scope.kind, names) {
                return Reach::Element(format!("{root}{}", pointer(at.get(..end).unwrap_or_default())));
            }
        }
        let bill = BILLS.contains(&scope.kind) && rule.types.is_some();
        let whole = rule.takes == Takes::Resource || !rule.equals.is_empty() || bill;
        if whole { self.reach(scope) } else { Reach::Element(place.to_owned()) }
    }

    fn follow(
        &mut self,
        (index, rule): (usize, &'r Rule),
        from: &Element,
        to: &Target,
        members: &'v Map<String, Value>,
        scope: Scope<'v>,
    ) {
        let mut found = Vec::new();
        gather(&from.steps, members, &mut Vec::new(), &mut found);
        let mut references = Vec::new();
        for (at, value) in found {
            each_reference(value, &mut at.clone(), &mut |at, text| references.push((at.to_vec(), text)));
        }
        for (at, text) in references.into_iter().take(MOST_REFERENCES) {
            let met = match to {
                Target::ResourceType => rule.equals.iter().any(|of| **of == *self.type_behind(text)),
                _ => self.behind(text).is_some_and(|there| meets(self.rules, index, to, &there)),
            };
            if met {
                let place = format!("{}{}", self.pointer(scope.root), pointer(&at));
                let reach = match to {
                    Target::ResourceType => self.reach_of(rule, &at, &place, scope),
                    _ => self.reach(scope),
                };
                self.hit_at(rule, place, reach);
            }
        }
    }

    /// The resource at a reference: contained in this one, or elsewhere in the record.
    fn behind(&self, reference: &str) -> Option<Cow<'v, Value>> {
        match reference.strip_prefix('#') {
            Some(id) => {
                let contained = self.top.get("contained")?.as_array()?;
                contained.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id)).map(Cow::Borrowed)
            }
            None => (self.around.resolve)(reference).map(|found| Cow::Owned(found.into_owned())),
        }
    }

    fn type_behind(&self, reference: &'v str) -> Cow<'v, str> {
        if reference.starts_with('#') {
            let found = self.behind(reference);
            let kind = found.as_deref().and_then(|one| one.get("resourceType")).and_then(Value::as_str);
            return Cow::Owned(kind.unwrap_or_default().to_owned());
        }
        let path = reference.split_once("/_history/").map_or(reference, |(path, _)| path);
        Cow::Borrowed(path.rsplit('/').nth(1).unwrap_or_default())
    }

    fn referred_by(
        &mut self,
        (index, rule): (usize, &'r Rule),
        kind: &str,
        from: &Element,
        members: &'v Map<String, Value>,
        scope: Scope<'v>,
    ) {
        let Some(id) = members.get("id").and_then(Value::as_str) else { return };
        let me = format!("{}/{id}", scope.kind);
        let met = (self.around.referred_by)(&me).iter().any(|other| {
            let Some(there) = other.as_object() else { return false };
            let of_kind = there.get("resourceType").and_then(Value::as_str) == Some(kind);
            of_kind && refers(&from.steps, there, &me) && meets(self.rules, index, &Target::Anything, other)
        });
        if met {
            self.hit(rule, self.reach(scope));
        }
    }

    /// Strings that rules look at for other reasons than their words.
    pub(super) fn odd(&mut self, text: &'v str, name: &str, scope: Scope<'v>) {
        match name {
            "reference" | "contentType" => {}
            "linkId" => return self.question(text, scope),
            _ => return,
        }
        let rules = self.rules;
        let odd = rules.odd.iter().filter_map(|at| rules.rules.get(*at)).filter(|rule| self.is_chosen(rule));
        for rule in odd.filter(|rule| rule.speaks_of(scope.kind)).collect::<Vec<_>>() {
            let met = rule.paths.iter().any(|path| match path {
                Path::Reference => name == "reference" && rule.equals.iter().any(|start| refers_to(text, start)),
                Path::Named(named) => **named == *name && rule.equals.iter().any(|pattern| is_like(text, pattern)),
                _ => false,
            });
            if met {
                let element = self.pointer(self.trail.len() - 1);
                let reach = if element.is_empty() { Reach::Resource } else { Reach::Element(element) };
                self.hit(rule, reach);
            }
        }
    }

    /// Business identifiers, at any depth.
    pub(super) fn identifier(&mut self, member: &'v Value, scope: Scope<'v>) {
        let rules = self.rules;
        let odd = rules.odd.iter().filter_map(|at| rules.rules.get(*at)).filter(|rule| self.is_chosen(rule));
        for rule in odd.filter(|rule| rule.speaks_of(scope.kind)).collect::<Vec<_>>() {
            let met = rule.paths.iter().any(|path| match path {
                Path::Identifier(outside) => !self.is_outside(outside, scope),
                _ => false,
            });
            if !met {
                continue;
            }
            for at in 0..member.as_array().map_or(1, Vec::len) {
                let each = if member.is_array() { format!("/{at}") } else { String::new() };
                let place = format!("{}{each}", self.pointer(self.trail.len()));
                self.hit_at(rule, place.clone(), Reach::Element(place));
            }
        }
    }

    /// US Core: the `linkId` of an answer to a LOINC question is its code after a slash.
    fn question(&mut self, text: &str, scope: Scope<'v>) {
        let code = text.rsplit('/').next().unwrap_or_default();
        let (number, check) = code.split_once('-').unwrap_or_default();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if number.len() <= 7 && digits(number) && check.len() == 1 && digits(check) {
            self.code(Known::Loinc, code, scope);
        }
    }

    /// Sections of CDA documents in an attachment, by the roots of their templates.
    pub(super) fn cda(&mut self, members: &'v Map<String, Value>, scope: Scope<'v>) {
        let rules = self.rules;
        if !rules.shapes.contains_key(scope.kind) {
            return;
        }
        let Some(text) = attachment::xml(members) else { return };
        for (_, at) in rules.shapes.get(scope.kind).into_iter().flatten() {
            let Some(rule) = rules.rules.get(*at).filter(|rule| rule.paths.contains(&Path::CdaSection)) else {
                continue;
            };
            if attachment::template_roots(&text).any(|root| rule.words.iter().any(|wanted| **wanted == *root)) {
                let element = self.pointer(self.trail.len());
                self.hit(rule, if element.is_empty() { Reach::Resource } else { Reach::Element(element) });
            }
        }
    }
}

/// Whether what was followed to meets a rule: one of the rules it names, or its own codes.
fn meets(rules: &Rules, index: usize, to: &Target, there: &Value) -> bool {
    let wanted = match rules.rules.get(index) {
        Some(rule) if !rule.same_as.is_empty() => rule.same_as.as_slice(),
        _ => &[index],
    };
    let mut met = false;
    each_code(there, to, &mut |system, written| {
        if let Some(known) = code::system(system) {
            rules.table.find(known, written, |at| met |= wanted.contains(&at));
        }
    });
    met
}

fn each_code(there: &Value, to: &Target, found: &mut impl FnMut(&str, &str)) {
    match to {
        Target::Anything => codes_in(there, 0, found),
        Target::Element(element) => {
            let mut at = Vec::new();
            let Some(members) = there.as_object() else { return };
            gather(&element.steps, members, &mut Vec::new(), &mut at);
            at.into_iter().for_each(|(_, value)| codes_in(value, 0, found));
        }
        Target::ResourceType => {}
    }
}

fn codes_in(value: &Value, depth: usize, found: &mut impl FnMut(&str, &str)) {
    match value {
        _ if depth > super::DEEPEST => {}
        Value::Object(members) => {
            if let (Some(Value::String(system)), Some(Value::String(code))) =
                (members.get("system"), members.get("code"))
            {
                found(system, code);
            }
            members.values().for_each(|member| codes_in(member, depth + 1, found));
        }
        Value::Array(items) => items.iter().for_each(|item| codes_in(item, depth + 1, found)),
        _ => {}
    }
}

/// `Medication/` at the start of a relative reference, or as a step of an absolute one.
fn refers_to(reference: &str, start: &str) -> bool {
    reference.match_indices(start).any(|(at, _)| at == 0 || reference.as_bytes().get(at - 1) == Some(&b'/'))
}

/// Equal, or `image/*`; parameters after `;` do not count.
fn is_like(text: &str, pattern: &str) -> bool {
    let text = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == pattern,
    }
}
