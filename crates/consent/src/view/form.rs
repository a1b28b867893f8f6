//! What of a resource decides what becomes of it, and no more: its elements without their words, its references by number.
//!
//! Most resources of a record are of few forms. What becomes of one form, as the ends of its references stand, is asked
//! once of the same walk that makes the view, and is then true of all resources of that form.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::{Map, Value};

use super::facts::{Facts, Links};
use super::names::Name;
use super::reference::Points;
use super::shape::{self, Attachments, Cut, LINKS, Labels, Loss, MASKED, Order, Outcome, Target};

/// The form of one version, and what stands in its places.
#[derive(Debug, Clone)]
pub(super) struct Form {
    number: usize,
    /// What its references lead to, in the order of their numbers.
    ends: Box<[End]>,
}

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) name: Name,
    /// It is the person.
    pub(super) own: bool,
}

/// Forms, and what became of each.
#[derive(Debug, Default)]
pub(super) struct Forms {
    numbers: HashMap<Box<str>, usize>,
    blanks: Vec<Value>,
    asked: RwLock<Vec<Asked>>,
    /// By form and what is to be done with it.
    made: RwLock<HashMap<(usize, usize), Cases>>,
}

/// What became of one form, by what stands at the ends of its references.
#[derive(Debug, Default)]
struct Cases(HashMap<Box<[Target]>, Arc<Formed>>);

/// What is to be done with a form, but for its references.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    cuts: Vec<Cut>,
    elements: Option<Vec<Box<str>>>,
    attachments: Attachments,
    kept: Vec<Box<str>>,
}

/// What became of a form.
#[derive(Debug)]
pub(super) enum Formed {
    Gone(Loss),
    Stands {
        changes: Arc<[(Box<str>, Box<str>)]>,
        renamed: bool,
        withheld: Vec<Box<str>>,
        /// Numbers of the references that are left; `None`: all.
        left: Option<Vec<usize>>,
    },
}

impl Form {
    /// Goes by these numbers from now on: the names of its ends, and its own.
    pub(super) fn renumber(&mut self, names: &[Name], forms: &[usize]) {
        for End { name, .. } in &mut self.ends {
            *name = names.get(name.at()).copied().unwrap_or(*name);
        }
        self.number = forms.get(self.number).copied().unwrap_or(self.number);
    }

    /// What its references lead to, of which only these are left; what leads to the person apart.
    pub(super) fn ends(&self, left: &[usize]) -> Vec<Name> {
        let ends = left.iter().filter_map(|at| self.ends.get(*at));
        let mut names: Vec<Name> = ends.filter(|end| !end.own).map(|end| end.name).collect();
        names.sort_unstable();
        names
    }
}

impl Forms {
    /// The form of a version; `None` where entries tell each other apart by what they are called.
    pub(super) fn form(
        &mut self,
        value: &Value,
        own: &HashSet<Box<str>>,
        number: impl FnMut(&str) -> Name,
    ) -> Option<Form> {
        let mut blanks = Blanks { own, number, numbers: HashMap::new(), ends: Vec::new(), odd: false };
        let blank = blanks.value("", value, 0);
        let Blanks { ends, odd, .. } = blanks;
        if odd {
            return None;
        }
        Some(Form { number: self.number(blank.to_string().into(), blank), ends: ends.into() })
    }

    /// Takes in the forms of a part of the record; gives the new number of each.
    pub(super) fn take_in(&mut self, part: Self) -> Vec<usize> {
        let mut all: Vec<(usize, Box<str>)> = part.numbers.into_iter().map(|(text, number)| (number, text)).collect();
        all.sort_unstable();
        all.into_iter().zip(part.blanks).map(|((_, text), blank)| self.number(text, blank)).collect()
    }

    fn number(&mut self, text: Box<str>, blank: Value) -> usize {
        if let Some(known) = self.numbers.get(&text) {
            return *known;
        }
        self.blanks.push(blank);
        self.numbers.insert(text, self.blanks.len() - 1);
        self.blanks.len() - 1
    }

