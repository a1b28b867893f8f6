use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::record::tests::{bring, wallet};
use crate::requests::tests::ask;
use crate::views::{Considered, Kind, Narrowing, PreviewQuery, RecordQuery, Relation, Row};
use crate::{Approval, FhirRequest, InputError, Wallet, WalletError};

fn lab(id: &str, value: &str, day: &str) -> Value {
    let quantity: Value = serde_json::from_str(&format!("{{\"value\":{value},\"unit\":\"%\"}}")).unwrap();
    json!({"resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": day,
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}], "text": "Hemoglobin A1c"},
        "valueQuantity": quantity, "subject": {"reference": "Patient/p"}})
}

fn everything() -> Vec<Value> {
    vec![
        json!({"resourceType": "Patient", "id": "p"}),
        json!({"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dr Ashdown"}]}),
        json!({"resourceType": "Practitioner", "id": "unseen", "name": [{"text": "Dr Nobody"}]}),
        lab("old", "5.90", "2024-03-01"),
        lab("new", "6.20", "2026-11-10"),
        json!({"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "Lithium carbonate"}, "subject": {"reference": "Patient/p"}}),
        json!({"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"},
            "subject": {"reference": "Patient/p"}, "participant": [{"individual": {"reference": "Practitioner/d"}}]}),
        json!({"resourceType": "Condition", "id": "c", "code": {"text": "High blood pressure"},
            "subject": {"reference": "Patient/p"}, "encounter": {"reference": "Encounter/e"}}),
        json!({"resourceType": "DocumentReference", "id": "n", "status": "current", "description": "Letter",
            "subject": {"reference": "Patient/p"},
            "content": [{"attachment": {"contentType": "text/plain", "data": "U2VlbiB0b2RheQ=="}}]}),
    ]
}

async fn with_record(folder: &tempfile::TempDir) -> Wallet {
    let wallet = wallet(folder.path().join("home")).await;
    let brought = wallet.with(|open| {
        bring(open, 1, &everything());
        bring(open, 2, &[json!({"resourceType": "Patient", "id": "p"}), lab("there", "6.00", "2025-06-01")]);
        Ok(())
    });
    brought.await.unwrap();
    wallet
}

fn query(words: &str, kind: Option<Kind>) -> PreviewQuery {
    let records = RecordQuery {
        words: words.into(),
        kind,
        source: None,
        from: None,
        to: None,
        newest_of_each: false,
        offset: 0,
        limit: 500,
    };
    PreviewQuery { records, only_cut: false }
}

async fn rows(wallet: &Wallet, considered: &Considered) -> Vec<Row> {
    let view = wallet.preview(considered.grant.as_bytes()).await.unwrap();
    let page = wallet.preview_records(&view.id, query("", None)).await.unwrap().page;
    assert_eq!(page.total, view.shown);
    page.rows
}

fn out(considered: &Considered) -> u32 {
    considered.types.iter().map(|count| count.kept + count.changed).sum()
}

/// What the engine answers to somebody who reads one by one all that the record has.
async fn readable(wallet: &Wallet, grant: &str) -> BTreeSet<String> {
    let person = wallet.with(|open| Ok(open.current.clone())).await.unwrap();
    let record = wallet.with(move |open| open.record_of(&person)).await.unwrap().record;
    let mut found = BTreeSet::new();
    for item in record.items {
        let target = format!("{}/{}", item.resource_type, item.id);
        let request = FhirRequest { method: "GET".into(), target: target.clone(), ..FhirRequest::default() };
        if wallet.fhir(request, Some(grant.as_bytes())).await.unwrap().status == 200 {
            found.insert(target);
        }
    }
    found
}

