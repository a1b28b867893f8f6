//! Journeys 2 to 4 over real HTTP: connect, bring in, read. The vault is real, the servers are the sandbox's.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    missing_docs,
    reason = "tests say plainly what they expect"
)]

#[path = "record/locked.rs"]
mod locked;
#[path = "record/meanwhile.rs"]
mod meanwhile;
#[path = "common/stage.rs"]
mod stage;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use sandbox::Options;
use serde_json::Value;
use stage::{OWNER, Stage, all_bytes};
use wallet::views::{ConnectionState, KindOutcome, LaunchStage, PullStage, RecordQuery, Revoked};

fn query(words: &str, offset: u32) -> RecordQuery {
    RecordQuery { words: words.into(), offset, limit: 500, ..RecordQuery::default() }
}

/// Every item of the person shown, as received.
async fn everything(stage: &Stage) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    let mut offset = 0;
    loop {
        let page = stage.wallet.records(query("", offset)).await.unwrap();
        for row in &page.rows {
            let item = stage.wallet.item(&row.id).await.unwrap();
            out.insert(item.origin.reference.clone(), serde_json::from_str(&item.json).unwrap());
        }
        offset += 500;
        if offset >= page.total {
            return out;
        }
    }
}

fn bundle(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The sandbox names resources of a transaction bundle `Type/id` where the file says `urn:uuid:…`; nothing else differs.
fn renamed(value: &Value, names: &HashMap<String, String>) -> Value {
    match value {
        Value::String(text) => names.get(text).cloned().unwrap_or_else(|| text.clone()).into(),
        Value::Array(items) => items.iter().map(|item| renamed(item, names)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), renamed(v, names))).collect()),
        other => other.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_synthetic_lives_arrive_digit_for_digit_and_a_second_pull_changes_nothing() {
    let Some(folder) = testkit::shared("data/synthea-r4") else { return };
    let files: Vec<Value> = std::fs::read_dir(&folder).unwrap().map(|f| bundle(&f.unwrap().path())).collect();
    let mut names = HashMap::new();
    for entry in files.iter().flat_map(|f| f["entry"].as_array().unwrap()) {
        let resource = &entry["resource"];
        let name = format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
        names.insert(entry["fullUrl"].as_str().unwrap().to_owned(), name);
    }
    let mut options = Options::new(jiff::civil::date(2026, 11, 20));
    options.patients = Some(folder);
    let stage = Stage::new(options).await;
    let base = stage.sandbox.addresses.valley.clone();
    let mut lives = 0;
    for login in stage.sandbox.logins.clone() {
        let patient = login.people[0].valley.clone().unwrap();
        let life = files.iter().find(|f| {
            f["entry"].as_array().unwrap().iter().any(|e| {
                e["resource"]["resourceType"] == "Patient" && e["resource"]["id"].as_str() == Some(patient.as_str())
            })
        });
        let life = life.unwrap()["entry"].as_array().unwrap();
        stage.sign_in_as(&login.username);
        stage.wallet.add_person(login.name.clone(), wallet::views::Relation::Other, None).await.unwrap();
        let connection = stage.connect(&base).await;
        let first = stage.pull(&connection).await;
        assert_eq!(first.stage, PullStage::Done, "{:?}", first.error);
        let failed: u32 = first.kinds.iter().map(|k| k.failed).sum();
        assert_eq!(failed, 0, "{:?}", first.kinds);

        let here = everything(&stage).await;
        for entry in life {
            let name = names[entry["fullUrl"].as_str().unwrap()].clone();
            let got = here.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
            // A practitioner stands in several files, not everywhere in the same words; a server has one of them.
            let stated = files.iter().flat_map(|f| f["entry"].as_array().unwrap());
            let stated: Vec<Value> = stated
                .filter(|e| names[e["fullUrl"].as_str().unwrap()] == name)
                .map(|e| renamed(&e["resource"], &names))
                .collect();
            assert!(stated.contains(got), "{name}: {got} is not {stated:?}");
        }
        let count = |kind: &str| here.keys().filter(|k| k.starts_with(&format!("{kind}/"))).count();
        for kind in
            ["Observation", "Condition", "Encounter", "Claim", "ExplanationOfBenefit", "Immunization", "Procedure"]
        {
            let of_file = life.iter().filter(|e| e["resource"]["resourceType"] == kind).count();
            assert_eq!(count(kind), of_file, "{kind}");
        }

        let second = stage.pull(&connection).await;
        assert_eq!(second.stage, PullStage::Done);
        for kind in &second.kinds {
            assert_eq!((kind.new, kind.changed, kind.failed), (0, 0, 0), "{kind:?}");
        }
        assert_eq!(everything(&stage).await, here);
        lives += 1;
    }
    assert_eq!(lives, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_arrives_with_its_files_and_is_found_by_words_without_accents() {
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    let pull = stage.pull(&connection).await;
    assert_eq!(pull.stage, PullStage::Done, "{:?}", pull.error);
    let home = stage.wallet.home().await.unwrap();
    assert_eq!(home.everything, pull.items, "the report and the home page say the same");
    assert!(home.everything > 50 && !home.news.is_empty() && home.trail.broken_at.is_none(), "{home:?}");
    let mut documents = query("", 0);
    documents.kind = Some(wallet::views::Kind::Document);
    let documents = stage.wallet.records(documents).await.unwrap();
    assert!(documents.total > 0);
    for row in &documents.rows {
        let document = stage.wallet.document(&row.id).await.unwrap();
        for file in &document.attachments {
            if file.here {
                assert!(stage.wallet.document_content(&row.id, file.index).await.unwrap().size > 0);
            }
        }
    }
    assert!(documents.rows.iter().any(|r| r.attachment.is_some()));
    let mut labs = query("", 0);
    labs.kind = Some(wallet::views::Kind::Lab);
    labs.newest_of_each = true;
    let labs = stage.wallet.records(labs).await.unwrap();
    let lab = stage.wallet.lab(&labs.rows[0].id).await.unwrap();
    assert!(!lab.history.is_empty() && lab.row.value.is_some());
    let found = stage.wallet.records(query("hemoglobín", 0)).await.unwrap();
    assert!(found.total > 0);
    let none = stage.wallet.records(query("hemoglobxn", 0)).await.unwrap();
    assert_eq!((none.total, none.did_you_mean.as_deref()), (0, Some("hemoglobin")));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_in_one_vault_are_never_mixed() {
    let stage = Stage::invented().await;
    let base = stage.sandbox.addresses.valley.clone();
    let connection = stage.connect(&base).await;
    stage.pull(&connection).await;
    let mine = everything(&stage).await;
    let status = stage.wallet.add_person("My mother".into(), wallet::views::Relation::Parent, None).await.unwrap();
    assert_eq!(status.people.len(), 2);
    assert!(everything(&stage).await.is_empty());
    assert!(stage.wallet.connections().await.unwrap().is_empty());
    assert!(stage.wallet.pull_start(&connection).await.is_err(), "another person's connection");
    let other = stage.sandbox.logins[1].username.clone();
    stage.sign_in_as(&other);
    let hers = stage.connect(&base).await;
    stage.pull(&hers).await;
    let hers = everything(&stage).await;
    let patients = |record: &BTreeMap<String, Value>| {
        record.keys().filter(|k| k.starts_with("Patient/")).cloned().collect::<Vec<_>>()
    };
    assert_eq!((patients(&mine).len(), patients(&hers).len()), (1, 1));
    assert_ne!(patients(&mine), patients(&hers));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_readable_at_rest_after_a_whole_journey() {
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.pull(&connection).await;
    stage.wallet.cards_fetch(&connection).await.unwrap();
    let record = everything(&stage).await;
    let patient = record.iter().find(|(k, _)| k.starts_with("Patient/")).unwrap().1;
    let family = patient["name"][0]["family"].as_str().unwrap().to_owned();
    let number = patient["identifier"][0]["value"].as_str().unwrap().to_owned();
    let before_closing = all_bytes(stage.home.path());
    stage.wallet.lock().await.unwrap();
    let after_closing = all_bytes(stage.home.path());
    let canaries = [OWNER, &family, &number, "Hemoglobin", "resourceType", "eyJhbGciOi", "access_token"];
    for (path, bytes) in before_closing.into_iter().chain(after_closing) {
        for canary in canaries {
            let found = bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
            assert!(!found, "{canary} stands in {}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_is_renewed_and_one_that_was_taken_back_asks_to_sign_in_again() {
    let mut options = Options::new(jiff::civil::date(2026, 11, 20));
    options.access_seconds = 1;
    let stage = Stage::new(options).await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.sandbox.advance(30);
    let renewed = stage.pull(&connection).await;
    assert_eq!(renewed.stage, PullStage::Done, "{:?}", renewed.error);
    stage.sandbox.advance(30);
    stage.fault("refresh-revoked");
    let ended = stage.pull(&connection).await;
    assert_eq!(ended.error.unwrap().code, "refresh.ended");
    let state = stage.wallet.connections().await.unwrap()[0].state.clone();
    assert_eq!(state, ConnectionState::NeedsSignIn);
    stage.sandbox.no_faults();
    let begun = stage.wallet.sign_in_again(&connection).await.unwrap();
    let again = stage.follow(begun).await;
    assert_eq!((again.stage, again.connection.as_deref()), (LaunchStage::Connected, Some(connection.as_str())));
    let resumed = stage.pull(&connection).await;
    assert_eq!(resumed.stage, PullStage::Done, "{:?}", resumed.error);
    let gone = stage.wallet.disconnect(&connection).await.unwrap();
    assert_eq!(gone.revoked, Revoked::Confirmed);
    assert!(gone.items > 0);
    assert!(stage.wallet.pull_start(&connection).await.is_err());
}

/// What a system does, and what the person is told of it.
const LAUNCH_FAULTS: &[(&str, &str)] = &[
    ("denied", "launch.accessDenied"),
    ("wrong-iss", "launch.issuerMismatch"),
    ("no-iss", "launch.issuerMissing"),
    ("token-html", "token.html"),
    ("invalid-client", "token.invalidClient"),
    ("invalid-grant", "token.invalidGrant"),
    ("no-patient", "token.noPatient"),
    ("id-token-expired", "idToken.expired"),
    ("id-token-nonce", "idToken.nonceMismatch"),
    ("id-token-audience", "idToken.wrongAudience"),
    ("id-token-issuer", "idToken.wrongIssuer"),
    ("id-token-signature", "idToken.badSignature"),
    ("id-token-none", "idToken.algorithm"),
    ("no-s256", "discovery.noS256"),
    ("no-keys", "identity.status"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_goes_wrong_says_how_and_keeps_nothing() {
    let stage = Stage::invented().await;
    let base = stage.sandbox.addresses.valley.clone();
    for (fault, code) in LAUNCH_FAULTS {
        stage.fault(fault);
        let view = stage.launch(&base).await;
        assert_eq!(view.stage, LaunchStage::Failed, "{fault}");
        assert_eq!(view.error.unwrap().code, *code, "{fault}");
        assert!(stage.wallet.connections().await.unwrap().is_empty(), "{fault}");
        stage.sandbox.no_faults();
    }
    assert_eq!(stage.launch(&base).await.stage, LaunchStage::Connected);
}

/// What a system does to its pages, what becomes of the kind, and how the person is told.
const PAGE_FAULTS: &[(&str, KindOutcome, &str)] = &[
    ("html", KindOutcome::Failed, "pull.notJson"),
    ("truncated", KindOutcome::Failed, "pull.notJson"),
    ("not-fhir", KindOutcome::Failed, "pull.notABundle"),
    ("forbidden-kind=Condition", KindOutcome::Refused, "pull.refused"),
    ("redirect", KindOutcome::Failed, "fetch.redirected"),
    ("next-elsewhere", KindOutcome::Failed, "nextLink.otherServer"),
    ("next-loop", KindOutcome::Failed, "nextLink.loop"),
];

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_wrong_cost_their_kind_and_nothing_else() {
    for (fault, outcome, code) in PAGE_FAULTS {
        let mut options = Options::new(jiff::civil::date(2026, 11, 20));
        options.plan.people = 1;
        options.plan.resources = Some(1500);
        let stage = Stage::new(options).await;
        let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
        stage.fault(fault);
        let pull = stage.pull(&connection).await;
        let struck = pull.kinds.iter().find(|k| k.error.as_ref().is_some_and(|e| e.code == *code));
        let struck = struck.unwrap_or_else(|| panic!("{fault}: {:?} {:?}", pull.kinds, pull.error));
        assert_eq!(struck.outcome, *outcome, "{fault}");
        stage.sandbox.no_faults();
        let healed = stage.pull(&connection).await;
        assert_eq!(healed.stage, PullStage::Done, "{fault}");
        let hurt: Vec<_> = healed.kinds.iter().filter(|k| k.outcome == KindOutcome::Failed).collect();
        assert!(hurt.is_empty(), "{fault}: {hurt:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_system_is_waited_for_and_a_foreign_patient_is_not_kept() {
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.fault("too-many=1*2");
    stage.fault("wrong-patient*1");
    let pull = stage.pull(&connection).await;
    assert_eq!(pull.stage, PullStage::Done, "{:?}", pull.error);
    let patients = everything(&stage).await.keys().filter(|k| k.starts_with("Patient/")).count();
    assert_eq!(patients, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daughter_brings_in_her_mothers_record_under_her_own_sign_in() {
    let stage = Stage::invented().await;
    let found = stage.sandbox.logins.iter().find(|l| l.people.iter().any(|p| p.relation == "mother")).cloned();
    let daughter = found.expect("the demo has a daughter who acts for her mother");
    let place = daughter.people.iter().position(|p| p.relation == "mother").unwrap();
    stage.sign_in_as(&daughter.username);
    *stage.person.lock().unwrap() = Some(place.to_string());
    stage.wallet.add_person("My mother".into(), wallet::views::Relation::Parent, None).await.unwrap();
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.pull(&connection).await;
    let record = everything(&stage).await;
    let patient = record.keys().find(|k| k.starts_with("Patient/")).unwrap();
    assert_eq!(patient.strip_prefix("Patient/"), daughter.people[place].valley.as_deref());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_health_systems_add_to_one_record_and_cards_come_from_them() {
    let stage = Stage::invented().await;
    let valley = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    let larkspur = stage.connect(&stage.sandbox.addresses.larkspur.clone()).await;
    for connection in [&valley, &larkspur] {
        let pull = stage.pull(connection).await;
        assert_eq!(pull.stage, PullStage::Done, "{:?}", pull.error);
    }
    let page = stage.wallet.records(query("", 0)).await.unwrap();
    assert_eq!(page.sources.iter().filter(|s| s.count > 0).count(), 2, "{:?}", page.sources);
    let cards = stage.wallet.cards_fetch(&valley).await.unwrap();
    assert!(!cards.added.is_empty() && cards.unreadable.is_empty(), "{cards:?}");
    for card in &cards.added {
        assert_eq!(card.verdict.word, wallet::views::VerdictWord::Verified, "{:?}", card.verdict);
        let codes = stage.wallet.card_qr(card.id.as_deref().unwrap(), false).await.unwrap();
        assert!(codes[0].text.starts_with("shc:/"));
        let checked = stage.wallet.check_card_text(codes[0].text.clone()).await.unwrap();
        assert_eq!(checked[0].verdict.reason, card.verdict.reason);
    }
    let again = stage.wallet.cards_fetch(&valley).await.unwrap();
    let held = stage.wallet.cards(false).await.unwrap();
    assert!(again.added.len() + again.already.len() > 0 && held.len() >= cards.added.len());
}

/// What an issuer does, and the reason the person reads.
const CARD_FAULTS: &[(&str, &str)] = &[
    ("card-changed", "changed"),
    ("card-foreign-key", "changed"),
    ("card-expired", "expired"),
    ("card-future", "notYetValid"),
    ("card-withdrawn", "withdrawn"),
    ("no-card-keys", "keysUnavailable"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_does_not_hold_says_why() {
    for (fault, reason) in CARD_FAULTS {
        let stage = Stage::invented().await;
        let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
        stage.fault(fault);
        let cards = stage.wallet.cards_fetch(&connection).await.unwrap();
        assert_eq!(cards.added[0].verdict.reason, *reason, "{fault}: {:?}", cards.added[0].verdict);
    }
}
