use std::collections::HashSet;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::json;

use crate::reply::{self, FHIR_JSON};
use crate::store::Store;

use super::Server;
use super::page::Cursor;

/// One page of a search, put together from bytes that are ready.
pub(super) fn page(server: &Server, cursor: &Cursor, own_link: &str) -> Response<Body> {
    let end = cursor.from.saturating_add(cursor.count).min(cursor.found.len());
    let shown = cursor.found.get(cursor.from..end).unwrap_or(&[]);
    let store = server.world.store(server.system);
    let mut out = Vec::with_capacity(shown.len() * 1200 + 600);
    out.extend_from_slice(b"{\"resourceType\":\"Bundle\",\"type\":\"searchset\"");
    if server.strikes("no-total").is_none() {
        out.extend_from_slice(format!(",\"total\":{}", cursor.found.len()).as_bytes());
    }
    let mut links = vec![json!({"relation": "self", "url": own_link})];
    if end < cursor.found.len() && cursor.count > 0 {
        links.extend(next_link(server, cursor, end, own_link).map(|url| json!({"relation": "next", "url": url})));
    }
    out.extend_from_slice(format!(",\"link\":{}", serde_json::Value::Array(links)).as_bytes());
    let mut entries = Entries { out, base: server.base(), store: &store, any: false };
    let twice = server.strikes("duplicate-entries").is_some();
    for at in shown {
        entries.add(*at, "match");
        if twice {
            entries.add(*at, "match");
        }
    }
    for at in along(&store, cursor, shown) {
        entries.add(at, "include");
    }
    if server.strikes("wrong-patient").is_some() {
        let other = (0..store.len()).find(|at| {
            store.entry(*at).is_some_and(|entry| entry.patient.as_deref().is_some_and(|own| own != cursor.patient))
        });
        other.into_iter().for_each(|at| entries.add(at, "match"));
    }
    if server.strikes("outcome-entry").is_some() {
        let outcome = reply::outcome_resource("warning", "informational", "some older results are kept elsewhere");
        entries.add_bytes(outcome.to_string().as_bytes(), None, "outcome");
    }
    let mut out = entries.finish();
    out.push(b'}');
    reply::answer(StatusCode::OK, FHIR_JSON, out)
}

fn next_link(server: &Server, cursor: &Cursor, from: usize, own_link: &str) -> Option<String> {
    if server.strikes("next-loop").is_some() {
        return Some(own_link.to_owned());
    }
    let name = server.world.pages.keep(Cursor { from, ..cursor.clone() })?;
    if let Some(strike) = server.strikes("next-elsewhere") {
        return Some(format!("{}/fhir?_page={name}", strike.text("https://elsewhere.example")));
    }
    Some(format!("{}?_page={name}", server.base()))
}

/// What goes along with the matches: Provenance about them, Medications they name.
fn along(store: &Store, cursor: &Cursor, shown: &[usize]) -> Vec<usize> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for entry in shown.iter().filter_map(|at| store.entry(*at)) {
        if cursor.with_provenance {
            found.extend(store.provenance(&entry.name()).iter().copied().filter(|at| seen.insert(*at)));
        }
        if cursor.with_medication
            && let Some((kind, id)) = entry.medication.as_deref().and_then(|name| name.split_once('/'))
        {
            found.extend(store.position(kind, id).filter(|at| seen.insert(*at)));
        }
    }
    found
}

struct Entries<'a> {
    out: Vec<u8>,
    base: &'a str,
    store: &'a Store,
    any: bool,
}

impl Entries<'_> {
    fn add(&mut self, at: usize, mode: &str) {
        let Some(entry) = self.store.entry(at) else { return };
        let url = format!("{}/{}/{}", self.base, entry.kind, entry.id);
        let bytes = entry.bytes.clone();
        self.add_bytes(&bytes, Some(&url), mode);
    }

    fn add_bytes(&mut self, bytes: &[u8], url: Option<&str>, mode: &str) {
        self.out.extend_from_slice(if self.any { b",{" } else { b",\"entry\":[{" });
        self.any = true;
        if let Some(url) = url {
            self.out.extend_from_slice(format!("\"fullUrl\":\"{url}\",").as_bytes());
        }
        self.out.extend_from_slice(b"\"resource\":");
        self.out.extend_from_slice(bytes);
        self.out.extend_from_slice(format!(",\"search\":{{\"mode\":\"{mode}\"}}}}").as_bytes());
    }

    /// Closes the list; one without entries is left out, as FHIR has no empty lists.
    fn finish(mut self) -> Vec<u8> {
        if self.any {
            self.out.push(b']');
        }
        self.out
    }
}
