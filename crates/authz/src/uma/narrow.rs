//! What of a grant a token opens.

use consent::{Grant, Permit};
use types::Actions;

use crate::{Approved, Permission, Where};

impl Approved {
    /// What of these permissions the grant gives: each with the scopes that it has there. One of which nothing is left
    /// is left out.
    pub(crate) fn of(&self, wanted: &[Permission]) -> Vec<Permission> {
        wanted.iter().filter_map(|one| self.of_one(one)).collect()
    }

    fn of_one(&self, wanted: &Permission) -> Option<Permission> {
        let has = |scope: &String| match &wanted.at {
            Where::Here => {
                let one = Permission { scopes: vec![scope.clone()], ..wanted.clone() };
                self.grant.what.permits.iter().any(|permit| within(permit, &one).is_some())
            }
            Where::At(_) => {
                let mut of_it =
                    self.permissions.iter().filter(|own| own.at == wanted.at && own.resource == wanted.resource);
                of_it.any(|own| own.scopes.contains(scope))
            }
        };
        let scopes: Vec<String> = wanted.scopes.iter().filter(|scope| has(scope)).cloned().collect();
        (!scopes.is_empty()).then(|| Permission { scopes, ..wanted.clone() })
    }

    /// The grant as a token opens it that is limited to these permissions of the wallet's own server. Every permit of it
    /// follows from one of the grant, cut to a resource or a type that was asked; exclusions, terms and all else stay.
    pub fn narrowed(&self, only: &[Permission]) -> Grant {
        let here = || only.iter().filter(|one| one.at == Where::Here);
        let permits = &self.grant.what.permits;
        let permits = permits.iter().flat_map(|permit| here().filter_map(|one| within(permit, one))).collect();
        let mut grant = self.grant.clone();
        grant.what.permits = permits;
        grant
    }
}

/// What a permit gives of a permission.
fn within(permit: &Permit, one: &Permission) -> Option<Permit> {
    let asked = |scope: &str| one.scopes.iter().any(|it| it == scope);
    let own = permit.actions;
    let actions = Actions {
        read: own.read && asked("read"),
        search: own.search && asked("search"),
        create: own.create && asked("create"),
        ..Actions::default()
    };
    let mut select = permit.select.clone();
    if one.resource != "*" {
        let (kind, single) = match one.resource.split_once('/') {
            Some((kind, _)) => (kind, true),
            None => (one.resource.as_str(), false),
        };
        if !select.types.is_empty() && !select.types.iter().any(|own| **own == *kind) {
            return None;
        }
        select.types = vec![kind.into()];
        if single {
            if !select.resources.is_empty() && !select.resources.iter().any(|own| **own == *one.resource) {
                return None;
            }
            select.resources = vec![one.resource.as_str().into()];
        } else if !select.resources.is_empty() {
            select.resources.retain(|own| own.split_once('/').is_some_and(|(of, _)| of == kind));
            // An empty list says "any": none left is nothing.
            if select.resources.is_empty() {
                return None;
            }
        }
    }
    (actions != Actions::default()).then_some(Permit { context: permit.context, actions, select })
}