    /// What becomes of a version of this form; `stands` says what stands at the ends of its references.
    pub(super) fn formed(
        &self,
        form: &Form,
        facts: &Facts,
        cuts: &[Cut],
        stands: impl Fn(End) -> Target,
    ) -> Arc<Formed> {
        let asked = self.asked(facts, cuts);
        let targets: Vec<Target> = form.ends.iter().map(|end| stands(*end)).collect();
        let place = (form.number, asked);
        let made = self.made.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&place).and_then(|all| all.0.get(targets.as_slice())) {
            return Arc::clone(known);
        }
        drop(made);
        let formed = Arc::new(self.make(form.number, facts, cuts, &targets));
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        made.entry(place).or_default().0.insert(targets.into(), Arc::clone(&formed));
        formed
    }

    fn asked(&self, facts: &Facts, cuts: &[Cut]) -> usize {
        let Facts { elements, attachments, kept, .. } = facts;
        let is_it = |asked: &Asked| {
            asked.cuts == cuts
                && asked.elements == *elements
                && asked.attachments == *attachments
                && asked.kept == *kept
        };
        if let Some(at) = self.asked.read().unwrap_or_else(PoisonError::into_inner).iter().position(is_it) {
            return at;
        }
        let mut all = self.asked.write().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have asked it just now.
        all.iter().position(is_it).unwrap_or_else(|| {
            let (elements, kept) = (elements.clone(), kept.clone());
            all.push(Asked { cuts: cuts.to_vec(), elements, attachments: *attachments, kept });
            all.len() - 1
        })
    }

    fn make(&self, number: usize, facts: &Facts, cuts: &[Cut], targets: &[Target]) -> Formed {
        let Some(blank) = self.blanks.get(number) else { return Formed::Gone(Loss::Shell) };
        let target = |key: &str| number_of(key).and_then(|at| targets.get(at)).copied().unwrap_or(Target::Out);
        let order = Order {
            cuts,
            elements: facts.elements.as_deref(),
            attachments: facts.attachments,
            kept: &facts.kept,
            // No label is left in a form.
            labels: &Labels::default(),
            target: &target,
        };
        match shape::shape(blank.clone(), &order) {
            Outcome::Gone(loss) => Formed::Gone(loss),
            Outcome::Shaped(shaped) => {
                let numbered = |key: &str| number_of(key).map(Name::of);
                let left = || Links::of(&shaped.json, &HashSet::new(), numbered).to;
                Formed::Stands {
                    left: (!shaped.same).then(|| left().into_iter().map(Name::at).collect()),
                    changes: shaped.changes.into(),
                    renamed: shaped.renamed,
                    withheld: shaped.withheld,
                }
            }
        }
    }
}

/// The number in `Type/7`.
fn number_of(key: &str) -> Option<usize> {
    key.split_once('/')?.1.parse().ok()
}

/// A form in the making.
struct Blanks<'a, N> {
    own: &'a HashSet<Box<str>>,
    number: N,
    numbers: HashMap<Name, usize>,
    ends: Vec<End>,
    odd: bool,
}

impl<N: FnMut(&str) -> Name> Blanks<'_, N> {
    fn value(&mut self, name: &str, value: &Value, depth: u8) -> Value {
        match value {
            Value::Object(members) => self.object(members, depth),
            Value::Array(items) => items.iter().map(|item| self.value(name, item, depth)).collect(),
            Value::String(text) => Value::String(self.text(name, text)),
            Value::Number(_) => Value::from(0),
            Value::Bool(_) => Value::Bool(true),
            Value::Null => Value::Null,
        }
    }

    fn object(&mut self, members: &Map<String, Value>, depth: u8) -> Value {
        let resource = members.get("resourceType");
        // Its entries are told apart by their addresses.
        self.odd |= depth > 120 || resource.and_then(Value::as_str) == Some("Bundle");
        if self.odd {
            return Value::Null;
        }
        let blank = |(name, member): (&String, &Value)| {
            // What is contained goes by its id.
            let called = name == "id" && resource.is_some() && depth > 0;
            let blank = if called { member.clone() } else { self.value(name, member, depth + 1) };
            (name.clone(), blank)
        };
        Value::Object(members.iter().map(blank).collect())
    }

    fn text(&mut self, name: &str, text: &str) -> String {
        let keep = match name {
            "resourceType" => true,
            "reference" => return self.reference(text).unwrap_or_else(|| "urn:x".to_owned()),
            "contentType" => return if shape::is_picture(text) { "image/x".to_owned() } else { String::new() },
            // What stands in place of a reference may have stood there before.
            "valueCode" => text == MASKED.1,
            "url" if text == MASKED.0 => true,
            _ if LINKS.contains(&name) => return self.reference(text).unwrap_or_default(),
            _ => false,
        };
        if keep { text.to_owned() } else { String::new() }
    }

    /// A reference by number; `None` where it leads elsewhere.
    fn reference(&mut self, text: &str) -> Option<String> {
        match Points::of(text) {
            Points::Record { key, version } => {
                let name = (self.number)(key);
                let own = self.own.contains(key);
                let ends = &mut self.ends;
                let at = *self.numbers.entry(name).or_insert_with(|| {
                    ends.push(End { name, own });
                    ends.len() - 1
                });
                let of = key.split('/').next().unwrap_or_default();
                Some(format!("{of}/{at}{}", if version { "/_history/1" } else { "" }))
            }
            Points::Contained(_) => Some(text.to_owned()),
            Points::Elsewhere => None,
        }
    }
}
