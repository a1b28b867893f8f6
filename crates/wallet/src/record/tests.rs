use std::path::PathBuf;

use serde_json::{Value, json};
use types::{PullId, Secret};
use vault::{Attachment, Connected, ItemDraft, ListQuery};

use super::*;
use crate::{NewProtection, Setup, Wallet, now};

const BASE: &str = "https://ehr.example.org/fhir";

pub(crate) async fn wallet(folder: PathBuf) -> Wallet {
    let wallet = Wallet::new(Setup { folder, open_browser: Box::new(|_| Ok(())) });
    let secret = || Secret::new("correct horse battery".to_owned());
    wallet.make("Ines Calder".into(), None, NewProtection::Passphrase(secret())).await.unwrap();
    wallet.unlock(Some(secret())).await.unwrap();
    wallet
}

/// A source under this number with these resources, brought in as a pull does.
pub(crate) fn bring(open: &mut Open, number: u8, resources: &[Value]) {
    let (person, connection) = (open.current.clone(), ConnectionId::from_random([number; 16]));
    let details = json!({"patient": "p", "client_id": "c", "client_key": null,
        "token_endpoint": "https://a.example/t", "revocation_endpoint": null, "issues_cards": false});
    if open.vault.connection(&person, &connection).is_err() {
        let row = Connected {
            id: connection.clone(),
            name: format!("Clinic {number}"),
            address: BASE.into(),
            state: "ready".into(),
            scopes: String::new(),
            details: details.to_string(),
            created: now(),
            last_pull: None,
        };
        open.vault.add_connection(&person, &row).unwrap();
    }
    let pull = PullId::from_random(crypto::random().unwrap());
    open.vault.begin_pull(&person, &connection, &pull, &[("All".into(), "other".into())], now()).unwrap();
    let draft = |tree: &Value| ItemDraft {
        resource_type: tree["resourceType"].as_str().unwrap().into(),
        source_id: tree["id"].as_str().unwrap().into(),
        kind: "other".into(),
        text: tree["id"].as_str().unwrap().into(),
        json: tree.to_string().as_bytes().into(),
        ..ItemDraft::default()
    };
    let drafts: Vec<ItemDraft> = resources.iter().map(draft).collect();
    open.vault.store_page(&pull, "All", &drafts, None, now()).unwrap();
    open.vault.end_pull(&person, &pull, "done", None, now()).unwrap();
}

fn find<'a>(record: &'a Record, resource_type: &str, word: &str) -> &'a Item {
    let hit = |item: &&Item| &*item.resource_type == resource_type && item.versions[0].json.contains(word);
    record.items.iter().find(hit).unwrap_or_else(|| panic!("{resource_type} {word}"))
}

/// A quantity with the digits as they stand.
fn exact(digits: &str) -> Value {
    serde_json::from_str(&format!("{{\"value\":{digits}}}")).unwrap()
}

fn current(item: &Item) -> Value {
    serde_json::from_str(&item.versions.last().unwrap().json).unwrap()
}

async fn assembled(work: impl FnOnce(&mut Open) + Send + 'static) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let record = wallet.with(|open| {
        work(open);
        let person = open.current.clone();
        open.record_of(&person)
    });
    record.await.unwrap().record
}

