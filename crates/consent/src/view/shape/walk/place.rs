//! Where the walk is, and what FHIR and the grant say of that place.

use fhir::definitions::{element, value_type};
use serde_json::Value;

use super::Walk;

impl Walk<'_> {
    /// FHIR path below the resource that the walk is in.
    pub(in super::super) fn path(&self) -> &str {
        self.trail.get(self.root.start..).unwrap_or_default().trim_start_matches('.')
    }

    /// JSON pointer from the top.
    pub(in super::super) fn place(&self) -> &str {
        &self.place
    }

    pub(in super::super) fn is_required(&self) -> bool {
        element(&self.root.of, self.path()).is_some_and(|found| found.is_required())
    }

    /// Whether the element here may be there several times.
    pub(super) fn is_one_of_many(&self) -> bool {
        element(&self.root.of, self.path()).is_some_and(|found| found.many)
    }

    pub(super) fn must_be_there(&self, member: &str) -> bool {
        let path = self.path();
        let path = if path.is_empty() { member.to_owned() } else { format!("{path}.{member}") };
        element(&self.root.of, &path).is_some_and(|found| found.is_required())
    }

    pub(super) fn is_of_type(&self, of: &str) -> bool {
        value_type(&self.root.of, self.path()).is_some_and(|(_, found)| found == of)
    }

    pub(super) fn in_extension(&self) -> bool {
        self.path().rsplit('.').nth(1).is_some_and(|name| matches!(name, "extension" | "modifierExtension"))
    }

    /// Whether an exclusion or the owner says that this goes; notes it if so.
    pub(in super::super) fn is_cut(&mut self) -> bool {
        let order = self.order;
        let Ok(at) = order.cuts.binary_search_by(|cut| (*cut.place).cmp(&self.place)) else { return false };
        self.cut(order.cuts.get(at).map_or("", |cut| &cut.rule));
        true
    }

    /// Whether a permit that names elements names this one, something around it or something in it.
    pub(super) fn is_permitted(&self) -> bool {
        let Some(permitted) = self.order.elements else { return true };
        let path = self.path();
        let path = path.strip_prefix('_').unwrap_or(path);
        let top = path.split('.').next().unwrap_or(path);
        let wanted = permitted.iter().filter_map(|wanted| self.below_type(wanted));
        let mut narrowed = false;
        for wanted in wanted {
            if within(path, wanted) || within(wanted, path) || is_choice(path, wanted) {
                return true;
            }
            narrowed |= wanted.strip_prefix(top).is_some_and(|rest| rest.starts_with('.'));
        }
        // Below an element that must be there, and that no permit narrows, everything belongs to it.
        matches!(path, "resourceType" | "id" | "meta") || self.is_required() || path.contains('.') && !narrowed
    }

    /// `Patient.address` and `address`; `None` for an element of another type.
    fn below_type<'w>(&self, wanted: &'w str) -> Option<&'w str> {
        match wanted.split_once('.') {
            Some((of, rest)) if of.starts_with(|first: char| first.is_ascii_uppercase()) => {
                (of == self.root.of).then_some(rest)
            }
            _ => Some(wanted),
        }
    }

    /// Goes one member down, without asking whether it may stay.
    pub(in super::super) fn step(
        &mut self,
        name: &str,
        value: &mut Value,
        there: impl FnOnce(&mut Self, &str, &mut Value),
    ) {
        let (place, trail) = (self.place.len(), self.trail.len());
        self.go_to(name);
        there(self, name, value);
        self.place.truncate(place);
        self.trail.truncate(trail);
    }

    pub(super) fn go_to(&mut self, name: &str) {
        self.place.push('/');
        self.place.push_str(&name.replace('~', "~0").replace('/', "~1"));
        if !self.trail.is_empty() {
            self.trail.push('.');
        }
        self.trail.push_str(name);
    }

    /// Notes a change of a member here.
    pub(in super::super) fn note(&mut self, member: &str, rule: &str) {
        let trail = self.trail.len();
        if trail > 0 {
            self.trail.push('.');
        }
        self.trail.push_str(member);
        self.changed(rule);
        self.trail.truncate(trail);
    }

    /// Notes a change here.
    pub(in super::super) fn changed(&mut self, rule: &str) {
        self.changes.push((self.trail.as_str().into(), rule.into()));
    }

    /// Notes that something hidden went here.
    pub(in super::super) fn cut(&mut self, rule: &str) {
        self.changed(rule);
        self.root.lost = true;
        self.hidden = true;
    }
}

fn within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `onset` names `onsetDateTime`.
fn is_choice(path: &str, wanted: &str) -> bool {
    let wanted = wanted.strip_suffix("[x]").unwrap_or(wanted);
    path.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}
