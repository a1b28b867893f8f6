//! One resource, element by element: what the allow-list names is copied by the rule of its type.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::extensions::{absent, masked, over_89};
use super::table::{Kind, Member, Required, Rule, Shape, TABLE};
use super::{Deidentifier, DeidentifyError, Tally, questions};

/// A resource on its way through the rules.
pub(super) struct Walk<'a> {
    pub(super) by: &'a Deidentifier,
    pub(super) seed: &'a [u8; 16],
    references: &'a dyn Fn(&str) -> Option<String>,
    /// Ids of contained resources: of the source, and ours.
    pub(super) fragments: HashMap<String, String>,
    pub(super) taken: Tally,
    /// Where something of the person was found in what was to be kept.
    pub(super) canary: Option<&'static str>,
    /// How many ids were replaced inside the resource.
    pub(super) renamed: u64,
    /// The question that is being answered is one of a public code system.
    pub(super) question_known: bool,
}

/// Why an object cannot be kept.
pub(super) enum Lost {
    /// It cannot be, what is around it may.
    Element(DeidentifyError),
    /// The whole resource cannot.
    Whole(DeidentifyError),
}

impl Lost {
    pub(super) fn into_error(self) -> DeidentifyError {
        match self {
            Self::Element(error) | Self::Whole(error) => error,
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        by: &'a Deidentifier,
        seed: &'a [u8; 16],
        references: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let (fragments, taken) = (HashMap::new(), Tally::default());
        Self { by, seed, references, fragments, taken, canary: None, renamed: 0, question_known: false }
    }

    /// A walk through the contained resource at this place, whose new ids are others than those around it.
    pub(super) fn inside(&self, at: usize) -> Self {
        let mut inner = Self::new(self.by, self.seed, self.references);
        inner.renamed = (at as u64 + 1) << 32;
        inner.fragments.clone_from(&self.fragments);
        inner
    }

    /// What is left of a resource, without id, `meta` and contained resources.
    pub(super) fn resource(&mut self, of: &str, map: &Map<String, Value>) -> Result<Map<String, Value>, Lost> {
        let Some(shape) = TABLE.of(of) else { return Err(Lost::Whole(DeidentifyError::TypeNotKept)) };
        if let Some(error) = questions::forbidden(map.get("code"), self.by.calendar.aged) {
            return Err(Lost::Whole(error));
        }
        let left = self.object(shape, map, Some(of))?;
        let substance = |key: &String| shape.members.get(key.as_str()).is_some_and(|member| member.substance);
        if TABLE.has_substance(of) && !left.keys().any(substance) {
            return Err(Lost::Whole(DeidentifyError::EmptyShell));
        }
        Ok(left)
    }

    /// What is left of an object; `of` is the resource type where it is the resource itself.
    pub(super) fn object(
        &mut self,
        shape: &'static Shape,
        map: &Map<String, Value>,
        of: Option<&str>,
    ) -> Result<Map<String, Value>, Lost> {
        let mut left = Map::new();
        let known = questions::question(of, map).map(|known| std::mem::replace(&mut self.question_known, known));
        for (key, value) in map {
            match key.as_str() {
                "resourceType" | "id" | "meta" | "contained" if of.is_some() => {}
                "extension" => {
                    let kept = self.extensions(of, value, shape.extension);
                    if !kept.is_empty() {
                        left.insert(key.clone(), Value::Array(kept));
                    }
                }
                "modifierExtension" if value.as_array().is_some_and(Vec::is_empty) || value.is_null() => {}
                "modifierExtension" => return Err(Lost::Whole(DeidentifyError::UnknownModifier)),
                key => match (shape.members.get(key), key.strip_prefix('_')) {
                    (Some(member), _) => self.keep(member, value, map, &mut left)?,
                    (None, Some(of_primitive)) => self.primitive_extension(shape, of_primitive, value, map, &mut left),
                    (None, None) => {
                        let (place, rule) = shape
                            .gone
                            .get(key)
                            .map_or((shape.unknown, "unknown-element"), |path| (*path, "not-listed"));
                        self.taken.count(place, rule);
                    }
                },
            }
        }
        if let Some(before) = known {
            self.question_known = before;
        }
        self.no_birth_date(of, map, &mut left);
        for required in &shape.required {
            self.required(shape, required, map, &mut left)?;
        }
        depending(shape, &mut left);
        if left.is_empty() {
            return Err(Lost::Element(DeidentifyError::EmptyShell));
        }
        Ok(left)
    }

    fn keep(
        &mut self,
        member: &'static Member,
        value: &Value,
        around: &Map<String, Value>,
        left: &mut Map<String, Value>,
    ) -> Result<(), Lost> {
        let kept = if member.many {
            let entries = value.as_array().map_or(&[][..], Vec::as_slice);
            let mut kept = Vec::new();
            for entry in entries {
                kept.extend(self.value(member, entry, around)?);
            }
            (!kept.is_empty()).then_some((member.key, Value::Array(kept)))
        } else {
            self.value(member, value, around)?.map(|kept| renamed(member, kept))
        };
        match kept {
            Some((key, kept)) => {
                left.insert(key.to_owned(), kept);
                Ok(())
            }
            // To leave out what modifies would change what the rest means.
            None if member.modifier && member.rule != Rule::KnownGone && member.rule != Rule::Death => {
                Err(Lost::Element(DeidentifyError::Modifier(member.path)))
            }
            None => Ok(()),
        }
    }

    /// What is left of one value; `Err` only where the resource, or the object around it, cannot be kept.
    fn value(
        &mut self,
        member: &'static Member,
        value: &Value,
        around: &Map<String, Value>,
    ) -> Result<Option<Value>, Lost> {
        if value.is_null() {
            return Ok(None);
        }
        let aged = self.by.calendar.aged;
        match (member.kind, member.rule) {
            (Kind::Gone, _) => Ok(self.gone(member, "not-listed")),
            (Kind::Boolean, _) => Ok(value.as_bool().map(Value::Bool).or_else(|| self.gone(member, "type"))),
            (Kind::Number, Rule::Answer) if aged && !self.question_known => Ok(self.gone(member, "age-over-89")),
            (Kind::Number, _) => Ok(self.number(member, value)),
            (Kind::Code(codes), _) => Ok(self.code(member, codes, value)),
            (Kind::Date, rule) => Ok(self.date(member, rule, value)),
            (Kind::Instant, _) => Ok(self.instant(member, value)),
            (Kind::Coding, _) => Ok(self.coding(value, member.path)),
            (Kind::Concept, _) => Ok(self.concept(member, value)),
            (Kind::Quantity, rule) => Ok(self.quantity_by(member, rule, value)),
            (Kind::Reference, _) => self.reference(member, value),
            (Kind::Text, rule) => Ok(self.text(member, rule, value, around)),
            (Kind::Object(_), Rule::Age) if aged && questions::is_range(member.key) => {
                Ok(self.gone(member, "age-over-89"))
            }
            (Kind::Object(at), rule) => self.inner(member, at, rule, value),
        }
    }

    fn inner(&mut self, member: &'static Member, at: usize, rule: Rule, value: &Value) -> Result<Option<Value>, Lost> {
        let (Some(shape), Some(map)) = (TABLE.at(at), value.as_object()) else {
            return Ok(self.gone(member, "type"));
        };
        // A part of an observation says by its own code what it is.
        let aged = self.by.calendar.aged;
        let forbidden =
            questions::forbidden(map.get("code"), aged).or_else(|| questions::forbidden_question(map, aged));
        if let Some(error) = forbidden {
            return Ok(self.gone(member, error.code()));
        }
        match self.object(shape, map, None) {
            Ok(left) if rule == Rule::RelativeAge => Ok(self.relative_range(member, Value::Object(left))),
            Ok(left)
                if aged && matches!(rule, Rule::Measured | Rule::Answer) && left.values().any(questions::is_years) =>
            {
                Ok(self.gone(member, "age-over-89"))
            }
            Ok(left) => Ok(Some(Value::Object(left))),
            Err(Lost::Element(error)) => Ok(self.gone(member, error.code())),
            Err(whole) => Err(whole),
        }
    }

    /// Counts what goes.
    pub(super) fn gone(&mut self, member: &Member, rule: &'static str) -> Option<Value> {
        self.taken.count(member.path, rule);
        None
    }

    /// Looks for the person in a text that is to be kept and is not one of a closed list.
    pub(super) fn open(&mut self, text: &str, place: &'static str) {
        if self.canary.is_none() && self.by.person.is_in(text) {
            self.canary = Some(place);
        }
    }

    fn reference(&mut self, member: &'static Member, value: &Value) -> Result<Option<Value>, Lost> {
        if member.rule == Rule::Mask {
            self.taken.count(member.path, "reference-cut");
            return Ok(Some(cut(value)));
        }
        let old = value.get("reference").and_then(Value::as_str);
        let new = old.and_then(|old| match old.strip_prefix('#') {
            Some("") => Some("#".to_owned()),
            Some(id) => self.fragments.get(id).map(|id| format!("#{id}")),
            None => (self.references)(old),
        });
        for name in ["display", "identifier", "extension", "id"] {
            if value.get(name).is_some() {
                self.taken.count(member.path, "reference-text");
            }
        }
        if let Some(new) = new {
            self.taken.count(member.path, "reference-renamed");
            let mut left = cut(value);
            if let Some(map) = left.as_object_mut() {
                map.remove("extension");
                map.insert("reference".to_owned(), Value::String(new));
            }
            return Ok(Some(left));
        }
        self.taken.count(member.path, "reference-cut");
        match member.rule {
            Rule::Person => Err(Lost::Whole(DeidentifyError::NotTheirs(member.path))),
            _ if member.many || member.required => Ok(None),
            _ => Ok(Some(cut(value))),
        }
    }

    /// `_birthDate` and its like: only the reason why a value is not there.
    fn primitive_extension(
        &mut self,
        shape: &'static Shape,
        key: &str,
        value: &Value,
        around: &Map<String, Value>,
        left: &mut Map<String, Value>,
    ) {
        let primitive =
            |member: &&Member| matches!(member.kind, Kind::Boolean | Kind::Number | Kind::Code(_) | Kind::Date);
        let member = shape.members.get(key).filter(primitive).filter(|member| !member.many);
        let there = around.get(key).is_some_and(|value| !value.is_null());
        match (member, absent(value)) {
            (Some(_), Some(reason)) if !there => {
                left.insert(format!("_{key}"), serde_json::json!({"extension": [reason]}));
            }
            _ => self.taken.count(shape.extension, "primitive-extension"),
        }
    }

    /// In place of the birth date of a person over 89: that they are.
    fn no_birth_date(&self, of: Option<&str>, map: &Map<String, Value>, left: &mut Map<String, Value>) {
        let there = map.contains_key("birthDate") && !left.contains_key("birthDate");
        if of == Some("Patient") && there && self.by.calendar.known_aged {
            left.insert("_birthDate".to_owned(), over_89());
        }
    }

    /// One of the names of a required element is there, or the reason why not: a date that cannot be said is masked.
    fn required(
        &mut self,
        shape: &'static Shape,
        required: &Required,
        map: &Map<String, Value>,
        left: &mut Map<String, Value>,
    ) -> Result<(), Lost> {
        let there = |left: &Map<String, Value>| {
            required.keys.iter().any(|key| left.contains_key(*key) || left.contains_key(&format!("_{key}")))
        };
        if there(left) {
            return Ok(());
        }
        let date = required.keys.iter().find(|key| {
            let kind = shape.members.get(**key).map(|member| member.kind);
            matches!(kind, Some(Kind::Date)) && map.contains_key(**key)
        });
        if let Some(date) = date {
            left.insert(format!("_{date}"), serde_json::json!({"extension": masked()}));
            return Ok(());
        }
        Err(Lost::Element(DeidentifyError::Required(required.path)))
    }
}

/// What may be there only with another element (invariants fhs-2, gol-1) goes with it.
fn depending(shape: &Shape, left: &mut Map<String, Value>) {
    match shape.unknown {
        "FamilyMemberHistory.?" if !left.keys().any(|key| ["ageAge", "ageRange"].contains(&key.as_str())) => {
            left.remove("estimatedAge");
            left.remove("_estimatedAge");
        }
        "Goal.target.?" if !left.contains_key("measure") => left.retain(|key, _| !key.starts_with("detail")),
        _ => {}
    }
}

/// The name under which a value is kept: what was an instant is a date with less precision.
fn renamed(member: &'static Member, kept: Value) -> (&'static str, Value) {
    match (member.key, &kept) {
        ("effectiveInstant", _) => ("effectiveDateTime", kept),
        ("deceasedDateTime", Value::Bool(_)) => ("deceasedBoolean", kept),
        ("multipleBirthInteger", Value::Bool(_)) => ("multipleBirthBoolean", kept),
        (key, _) => (key, kept),
    }
}

/// A reference that says only that there is one, and of which type.
fn cut(value: &Value) -> Value {
    let mut left = Map::new();
    left.insert("extension".to_owned(), masked());
    let of = value.get("type").and_then(Value::as_str).filter(|of| fhir::definitions::is_resource(of));
    if let Some(of) = of {
        left.insert("type".to_owned(), Value::String(of.to_owned()));
    }
    Value::Object(left)
}