#[tokio::test]
async fn references_within_a_source_lead_to_what_it_brought() {
    let record = assembled(|open| {
        let observation = json!({"resourceType": "Observation", "id": "lithium-level", "valueQuantity": exact("1.10"),
            "subject": {"reference": "Patient/p"},
            "encounter": {"reference": "https://ehr.example.org/fhir/Encounter/e/_history/3"},
            "performer": [{"reference": "Practitioner/gone"}, {"reference": "https://other.example/fhir/Patient/p"}],
            "extension": [{"url": "urn:x", "valueReference": {"reference": "#own"}}],
            "contained": [{"resourceType": "Patient", "id": "own", "link": [{"other": {"reference": "Patient/p"}}]}]});
        let of_a = [
            json!({"resourceType": "Patient", "id": "p", "gender": "female"}),
            observation,
            json!({"resourceType": "Encounter", "id": "e"}),
        ];
        bring(open, 1, &of_a);
        bring(open, 2, &[json!({"resourceType": "Patient", "id": "p", "gender": "unknown"})]);
    })
    .await;
    assert_eq!((record.items.len(), record.patients.len()), (4, 2));
    let (patient, encounter) = (find(&record, "Patient", "female"), find(&record, "Encounter", "Encounter"));
    let item = find(&record, "Observation", "1.10");
    let tree = current(item);
    assert_eq!(tree["id"], *item.id);
    assert_eq!(tree["subject"]["reference"], format!("Patient/{}", patient.id), "and not the other source's");
    assert_eq!(tree["encounter"]["reference"], format!("Encounter/{}", encounter.id));
    assert_eq!(tree["performer"][0]["reference"], "Practitioner/gone");
    assert_eq!(tree["performer"][1]["reference"], "https://other.example/fhir/Patient/p");
    assert_eq!(tree["extension"][0]["valueReference"]["reference"], "#own");
    assert_eq!(tree["contained"][0]["id"], "own");
    assert_eq!(tree["contained"][0]["link"][0]["other"]["reference"], format!("Patient/{}", patient.id));
    assert!(!item.versions[0].json.contains("lithium"), "the id of the source tells");
    assert!(record.items.iter().all(|item| item.id.len() == 32 && item.id.bytes().all(|b| b.is_ascii_hexdigit())));
    assert!(record.patients.contains(&patient.id));
}

#[tokio::test]
async fn versions_stand_in_order_under_one_id() {
    let record = assembled(|open| {
        bring(open, 1, &[json!({"resourceType": "Goal", "id": "g", "status": "one"})]);
        bring(open, 1, &[json!({"resourceType": "Goal", "id": "g", "status": "two"})]);
        bring(open, 1, &[json!({"resourceType": "Goal", "id": "g", "status": "two"})]);
    })
    .await;
    let [goal] = record.items.as_slice() else { panic!("{:?}", record.items) };
    let said: Vec<Value> = goal.versions.iter().map(|version| serde_json::from_str(&version.json).unwrap()).collect();
    assert_eq!(said.iter().map(|tree| tree["status"].as_str().unwrap()).collect::<Vec<_>>(), ["one", "two"]);
    assert!(said.iter().all(|tree| tree["id"] == *goal.id));
    assert!(goal.versions[0].received <= goal.versions[1].received);
}

#[tokio::test]
async fn a_fetched_file_is_the_binary_its_document_points_to() {
    let record = assembled(|open| {
        let document = json!({"resourceType": "DocumentReference", "id": "d", "content": [
            {"attachment": {"url": "https://ehr.example.org/fhir/Binary/b1", "contentType": "text/plain"}},
            {"attachment": {"url": "Binary/not-fetched"}}]});
        bring(open, 1, &[document]);
        let item = open.vault.list(&open.current, &ListQuery::default()).unwrap().rows.remove(0).id;
        let file = Attachment { content_type: Some("text/plain".into()), bytes: b"hello".to_vec() };
        open.vault.put_attachment(&open.current.clone(), &item, 0, &file, now()).unwrap();
    })
    .await;
    let (document, binary) = (find(&record, "DocumentReference", "content"), find(&record, "Binary", "data"));
    let (tree, bytes) = (current(document), current(binary));
    assert_eq!(tree["content"][0]["attachment"]["url"], format!("Binary/{}", binary.id));
    assert_eq!(tree["content"][1]["attachment"]["url"], "Binary/not-fetched");
    assert_eq!((bytes["data"].as_str(), bytes["contentType"].as_str()), (Some("aGVsbG8="), Some("text/plain")));
    assert_eq!(bytes["securityContext"]["reference"], format!("DocumentReference/{}", document.id));
    assert_ne!(document.seed, binary.seed);
}

#[tokio::test]
async fn what_a_bundle_holds_refers_to_what_stands_beside_it() {
    let record = assembled(|open| {
        let bundle = json!({"resourceType": "Bundle", "id": "b", "type": "document",
            "entry": [{"resource": {"resourceType": "Composition", "subject": {"reference": "Patient/p"}}}]});
        bring(open, 1, &[json!({"resourceType": "Patient", "id": "p"}), bundle]);
    })
    .await;
    let tree = current(find(&record, "Bundle", "document"));
    assert_eq!(tree["entry"][0]["resource"]["subject"]["reference"], "Patient/p");
}
