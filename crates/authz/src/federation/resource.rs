//! The resource registration endpoint (UMA 2.0 Federated Authorization §3).

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use types::ResourceId;
use url::Url;

use super::Protector;
use crate::{ErrorCode, OAuthError, Permission, RequestState, Resource, Step, Where};

/// Most bytes of a description.
const MAX_BYTES: usize = 64 << 10;
/// Most scopes of a resource.
const MAX_SCOPES: usize = 100;
/// Most characters of a scope, a name, an address.
const MAX_TEXT: usize = 2_000;
/// Most resources of one resource server.
const MAX_RESOURCES: usize = 10_000;

/// A resource description (§3.1). What it says beside these members is not kept: it may be told in several languages
/// (RFC 7591 §2.2), of which none is needed here.
#[derive(Debug, Deserialize)]
pub(super) struct Description {
    resource_scopes: Vec<String>,
    description: Option<String>,
    icon_uri: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Description {
    pub(super) fn parse(body: &[u8]) -> Result<Self, OAuthError> {
        let bad = |why| OAuthError::new(ErrorCode::InvalidRequest, why);
        if body.len() > MAX_BYTES {
            return Err(bad("the description is too long"));
        }
        let it: Self = serde_json::from_slice(body).map_err(|_| bad("the description does not read"))?;
        let texts = [&it.description, &it.icon_uri, &it.name, &it.kind];
        if !texts.into_iter().flatten().all(|text| is_plain(text)) {
            return Err(bad("a text of the description is empty, too long, or not plain"));
        }
        if it.icon_uri.as_ref().is_some_and(|uri| !Url::parse(uri).is_ok_and(|uri| uri.scheme() == "https")) {
            return Err(bad("the icon has no https address"));
        }
        if it.resource_scopes.len() > MAX_SCOPES || !it.resource_scopes.iter().all(|scope| is_scope(scope)) {
            return Err(bad("the scopes are too many, or one cannot be written in a list of scopes"));
        }
        Ok(it)
    }
}

/// A text that can be shown to a person.
fn is_plain(text: &str) -> bool {
    (1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// `scope-token` of RFC 6749 §3.3.
fn is_scope(text: &str) -> bool {
    (1..=MAX_TEXT).contains(&text.len()) && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

impl Step<'_> {
    /// §3.2.1, create: its id and the body of the answer (201, `Location` is its address).
    ///
    /// # Errors
    /// `invalid_request`; `slow_down` when the resource server has too many.
    pub fn add_resource(&mut self, who: &Protector, body: &[u8]) -> Result<(ResourceId, Value), OAuthError> {
        let described = Description::parse(body)?;
        if self.own(who).count() >= MAX_RESOURCES {
            return Err(OAuthError::new(ErrorCode::SlowDown, "there are too many resources"));
        }
        let id = ResourceId::from_random(self.draw.id());
        self.put_resource(who, &id, described);
        Ok((id.clone(), json!({ "_id": id.as_str() })))
    }

    /// §3.2.2, read.
    ///
    /// # Errors
    /// `not_found`, also for what another resource server or person has.
    pub fn resource(&self, who: &Protector, id: &str) -> Result<Value, OAuthError> {
        let resource = self.own_resource(who, id)?;
        let mut said = Map::new();
        said.insert("_id".to_owned(), json!(resource.id.as_str()));
        said.insert("resource_scopes".to_owned(), json!(resource.scopes));
        let texts = [
            ("description", &resource.description),
            ("icon_uri", &resource.icon_uri),
            ("name", &resource.name),
            ("type", &resource.kind),
        ];
        said.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text.as_ref()?)))));
        Ok(Value::Object(said))
    }

    /// §3.2.3, update: the whole description is replaced. A scope that it no longer has is no longer given to anybody.
    ///
    /// # Errors
    /// As for [`Step::add_resource`] and [`Step::resource`].
    pub fn replace_resource(&mut self, who: &Protector, id: &str, body: &[u8]) -> Result<Value, OAuthError> {
        let id = self.own_resource(who, id)?.id.clone();
        let described = Description::parse(body)?;
        let kept: BTreeSet<String> = described.resource_scopes.iter().cloned().collect();
        self.put_resource(who, &id, described);
        self.prune(&who.at(), id.as_str(), &kept);
        Ok(json!({ "_id": id.as_str() }))
    }

    /// §3.2.4, delete. What was given, asked and ticketed of it goes with it.
    ///
    /// # Errors
    /// As for [`Step::resource`].
    pub fn remove_resource(&mut self, who: &Protector, id: &str) -> Result<(), OAuthError> {
        let id = self.own_resource(who, id)?.id.clone();
        self.ledger.resources.remove(id.as_str());
        self.prune(&who.at(), id.as_str(), &BTreeSet::new());
        Ok(())
    }

    /// §3.2.5, list: the ids.
    pub fn resources(&self, who: &Protector) -> Value {
        self.own(who).map(|resource| json!(resource.id.as_str())).collect()
    }

    fn own(&self, who: &Protector) -> impl Iterator<Item = &Resource> {
        self.ledger.resources.iter().filter(|resource| who.owns(resource))
    }

    pub(super) fn own_resource(&self, who: &Protector, id: &str) -> Result<&Resource, OAuthError> {
        let found = self.ledger.resources.find(id).filter(|resource| who.owns(resource));
        found.ok_or_else(|| OAuthError::new(ErrorCode::NotFound, "there is no such resource"))
    }

    fn put_resource(&mut self, who: &Protector, id: &ResourceId, described: Description) {
        let registered = self.ledger.resources.find(id.as_str()).map_or(self.now, |before| before.registered);
        let mut scopes = described.resource_scopes;
        let mut seen = BTreeSet::new();
        scopes.retain(|scope| seen.insert(scope.clone()));
        self.ledger.resources.put(Resource {
            id: id.clone(),
            server: who.server.clone(),
            person: Some(who.person.clone()),
            scopes,
            name: described.name,
            description: described.description,
            icon_uri: described.icon_uri,
            kind: described.kind,
            registered,
        });
    }

    /// Takes out of grants, tokens, requests and tickets what a resource no longer offers.
    fn prune(&mut self, at: &Where, resource: &str, kept: &BTreeSet<String>) {
        let touched = |all: &[Permission]| {
            let mut of_it = all.iter().filter(|it| it.at == *at && it.resource == resource);
            of_it.any(|it| it.scopes.iter().any(|scope| !kept.contains(scope)))
        };
        let prune = |all: &mut Vec<Permission>| {
            for it in all.iter_mut().filter(|it| it.at == *at && it.resource == resource) {
                it.scopes.retain(|scope| kept.contains(scope));
            }
            all.retain(|it| it.at != *at || it.resource != resource || !it.scopes.is_empty());
        };
        let ledger = &mut *self.ledger;
        for key in ledger.grants.keys(|row| touched(&row.permissions)) {
            ledger.grants.change(&key, |row| prune(&mut row.permissions));
        }
        for key in ledger.tokens.keys(|row| row.only.as_deref().is_some_and(touched)) {
            ledger.tokens.change(&key, |row| row.only.iter_mut().for_each(prune));
        }
        // A ticket stands for exactly what it was issued for: one that would mean less means nothing.
        for key in ledger.tickets.keys(|row| touched(&row.permissions)) {
            ledger.tickets.remove(&key);
        }
        let now = self.now;
        for key in ledger.requests.keys(|row| row.state == RequestState::Asked && touched(&row.asked.permissions)) {
            ledger.requests.change(&key, |row| {
                prune(&mut row.asked.permissions);
                if row.asked.permissions.is_empty() {
                    row.state = RequestState::Withdrawn { at: now };
                }
            });
        }
    }
}

impl Protector {
    /// The place its resources are at.
    pub(super) fn at(&self) -> Where {
        Where::At(self.server.clone())
    }

    /// Whether the resource is its own: of this resource server and of the person who let it in.
    fn owns(&self, resource: &Resource) -> bool {
        resource.server == self.server && resource.person.as_ref() == Some(&self.person)
    }
}
