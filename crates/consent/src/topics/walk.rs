//! One walk over a resource: Codings and texts with their places, each looked up once.

use serde_json::{Map, Value};

use super::code::{self, Known};
use super::path::{Element, Outside, Path, Step};
use super::rule::Rule;
use super::{Around, Chosen, Hit, Reach, Rules};
use crate::place::{self, Part};

mod gather;
mod shape;
mod unit;

/// serde_json reads no deeper; a value built otherwise is not followed further.
const DEEPEST: usize = 160;

/// Members whose strings name things.
const NAMING: &[&str] = &["text", "div", "display", "name", "alias", "title", "description"];

pub(super) fn judge<'r>(rules: &'r Rules, chosen: Chosen, resource: &Value, around: &Around<'_>) -> Vec<Hit<'r>> {
    if chosen.0 == 0 {
        return Vec::new();
    }
    let mut walk =
        Walk { rules, chosen, around, top: resource, trail: Vec::new(), named: Vec::new(), hits: Vec::new() };
    walk.value(resource, Scope { kind: "", root: 0, home: None, unit: None, label: None, coding: false, judged: 0 });
    walk.hits
}

/// What holds from here on down.
#[derive(Debug, Clone, Copy)]
struct Scope<'v> {
    /// Type of the innermost resource.
    kind: &'v str,
    /// Length of the trail at that resource.
    root: usize,
    /// Length of the trail at the part that this resource is of another; none: it is the whole.
    home: Option<usize>,
    /// Length of the trail at the smallest part that can go by itself; none: the whole resource.
    unit: Option<usize>,
    /// Length of the trail at the element that an inline label speaks of.
    label: Option<usize>,
    /// In a Coding, whose display names a code and no place.
    coding: bool,
    /// Where the rules begin that codes of this concept have met.
    judged: usize,
}

struct Walk<'r, 'v, 'a> {
    rules: &'r Rules,
    chosen: Chosen,
    around: &'v Around<'a>,
    top: &'v Value,
    trail: Vec<Part<'v>>,
    /// Rules that codes of the concepts around here have met.
    named: Vec<&'r Rule>,
    hits: Vec<Hit<'r>>,
}

