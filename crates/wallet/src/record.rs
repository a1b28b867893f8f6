//! The record of a person, as one FHIR server would hold it: what grants are applied to.
//!
//! Ids are the vault's names for its rows: a source's own id may name a drug, and a row's number would tell how many
//! rows lie between two that are shown. References between resources of one source are rewritten to those ids; a file
//! that was fetched stands as the `Binary` its document points to.

use std::collections::HashMap;
use std::sync::Arc;

use consent::{Item, Record, Version};
use fhir::LocalReference;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use types::{ConnectionId, ItemId, PersonId};
use vault::{Connected, OpenError, WholeFile, WholeItem};

use crate::connections::Details;
use crate::documents::encode;
use crate::error::WalletError;
use crate::open::Open;

/// A record, and which item of the vault each of its resources is.
pub(crate) struct Assembled {
    pub(crate) record: Record,
    /// By `Type/id` of the record; files that were fetched by themselves are not in here.
    pub(crate) items: HashMap<Box<str>, Known>,
}

/// An item as its owner knows it.
pub(crate) struct Known {
    pub(crate) id: ItemId,
    pub(crate) title: Option<String>,
}

/// What a resource is called at its source, and what in the record.
#[derive(Default)]
struct Names(HashMap<(ConnectionId, String, String), Box<str>>);

/// One source: its address, and the names of what it brought.
struct Source<'a> {
    id: &'a ConnectionId,
    address: &'a str,
    names: &'a Names,
}

/// Everything that is held for a person, as it was read. To make the record of it needs the vault no more.
pub(crate) struct Found {
    /// What the record was when it was read.
    pub(crate) stamp: u64,
    held: Vec<WholeItem>,
    connections: Vec<Connected>,
}

impl Open {
    /// Everything that is held for a person, as the record.
    pub(crate) fn record_of(&self, person: &PersonId) -> Result<Assembled, WalletError> {
        self.found(person)?.assembled()
    }

    /// Everything that is held for a person.
    pub(crate) fn found(&self, person: &PersonId) -> Result<Found, WalletError> {
        // Read first: what comes in meanwhile is seen at the next look.
        let stamp = self.vault.record_stamp()?;
        let mut held: Vec<WholeItem> = Vec::new();
        self.vault.whole_items(person, |item| {
            held.push(item);
            Ok::<(), WalletError>(())
        })?;
        Ok(Found { stamp, held, connections: self.vault.connections(person)? })
    }
}

impl Found {
    /// The record.
    pub(crate) fn assembled(self) -> Result<Assembled, WalletError> {
        let Self { stamp: _, held, connections } = self;
        let mut names = Names::default();
        for item in &held {
            names.0.insert(
                (item.connection.clone(), item.resource_type.clone(), item.source_id.clone()),
                hex(item.marks.name),
            );
        }
        let mut addresses: HashMap<ConnectionId, (String, Arc<str>)> = HashMap::new();
        let mut patients = Vec::new();
        for row in connections {
            let details: Option<Details> = serde_json::from_str(&row.details).ok();
            let own = details.and_then(|details| names.of(&row.id, "Patient", &details.patient));
            patients.extend(own.map(Box::from));
            let source = Arc::from(row.id.as_str());
            addresses.insert(row.id, (row.address, source));
        }
        let mut items = Vec::with_capacity(held.len());
        let mut ids = HashMap::with_capacity(held.len());
        for whole in held {
            let (address, source) = addresses.get(&whole.connection).ok_or(WalletError::Open(OpenError::Damaged))?;
            let at = Source { id: &whole.connection, address, names: &names };
            let id = hex(whole.marks.name);
            let known = Known { id: whole.id.clone(), title: whole.title.clone() };
            ids.insert(format!("{}/{id}", whole.resource_type).into(), known);
            for file in &whole.files {
                items.push(binary(&whole, file, source));
            }
            items.push(at.item(&whole, id, source)?);
        }
        let record = Record { patients, zone: TimeZone::system(), items };
        Ok(Assembled { record, items: ids })
    }
}

