use std::collections::BTreeMap;

use types::{Actions, Context};

use crate::view::comes_along;
use crate::{Permit, Scopes, What};

/// What a grant allows to be asked, by interaction and type: what depends on the grant alone. A request that is not
/// allowed is refused (403) whatever the record holds; what is allowed is answered from the view, where what is hidden
/// looks like what never was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights {
    of_all: Actions,
    of_type: BTreeMap<Box<str>, Actions>,
    /// Creating a Patient makes a person: it needs more than the compartment of one.
    create_patient: bool,
}

/// What is done with a resource type, as the letters of SMART v2 scopes divide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Interaction {
    /// `c`: create.
    Create,
    /// `r`: read, vread, history of an instance.
    Read,
    /// `s`: search, history of a type or of everything.
    Search,
}

/// One right that a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Need<'a> {
    /// What is done.
    pub interaction: Interaction,
    /// With which type; `None` is every type, which only `*` allows.
    pub resource_type: Option<&'a str>,
}

impl Rights {
    /// What permits allow together. `u` and `d` are never allowed.
    pub fn of(what: &What) -> Self {
        let mut rights = Self::default();
        for permit in &what.permits {
            let actions = Actions { update: false, delete: false, ..permit.actions };
            match types_of(permit) {
                None => rights.of_all = rights.of_all.union(actions),
                Some(named) => named.into_iter().for_each(|name| {
                    let of_type = rights.of_type.entry(name.into()).or_default();
                    *of_type = of_type.union(actions);
                }),
            }
            let of_patient = types_of(permit).is_none_or(|named| named.contains(&"Patient"));
            rights.create_patient |= actions.create && of_patient && permit.context != Context::Patient;
        }
        rights
    }

    /// Whether nothing at all is allowed.
    pub fn is_empty(&self) -> bool {
        self.of_all.is_empty() && self.of_type.values().all(|actions| actions.is_empty())
    }

    /// Whether one need is met.
    pub fn allows(&self, need: Need<'_>) -> bool {
        match (need.interaction, need.resource_type) {
            (Interaction::Create, Some("Patient")) => self.create_patient,
            // What a view takes in because something in it points to it can be read by its id: nothing else would show
            // what a performer or an attachment is. To search for it a permit must name it.
            (Interaction::Read, Some(name)) if comes_along(name) => self.reads_anything(),
            (interaction, Some(name)) => {
                let of_type = self.of_type.get(name).copied().unwrap_or_default();
                has(self.of_all.union(of_type), interaction)
            }
            (interaction, None) => has(self.of_all, interaction),
        }
    }

    /// Whether every need is met: a request, and a transaction, needs all of its rights. The entries of a batch are
    /// judged one by one.
    pub fn allow<'a>(&self, needs: impl IntoIterator<Item = Need<'a>>) -> bool {
        needs.into_iter().all(|need| self.allows(need))
    }

    fn reads_anything(&self) -> bool {
        self.of_all.read || self.of_type.values().any(|actions| actions.read)
    }
}

impl What {
    /// What of this may be read, or found: the same with those permits alone that allow it. `None` when all that show
    /// anything do.
    ///
    /// Permits add up in what they show, not in what may be done with it: a scope to read some and another to search
    /// for others do not let anybody search for the first.
    #[must_use]
    pub fn only(&self, interaction: Interaction) -> Option<Self> {
        let (those, others): (Vec<Permit>, Vec<Permit>) =
            self.permits.iter().filter(|permit| permit.shows()).cloned().partition(|one| has(one.actions, interaction));
        (!others.is_empty()).then(|| Self { permits: those, exclusions: self.exclusions.clone() })
    }
}

fn has(actions: Actions, interaction: Interaction) -> bool {
    match interaction {
        Interaction::Create => actions.create,
        Interaction::Read => actions.read,
        Interaction::Search => actions.search,
    }
}

/// Types that a permit is about; `None` is every type. Single resources name their types as well.
fn types_of(permit: &Permit) -> Option<Vec<&str>> {
    let named = &permit.select.types;
    let of_single = permit.select.resources.iter().filter_map(|path| path.split_once('/')).map(|(name, _)| name);
    match (named.is_empty(), permit.select.resources.is_empty()) {
        (true, true) => None,
        (false, true) => Some(named.iter().map(|name| &**name).collect()),
        (true, false) => Some(of_single.collect()),
        (false, false) => Some(of_single.filter(|name| named.iter().any(|one| **one == **name)).collect()),
    }
}

impl Scopes {
    /// The scopes to tell a client of a grant: exactly what a permit says where a scope can say it, and else which types
    /// it is about. Never more than the [`Rights`] of the grant, and nothing of what is excluded.
    pub fn of(what: &What) -> Self {
        let narrowed = |permit: &Permit| Permit {
            select: crate::Selector {
                types: types_of(permit).into_iter().flatten().map(Box::from).collect(),
                ..crate::Selector::default()
            },
            ..permit.clone()
        };
        let said: Vec<Permit> = what
            .permits
            .iter()
            .filter(|permit| types_of(permit).is_none_or(|named| !named.is_empty()))
            .map(|permit| if permit.scopes().is_some() { permit.clone() } else { narrowed(permit) })
            .map(|permit| Permit { actions: Actions { update: false, delete: false, ..permit.actions }, ..permit })
            .collect();
        Self::sayable(&said)
    }
}

#[cfg(test)]
mod tests;
