//! Records and grants for tests.
#![allow(dead_code, reason = "each test program uses what it needs")]

use std::sync::{Arc, LazyLock};

use consent::{
    Grant, Item, Mode, Party, Permit, Proof, Record, Rules, Selector, Term, Version, View, ViewKey, What, WhyOut,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use types::{GrantId, Secret};

pub(crate) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap());

/// A record in the making.
pub(crate) struct Made {
    items: Vec<Item>,
    patients: Vec<Box<str>>,
}

impl Made {
    pub(crate) fn new() -> Self {
        Self { items: Vec::new(), patients: vec!["p".into()] }
    }

    pub(crate) fn of(patients: &[&str]) -> Self {
        Self { items: Vec::new(), patients: patients.iter().map(|id| Box::from(*id)).collect() }
    }

    pub(crate) fn with(self, json: Value) -> Self {
        self.from("con_a", json)
    }

    pub(crate) fn from(mut self, source: &str, json: Value) -> Self {
        self.items.push(item(source, &[json]));
        self
    }

    pub(crate) fn versions_from(mut self, source: &str, all: &[Value]) -> Self {
        self.items.push(item(source, all));
        self
    }

    pub(crate) fn record(self) -> Record {
        Record { patients: self.patients, zone: TimeZone::fixed(jiff::tz::offset(-7)), items: self.items }
    }
}

/// A resource in its versions, each a day after the other.
pub(crate) fn item(source: &str, all: &[Value]) -> Item {
    let text = |name: &str| Box::from(all[0][name].as_str().unwrap());
    let (resource_type, id): (Box<str>, Box<str>) = (text("resourceType"), text("id"));
    let seed = seed(&resource_type, &id);
    let version = |(at, json): (usize, &Value)| Version {
        received: now() - jiff::SignedDuration::from_hours(24 * (all.len() - at) as i64),
        json: Arc::from(json.to_string()),
    };
    Item { resource_type, id, source: source.into(), seed, versions: all.iter().enumerate().map(version).collect() }
}

fn seed(of: &str, id: &str) -> [u8; 16] {
    let mut seed = [0_u8; 16];
    for (at, byte) in of.bytes().chain(id.bytes()).enumerate() {
        seed[at % 16] = seed[at % 16].wrapping_mul(31).wrapping_add(byte);
    }
    seed
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T12:00:00-07:00".parse().unwrap()
}

pub(crate) fn excluding(topics: &[&str]) -> Selector {
    Selector { topics: topics.iter().map(|topic| Box::from(*topic)).collect(), ..Selector::default() }
}

pub(crate) fn grant(permits: Vec<Permit>, exclusions: Vec<Selector>) -> Grant {
    Grant {
        id: GrantId::from_random([1; 16]),
        who: Party { name: "Dr Lee".into(), proof: Proof::Did("did:key:z6Mk".into()) },
        what: What { permits, exclusions },
        mode: Mode::Usual,
        deidentified: None,
        purposes: vec![],
        term: Term { start: None, end: None, uses: None },
        decisions: vec![],
        words: vec![],
    }
}

pub(crate) fn key() -> ViewKey {
    ViewKey::new(Secret::new([7; 32]))
}

/// The view of a grant that the owner has approved for this record.
pub(crate) fn view(record: &Record, grant: &Grant) -> View {
    under(record, &approved(record, grant))
}

/// The grant as it is once the owner has approved it: with the names of the drugs that it hides.
pub(crate) fn approved(record: &Record, grant: &Grant) -> Grant {
    grant.clone().with_words(under(record, grant).words()).unwrap()
}

/// The view of a grant as it stands.
pub(crate) fn under(record: &Record, grant: &Grant) -> View {
    View::build(record, grant, &RULES, now(), &key())
}

/// `Type/id` of all that is in a view.
pub(crate) fn shown(view: &View) -> Vec<String> {
    view.held().iter().map(|held| format!("{}/{}", held.resource_type, held.id)).collect()
}

pub(crate) fn json(view: &View, key: &str) -> Value {
    let held = view.held().iter().find(|held| format!("{}/{}", held.resource_type, held.id) == key);
    serde_json::from_str(&held.unwrap_or_else(|| panic!("{key} is not in the view")).current().unwrap().json).unwrap()
}

pub(crate) fn why(view: &View, key: &str) -> Option<WhyOut> {
    view.report().left_out.into_iter().find(|out| *out.resource == *key).map(|out| out.why)
}