impl Names {
    fn of(&self, source: &ConnectionId, resource_type: &str, id: &str) -> Option<&str> {
        let key = (source.clone(), resource_type.to_owned(), id.to_owned());
        self.0.get(&key).map(|name| &**name)
    }
}

impl Source<'_> {
    fn item(&self, whole: &WholeItem, id: Box<str>, source: &Arc<str>) -> Result<Item, WalletError> {
        let mut versions = Vec::with_capacity(whole.versions.len());
        for version in &whole.versions {
            let mut tree: Value =
                serde_json::from_slice(&version.json).map_err(|_| WalletError::Open(OpenError::Damaged))?;
            self.rename(&mut tree, whole, &id);
            versions.push(Version { received: version.received, json: tree.to_string().into() });
        }
        Ok(Item {
            resource_type: whole.resource_type.as_str().into(),
            id,
            source: Arc::clone(source),
            seed: whole.marks.seed,
            versions,
        })
    }

    fn rename(&self, tree: &mut Value, whole: &WholeItem, id: &str) {
        let stated = fhir::attachments(tree);
        let fetched: HashMap<String, Box<str>> = whole
            .files
            .iter()
            .filter_map(|file| {
                let url = stated.get(usize::try_from(file.index).ok()?)?.url.clone()?;
                Some((url, format!("Binary/{}", hex(file.marks.name)).into()))
            })
            .collect();
        let Value::Object(members) = tree else { return };
        members.insert("id".to_owned(), Value::from(id));
        for (name, member) in members.iter_mut() {
            // What a document or a collection holds refers to what stands beside it there.
            if !(whole.resource_type == "Bundle" && name == "entry") {
                self.rewrite(member, &fetched);
            }
        }
    }

    fn rewrite(&self, value: &mut Value, fetched: &HashMap<String, Box<str>>) {
        match value {
            Value::Object(members) => self.rewrite_members(members, fetched),
            Value::Array(values) => values.iter_mut().for_each(|value| self.rewrite(value, fetched)),
            _ => {}
        }
    }

    fn rewrite_members(&self, members: &mut Map<String, Value>, fetched: &HashMap<String, Box<str>>) {
        for (name, member) in members.iter_mut() {
            match member {
                Value::String(text) if name == "reference" => {
                    if let Some(found) = self.reference(text) {
                        *text = found;
                    }
                }
                Value::String(text) if name == "url" => {
                    let binary = || self.reference(text).filter(|found| found.starts_with("Binary/"));
                    if let Some(found) = fetched.get(text).map(|to| to.to_string()).or_else(binary) {
                        *text = found;
                    }
                }
                _ => self.rewrite(member, fetched),
            }
        }
    }

    /// The reference as the record has it. What this source did not bring keeps its name there, below no address: to
    /// whom it is shown it looks like what is not in the record, which it is.
    fn reference(&self, text: &str) -> Option<String> {
        let target = LocalReference::parse(text, self.address)?;
        let here = self.names.of(self.id, &target.resource_type, &target.id);
        Some(format!("{}/{}", target.resource_type, here.unwrap_or(&target.id)))
    }
}

/// A file that was fetched, as the resource its document points to.
fn binary(document: &WholeItem, file: &WholeFile, source: &Arc<str>) -> Item {
    let id = hex(file.marks.name);
    let json = json!({
        "resourceType": "Binary",
        "id": id,
        "contentType": file.content_type.as_deref().unwrap_or("application/octet-stream"),
        "securityContext": { "reference": format!("{}/{}", document.resource_type, hex(document.marks.name)) },
        "data": encode(&file.bytes),
    });
    Item {
        resource_type: "Binary".into(),
        id,
        source: Arc::clone(source),
        seed: file.marks.seed,
        versions: vec![Version { received: file.received, json: json.to_string().into() }],
    }
}

fn hex(bytes: [u8; 16]) -> Box<str> {
    let mut text = String::with_capacity(32);
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].into_iter().filter_map(|nibble| char::from_digit(u32::from(nibble), 16)));
    }
    text.into()
}

#[cfg(test)]
pub(crate) mod tests;