#[tokio::test]
async fn what_is_looked_at_is_what_a_third_party_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = with_record(&folder).await;
    for (scope, leave_out) in [
        ("system/*.rs", vec![]),
        ("system/*.rs", vec!["medications".to_owned()]),
        ("system/Encounter.r system/Observation.rs", vec![]),
    ] {
        let (_, request) = ask(&wallet, scope).await;
        let narrowing = Narrowing { topics: leave_out, ..Narrowing::default() };
        let considered = wallet.consider(request.as_str(), narrowing).await.unwrap();
        let seen: BTreeSet<String> = rows(&wallet, &considered).await.into_iter().map(|row| row.id).collect();
        assert_eq!(seen, readable(&wallet, &considered.grant).await, "{scope}");
        assert_eq!(u32::try_from(seen.len()).unwrap(), out(&considered), "{scope}");
        assert!(!seen.is_empty());
    }
}

#[tokio::test]
async fn somebody_who_may_search_and_not_read_sees_what_a_search_finds() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = with_record(&folder).await;
    let (_, request) = ask(&wallet, "system/Observation.s").await;
    let considered = wallet.consider(request.as_str(), Narrowing::default()).await.unwrap();
    let found = rows(&wallet, &considered).await;
    assert!(found.iter().all(|row| row.resource_type == "Observation"), "{found:?}");
    assert_eq!(found.len(), 3);
    let view = wallet.preview(considered.grant.as_bytes()).await.unwrap();
    let item = wallet.preview_item(&view.id, &found[0].id).await.unwrap();
    assert_eq!(item.row.value.unwrap().number.as_deref(), Some("6.20"));
}

#[tokio::test]
async fn its_pages_say_what_the_owners_pages_say_of_the_same_items() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = with_record(&folder).await;
    let (_, request) = ask(&wallet, "system/*.rs").await;
    let narrowing = Narrowing { topics: vec!["medications".into()], ..Narrowing::default() };
    let considered = wallet.consider(request.as_str(), narrowing).await.unwrap();
    let view = wallet.preview(considered.grant.as_bytes()).await.unwrap();
    let page = |query| wallet.preview_records(&view.id, query);

    let labs = page(query("", Some(Kind::Lab))).await.unwrap().page;
    let dates: Vec<&str> = labs.rows.iter().map(|row| row.date.as_deref().unwrap()).collect();
    assert_eq!(dates, ["2026-11-10", "2025-06-01", "2024-03-01"], "newest first");
    assert_eq!(labs.rows[0].source, "Clinic 1");
    let newest = RecordQuery { newest_of_each: true, ..query("", Some(Kind::Lab)).records };
    assert_eq!(page(PreviewQuery { records: newest, only_cut: false }).await.unwrap().page.total, 1);
    let lab = wallet.preview_item(&view.id, &labs.rows[1].id).await.unwrap();
    let values: Vec<&str> = lab.history.iter().map(|point| point.value.number.as_deref().unwrap()).collect();
    assert_eq!((values, lab.one_unit), (vec!["5.90", "6.00", "6.20"], true), "oldest first, digits as sent");

    let found = page(query("BLOOD pressure", None)).await.unwrap().page;
    assert_eq!((found.total, found.rows[0].title.as_deref()), (1, Some("High blood pressure")));
    let condition = wallet.preview_item(&view.id, &found.rows[0].id).await.unwrap();
    assert_eq!(condition.links.len(), 1, "to the visit: {:?}", condition.links);

    assert_eq!(page(query("lithium", None)).await.unwrap().page.total, 0, "it is not there to be found");
    let stays = wallet.preview_stays(&view.id, None, 0, 50).await.unwrap();
    let drug = stays.rows.iter().find(|row| row.row.resource_type == "MedicationRequest").unwrap();
    assert_eq!((drug.topic.as_deref(), stays.total), (Some("medications"), view.stays));
    let hidden = wallet.preview_item(&view.id, &drug.row.id).await;
    assert!(matches!(hidden, Err(WalletError::Input(InputError::UnknownId))), "{hidden:?}");

    let considered = wallet.consider(request.as_str(), Narrowing::default()).await.unwrap();
    let view = wallet.preview(considered.grant.as_bytes()).await.unwrap();
    let letter = wallet.preview_records(&view.id, query("letter", None)).await.unwrap().page.rows.remove(0);
    let content = wallet.preview_content(&view.id, &letter.id, 0).await.unwrap();
    assert_eq!(content.text.as_deref(), Some("Seen today"));
    assert!(matches!(wallet.preview_content(&view.id, &letter.id, 1).await, Err(WalletError::Document(_))));
}