impl<'r, 'v> Walk<'r, 'v, '_> {
    fn value(&mut self, value: &'v Value, scope: Scope<'v>) {
        if self.trail.len() > DEEPEST {
            return;
        }
        match value {
            Value::Object(members) => self.object(members, scope),
            Value::Array(items) => {
                let one = unit::is_one(scope.kind, self.names(scope));
                for (at, item) in items.iter().enumerate() {
                    self.trail.push(Part::At(at));
                    let unit = if one { Some(self.trail.len()) } else { scope.unit };
                    match item {
                        Value::String(text) => self.string(text, Scope { unit, ..scope }),
                        _ => self.value(item, Scope { unit, ..scope }),
                    }
                    self.trail.pop();
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, members: &'v Map<String, Value>, mut scope: Scope<'v>) {
        if let Some(Value::String(kind)) = members.get("resourceType") {
            scope = Scope { kind, root: self.trail.len(), home: scope.unit, label: None, judged: 0, ..scope };
            self.shapes(members, scope);
        }
        if let Some(Value::String(url)) = members.get("url") {
            scope.label = if url.ends_with("inline-sec-label") { self.labelled() } else { scope.label };
        }
        scope.coding = members.contains_key("system") || members.contains_key("code");
        let named = self.named.len();
        if let Some(Value::Array(codings)) = members.get("coding") {
            scope.judged = named;
            for (at, coding) in codings.iter().enumerate() {
                self.trail.extend([Part::Name("coding"), Part::At(at)]);
                self.coding(coding, scope);
                self.trail.truncate(self.trail.len() - 2);
            }
        } else if members.contains_key("system") && !self.in_concept() {
            scope.judged = named;
            self.bare(members, scope);
        }
        if members.contains_key("contentType") {
            self.cda(members, scope);
        }
        for (name, member) in members {
            self.trail.push(Part::Name(name));
            match member {
                Value::String(text) => self.string(text, scope),
                Value::Object(_) | Value::Array(_) => {
                    if name == "identifier" {
                        self.identifier(member, scope);
                    }
                    let unit = unit::is_lone(scope.kind, self.names(scope)).then_some(self.trail.len());
                    self.value(member, Scope { unit: unit.or(scope.unit), ..scope });
                }
                _ => {}
            }
            self.trail.pop();
        }
        self.named.truncate(named);
    }

    /// Whether this is a Coding that its concept has looked up.
    fn in_concept(&self) -> bool {
        matches!(self.trail.as_slice(), [.., Part::Name("coding"), Part::At(_)])
    }

    /// The element whose `extension` the walk is in.
    fn labelled(&self) -> Option<usize> {
        let parts = self.trail.as_slice();
        matches!(parts, [.., Part::Name("extension"), Part::At(_)]).then(|| parts.len() - 2)
    }

    fn coding(&mut self, coding: &'v Value, scope: Scope<'v>) {
        if let Some(members) = coding.as_object() {
            self.bare(members, scope);
        }
    }

    fn bare(&mut self, members: &'v Map<String, Value>, scope: Scope<'v>) {
        if let (Some(Value::String(system)), Some(Value::String(written))) =
            (members.get("system"), members.get("code"))
            && let Some(known) = code::system(system)
        {
            self.code(known, written, scope);
        }
    }

    /// Looks one code up.
    fn code(&mut self, known: Known, written: &str, scope: Scope<'v>) {
        let rules = self.rules;
        rules.table.find(known, written, |at| {
            let Some(rule) = rules.rules.get(at).filter(|rule| self.is_chosen(rule)) else { return };
            self.named.push(rule);
            if rule.speaks_of(scope.kind) && self.looks_at_code(rule, scope) && self.is_without(rule, scope) {
                let reach = self.reach_of_code(rule, scope);
                self.hit(rule, reach);
            }
        });
    }

    /// Whether the resource is without the elements that the rule wants absent.
    fn is_without(&self, rule: &Rule, scope: Scope<'v>) -> bool {
        rule.absent.is_empty() || {
            let resource = self.top.pointer(&self.pointer(scope.root));
            resource.is_none_or(|resource| rule.absent.iter().all(|name| resource.get(&**name).is_none()))
        }
    }

    fn is_outside(&self, outside: &[Outside], scope: Scope<'v>) -> bool {
        outside.iter().any(|but| *but.of == *scope.kind && self.below(&but.steps, scope).is_some())
    }

    fn reach_of_code(&self, rule: &Rule, scope: Scope<'v>) -> Reach {
        let label = rule.paths.iter().any(|path| match path {
            Path::InlineLabel => true,
            Path::Element(element) => element.is_label(),
            _ => false,
        });
        match scope.label {
            Some(at) if label => self.labelled_element(at),
            // Also the law that a label names in an extension.
            None if label => self.whole(scope),
            _ => self.reach(scope),
        }
    }

    /// A label on the resource, or on an element of it.
    fn in_label(&self, scope: Scope<'v>) -> bool {
        let mut names = self.names(scope);
        scope.label.is_some() || (names.next() == Some("meta") && names.next() == Some("security"))
    }

    fn looks_at_code(&self, rule: &Rule, scope: Scope<'v>) -> bool {
        rule.paths.iter().any(|path| match path {
            Path::Coding(outside) => !self.is_outside(outside, scope),
            Path::Element(element) if element.is_label() => self.in_label(scope),
            Path::Element(element) => {
                element.of.as_deref().is_none_or(|of| of == scope.kind)
                    && (self.below(&element.steps, scope).is_some_and(|rest| rest == 0 || self.coding_left(rest))
                        || (element.only() == Some("code") && self.in_answer(scope)))
            }
            Path::InlineLabel => scope.label.is_some(),
            _ => false,
        })
    }

    /// Whether the code is that of a question, which an answer bears in `linkId` only.
    fn in_answer(&self, scope: Scope<'v>) -> bool {
        scope.kind == "QuestionnaireResponse" && matches!(self.trail.last(), Some(Part::Name("linkId")))
    }

    /// Whether what is left of the trail is only `coding`.
    fn coding_left(&self, rest: usize) -> bool {
        rest == 1 && self.trail.iter().rev().find_map(Part::name) == Some("coding")
    }

    /// How many names are left of the trail after these steps; `None` where they do not lead here. Sections lie within
    /// sections, and items within items.
    fn below(&self, steps: &[Step], scope: Scope<'v>) -> Option<usize> {
        let mut names = self.names(scope);
        for step in steps {
            let name = names.next().filter(|name| step.is(name))?;
            if matches!(name, "section" | "item") {
                while let Some(after) = further_in(name, names.clone()) {
                    names = after;
                }
            }
        }
        Some(names.count())
    }

    /// Names from the root of the innermost resource to here.
    fn names(&self, scope: Scope<'v>) -> impl Iterator<Item = &'v str> + Clone {
        self.trail.get(scope.root..).unwrap_or_default().iter().filter_map(Part::name)
    }

    fn string(&mut self, text: &'v str, scope: Scope<'v>) {
        let Some(name) = self.trail.iter().rev().find_map(Part::name) else { return };
        if NAMING.contains(&name) {
            self.words(text, name, scope);
        }
        self.odd(text, name, scope);
    }

    fn words(&mut self, text: &'v str, name: &str, scope: Scope<'v>) {
        let rules = self.rules;
        rules.words.find(text, |at, _| {
            let Some(rule) = rules.rules.get(at).filter(|rule| self.is_chosen(rule)) else { return };
            if self.told_by_code(rule, scope)
                || !self.looks_at_text(rule, name, scope)
                || super::words::any(&rule.unless, text)
            {
                return;
            }
            if rule.speaks_of(scope.kind) {
                let reach = if name == "div" { self.narrative(scope) } else { self.reach(scope) };
                self.hit(rule, reach);
            } else if name == "display" && !scope.coding && names_places(rule) {
                // The name of a clinic is a diagnosis: the name goes even where the resource stays.
                self.hit(rule, Reach::Element(self.pointer(self.trail.len())));
            }
        });
    }

    /// Whether a code of the same concept has met a rule of this topic for the same word: buprenorphine is one word, and
    /// the code tells the film from the patch.
    fn told_by_code(&self, rule: &Rule, scope: Scope<'v>) -> bool {
        let told =
            |other: &&Rule| other.topic == rule.topic && other.words.iter().any(|word| rule.words.contains(word));
        rule.system.is_some() && self.named.get(scope.judged..).unwrap_or_default().iter().any(told)
    }

    fn looks_at_text(&self, rule: &Rule, name: &str, scope: Scope<'v>) -> bool {
        rule.paths.iter().any(|path| match path {
            Path::Text => matches!(name, "text" | "div"),
            Path::Named(named) => **named == *name,
            Path::Element(element) => element.only() == Some(name) || self.below(&element.steps, scope).is_some(),
            _ => false,
        })
    }

    fn reach(&self, scope: Scope<'v>) -> Reach {
        scope.unit.map_or(Reach::Resource, |unit| Reach::Element(self.pointer(unit)))
    }

    /// The innermost resource.
    fn whole(&self, scope: Scope<'v>) -> Reach {
        scope.home.map_or(Reach::Resource, |home| Reach::Element(self.pointer(home)))
    }

    /// The narrative that the walk is in.
    fn narrative(&self, scope: Scope<'v>) -> Reach {
        match self.trail.get(scope.root..) {
            Some([Part::Name("text"), ..]) => Reach::Element(self.pointer(scope.root + 1)),
            _ => self.reach(scope),
        }
    }

    /// `_birthDate` bears the extensions of `birthDate`.
    fn labelled_element(&self, label: usize) -> Reach {
        let pointer = self.pointer(label);
        if pointer.is_empty() { Reach::Resource } else { Reach::Element(pointer.replace("/_", "/")) }
    }

    fn pointer(&self, to: usize) -> String {
        place::pointer(self.trail.get(..to).unwrap_or_default())
    }

    /// Most rules are of topics that nobody asked for: they are not even looked at.
    fn is_chosen(&self, rule: &Rule) -> bool {
        self.chosen.0 & (1 << rule.topic) != 0
    }

    /// Notes a hit here.
    fn hit(&mut self, rule: &'r Rule, reach: Reach) {
        if self.is_chosen(rule) {
            let place = self.pointer(self.trail.len());
            self.hit_at(rule, place, reach);
        }
    }

    fn hit_at(&mut self, rule: &'r Rule, place: String, reach: Reach) {
        let Some(topic) = self.rules.topics.get(rule.topic) else { return };
        if !self.is_chosen(rule) {
            return;
        }
        let hit = Hit { topic: &topic.id, rule: rule.id(), confidence: rule.confidence(), place, reach };
        // One code may be named by several lists of one rule; they come one after the other.
        if !self.hits.iter().rev().take(8).any(|before| *before == hit) {
            self.hits.push(hit);
        }
    }
}

/// What follows when a section lies in this section, or an item in this item or in an answer to it.
fn further_in<'v, I: Iterator<Item = &'v str> + Clone>(name: &str, mut names: I) -> Option<I> {
    match names.next()? {
        next if next == name => Some(names),
        "answer" if name == "item" => names.next().is_some_and(|next| next == "item").then_some(names),
        _ => None,
    }
}

/// Whether the words of a rule are names of clinics and programmes.
fn names_places(rule: &Rule) -> bool {
    rule.paths.iter().any(|path| matches!(path, Path::Element(Element { of: None, .. })))
        && rule.paths.iter().any(|path| matches!(path, Path::Element(element) if element.only() == Some("name")))
}
