use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode};
use serde_json::Value;

use crate::legacy;
use crate::people::System;
use crate::reply;
use crate::store::Entry;

use super::Server;

const ROWS: usize = 500;

/// Brings a patient's rows over from the older system, once; only Larkspur has one. When it does not answer, neither does
/// Larkspur: half a record would look like a whole one.
pub(super) async fn fill(server: &Server, patient: &str) -> Result<(), Box<Response<Body>>> {
    if server.system != System::Larkspur {
        return Ok(());
    }
    let mut fetched = server.world.fetched.lock().await;
    for chart in [legacy::NO_PATIENT, patient] {
        if fetched.contains(chart) {
            continue;
        }
        if bring(server, chart).await.is_none() {
            let words = "the system behind this one does not answer";
            return Err(Box::new(reply::outcome(StatusCode::SERVICE_UNAVAILABLE, "transient", words)));
        }
        fetched.insert(chart.to_owned());
    }
    Ok(())
}

async fn bring(server: &Server, chart: &str) -> Option<()> {
    let world = &server.world;
    let mut from = 0;
    loop {
        let url = format!("{}/rows?chart={chart}&from={from}&most={ROWS}", world.addresses.legacy);
        let request = world.http.get(url).header(legacy::KEY_HEADER, world.authority.resource_secret());
        let answer: Value = serde_json::from_slice(&request.send().await.ok()?.bytes().await.ok()?).ok()?;
        let rows = answer.get("rows")?.as_array()?;
        let entries = rows.iter().map(|row| entry(row, chart)).collect::<Option<Vec<Entry>>>()?;
        from += rows.len();
        let mut store = world.store_mut(System::Larkspur);
        entries.into_iter().for_each(|entry| store.put(entry));
        if rows.len() < ROWS {
            return Some(());
        }
    }
}

fn entry(row: &Value, chart: &str) -> Option<Entry> {
    let resource = legacy::resource(row)?;
    let owner = (chart != legacy::NO_PATIENT).then(|| chart.to_owned());
    let bytes = Bytes::from(resource.to_string());
    Entry::new(&resource, bytes, owner)
}