#[tokio::test]
async fn a_source_and_a_single_item_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = with_record(&folder).await;
    let (_, request) = ask(&wallet, "system/*.rs").await;
    let asked = wallet.consider(request.as_str(), Narrowing::default()).await.unwrap();
    let totals = |considered: &Considered| -> (u32, u32) {
        considered.sources.iter().fold((0, 0), |(out, stays), source| (out + source.out, stays + source.stays))
    };
    let left = |considered: &Considered| considered.types.iter().map(|count| count.left_out).sum::<u32>();
    assert_eq!(totals(&asked), (out(&asked), left(&asked)), "both sides, by source as by type");
    let second = asked.sources.iter().find(|source| source.name == "Clinic 2").unwrap();
    assert_eq!((second.out, second.stays), (2, 0));

    let one = rows(&wallet, &asked).await.into_iter().find(|row| row.title.as_deref() == Some("Letter")).unwrap();
    let narrowing =
        Narrowing { sources: vec![second.id.clone()], resources: vec![one.id.clone()], ..Narrowing::default() };
    let narrowed = wallet.consider(request.as_str(), narrowing).await.unwrap();
    assert!(!narrowed.wider);
    let now = narrowed.sources.iter().find(|source| source.name == "Clinic 2").unwrap();
    assert_eq!((now.out, now.stays), (0, 2));
    let seen = rows(&wallet, &narrowed).await;
    assert!(seen.iter().all(|row| row.source != "Clinic 2" && row.id != one.id), "{seen:?}");
    assert_eq!(u32::try_from(seen.len()).unwrap(), out(&asked) - 3);
    let share = wallet
        .approve(request.as_str(), Approval { grant: Some(narrowed.grant.into_bytes()), ..Approval::default() })
        .await
        .unwrap();
    let kept = wallet.grant(&share.id).await.unwrap();
    assert_eq!(kept.types, narrowed.types, "what was looked at is what holds");
}

#[tokio::test]
async fn to_look_is_no_use_and_ends_with_the_lock_and_with_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = with_record(&folder).await;
    let (_, request) = ask(&wallet, "system/*.rs").await;
    let share = wallet.approve(request.as_str(), Approval::default()).await.unwrap();
    let grant = wallet.grant(&share.id).await.unwrap().grant;
    let before = wallet.trail(None, 0, 500).await.unwrap().entries.len();
    let view = wallet.preview(grant.as_bytes()).await.unwrap();
    let some = wallet.preview_records(&view.id, query("", None)).await.unwrap().page.rows.remove(0);
    wallet.preview_item(&view.id, &some.id).await.unwrap();
    assert_eq!(wallet.trail(None, 0, 500).await.unwrap().entries.len(), before, "nothing left, nothing is told");
    assert_eq!(wallet.grant(&share.id).await.unwrap().share.uses, 0);

    wallet.add_person("Leo".into(), Relation::Child, None).await.unwrap();
    let others = wallet.preview_records(&view.id, query("", None)).await;
    assert!(matches!(others, Err(WalletError::Input(InputError::UnknownId))), "{others:?}");
    let own = wallet.preview(grant.as_bytes()).await.unwrap();
    assert_eq!(own.shown, 0, "a grant shows of the record of the person shown and of nobody else's");
    wallet.lock().await.unwrap();
    assert!(matches!(wallet.preview_records(&view.id, query("", None)).await, Err(WalletError::Locked)));
}
