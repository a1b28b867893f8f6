//! One walk over a resource that takes out what has to go, and what cannot stand without it.

mod cut;
mod place;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::kinds;
use super::super::reference::Points;
use super::{Loss, Order, Target};

pub(in super::super) use cut::MASKED;
pub(super) use cut::{all_masked, masked};

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    Gone,
}

/// Members that lead somewhere without being a Reference.
pub(in super::super) const LINKS: &[&str] =
    &["fullUrl", "instantiatesCanonical", "instantiatesUri", "uri", "url", "valueCanonical", "valueUri", "valueUrl"];

/// The resource that the walk is in: the whole, a contained one, or an entry of a Bundle.
#[derive(Debug, Default)]
pub(super) struct Root {
    pub(super) of: String,
    /// Where its elements begin in the trail.
    start: usize,
    /// Ids of its contained resources that stand.
    pub(super) contained: Vec<String>,
    /// Lost a result, so what sums results up goes.
    pub(super) lost_result: bool,
    /// Lost something by an exclusion or a reference, not only by a list of elements.
    pub(super) lost: bool,
    /// A gap would show.
    gap: bool,
}

pub(super) struct Walk<'a> {
    pub(super) order: &'a Order<'a>,
    /// JSON pointer of where the walk is.
    place: String,
    /// FHIR path of where the walk is, from the top.
    trail: String,
    pub(super) root: Root,
    /// Resources around here: 1 in the resource itself.
    depth: usize,
    /// Addresses of the entries of the Bundle around here, and whether each stands.
    pub(super) entries: HashMap<String, bool>,
    /// Ids of the contained resources beside the contained one that the walk goes into.
    pub(super) around: Vec<String>,
    pub(super) changes: Vec<(Box<str>, Box<str>)>,
    pub(super) hidden: bool,
    pub(super) withheld: Vec<Box<str>>,
    loss: Option<Loss>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(order: &'a Order<'a>) -> Self {
        Self {
            order,
            place: String::new(),
            trail: String::new(),
            root: Root::default(),
            depth: 0,
            entries: HashMap::new(),
            around: Vec::new(),
            changes: Vec::new(),
            hidden: false,
            withheld: Vec::new(),
            loss: None,
        }
    }

    /// Why nothing is left.
    pub(super) fn why(self) -> Loss {
        let rule = self.changes.last().map_or("reference", |(_, rule)| rule).into();
        self.loss.unwrap_or(Loss::Rule(rule))
    }

    /// A resource: the whole, a contained one, or an entry.
    pub(super) fn resource(&mut self, members: &mut Map<String, Value>) -> Fate {
        let of = members.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
        let contained = std::mem::take(&mut self.around);
        let outer =
            std::mem::replace(&mut self.root, Root { of, start: self.trail.len(), contained, ..Root::default() });
        self.depth += 1;
        let fate = self.inside(members);
        self.depth -= 1;
        let inner = std::mem::replace(&mut self.root, outer);
        self.root.lost |= inner.lost;
        fate
    }

    fn inside(&mut self, members: &mut Map<String, Value>) -> Fate {
        if self.contained(members) == Fate::Gone {
            return Fate::Gone;
        }
        let about = kinds::about(&self.root.of);
        let had = about.iter().any(|name| self.leads_anywhere(members.get(*name)));
        let fate = if self.root.of == "Bundle" { self.bundle(members) } else { self.members(members) };
        if fate == Fate::Gone || self.root.gap {
            return Fate::Gone;
        }
        self.follow_results(members);
        self.drop_unreferred(members);
        if had && self.root.lost && !about.iter().any(|name| self.leads_anywhere(members.get(*name))) {
            self.loss.get_or_insert(Loss::About);
            return Fate::Gone;
        }
        if self.root.lost && kinds::can_be_a_shell(&self.root.of) && self.is_shell(members) {
            self.loss.get_or_insert(Loss::Shell);
            return Fate::Gone;
        }
        Fate::Stays
    }

    /// Goes through the members of an element; `Gone` where one went that must be there, or nothing is left.
    pub(super) fn members(&mut self, members: &mut Map<String, Value>) -> Fate {
        let mut lost = Vec::new();
        let changes = self.changes.len();
        let top = self.path().is_empty();
        members.retain(|name, value| {
            let stays = top && name == "contained" || self.member(name, value) == Fate::Stays;
            if !stays {
                lost.push(name.clone());
            }
            stays
        });
        if self.changes.len() == changes {
            return Fate::Stays;
        }
        for name in &lost {
            members.remove(&format!("_{name}"));
            if name == "modifierExtension" || self.must_be_there(name) {
                return Fate::Gone;
            }
        }
        if self.path().is_empty() { Fate::Stays } else { self.left(members, &lost) }
    }

    /// Whether an element below the resource that has changed can stand.
    fn left(&self, members: &Map<String, Value>, lost: &[String]) -> Fate {
        let last = self.path().rsplit('.').next().unwrap_or_default();
        let nothing = match (last, self.root.of.as_str()) {
            // What held a value that went is a trace of it.
            ("extension" | "modifierExtension", _) => {
                !members.keys().any(|name| name.starts_with("value") || name == "extension")
            }
            // An entry is what it holds.
            ("entry" | "parameter" | "part", "Bundle" | "Parameters") => lost.iter().any(|name| name == "resource"),
            // The question tells, too.
            ("item", "QuestionnaireResponse") => {
                lost.iter().any(|name| name == "answer" || name == "item")
                    && !members.contains_key("answer")
                    && !members.contains_key("item")
            }
            _ if !self.is_one_of_many() => members.keys().all(|name| name == "id"),
            // One of a list that says nothing but that something was there.
            _ => members.iter().all(|(name, value)| name == "id" || all_masked(value)),
        };
        if nothing { Fate::Gone } else { Fate::Stays }
    }

    pub(super) fn member(&mut self, name: &str, value: &mut Value) -> Fate {
        let (place, trail) = (self.place.len(), self.trail.len());
        self.go_to(name);
        let fate = self.value(name, value);
        self.place.truncate(place);
        self.trail.truncate(trail);
        fate
    }

    /// An item of the list that the walk is at.
    pub(super) fn item(&mut self, name: &str, at: usize, value: &mut Value) -> Fate {
        let place = self.place.len();
        self.place.push('/');
        self.place.push_str(&at.to_string());
        let fate = if self.is_cut() { Fate::Gone } else { self.one(name, value) };
        self.place.truncate(place);
        fate
    }

    fn value(&mut self, name: &str, value: &mut Value) -> Fate {
        if self.is_cut() {
            return Fate::Gone;
        }
        if self.depth == 1 && !self.is_permitted() {
            self.changed("elements");
            return Fate::Gone;
        }
        match value {
            Value::Array(items) => self.list(name, items),
            _ => self.one(name, value),
        }
    }

    fn one(&mut self, name: &str, value: &mut Value) -> Fate {
        match value {
            Value::Object(members) => self.object(members),
            Value::String(text) if LINKS.contains(&name) && !self.link_stands(text) => {
                self.cut("reference");
                Fate::Gone
            }
            _ => Fate::Stays,
        }
    }

    fn list(&mut self, name: &str, items: &mut Vec<Value>) -> Fate {
        let before = items.len();
        let mut at = 0;
        items.retain_mut(|item| {
            at += 1;
            self.item(name, at - 1, item) == Fate::Stays
        });
        // An extension that changes the meaning of its element cannot go alone.
        let gone = items.is_empty() && before > 0 || name == "modifierExtension" && items.len() < before;
        if gone { Fate::Gone } else { Fate::Stays }
    }

    fn object(&mut self, members: &mut Map<String, Value>) -> Fate {
        if members.get("resourceType").is_some_and(Value::is_string) {
            return self.resource(members);
        }
        if members.get("reference").is_some_and(Value::is_string) {
            return self.reference(members);
        }
        if members.get("identifier").is_some_and(Value::is_object) && self.is_of_type("Reference") {
            return self.cut_reference(members);
        }
        if (members.contains_key("url") || members.contains_key("data")) && self.is_of_type("Attachment") {
            return self.attachment(members);
        }
        self.members(members)
    }

    fn reference(&mut self, members: &mut Map<String, Value>) -> Fate {
        let text = members.get("reference").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(stands) = self.entries.get(&text) {
            return if *stands { self.members(members) } else { self.cut_reference(members) };
        }
        let target = match Points::of(&text) {
            Points::Contained(id) if id.is_empty() || self.root.contained.iter().any(|known| known == id) => {
                Target::Stands
            }
            Points::Record { key, .. } => (self.order.target)(key),
            Points::Contained(_) | Points::Elsewhere => Target::Out,
        };
        if target == Target::Out {
            return self.cut_reference(members);
        }
        if let Points::Record { key, version: true } = Points::of(&text) {
            // Versions are numbered anew in a view.
            members.insert("reference".to_owned(), Value::from(key));
            self.changed("reference");
        }
        if matches!(target, Target::OwnBare | Target::Renamed) {
            let display = members.remove("display").is_some() | members.remove("_display").is_some();
            if members.remove("identifier").is_some() || display {
                self.changed("reference");
            }
        }
        self.members(members)
    }
}
