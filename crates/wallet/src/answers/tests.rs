use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::{AnswerError, Owner};

use super::*;
use crate::record::tests::{bring, wallet};

fn basic(user: &str, password: &str) -> Presented {
    let header = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    Presented {
        authorization: vec![Secret::new(header)],
        dpop: None,
        method: "GET".into(),
        url: "http://127.0.0.1:8731/fhir".into(),
    }
}

fn condition(text: &str) -> [Value; 2] {
    [
        json!({"resourceType": "Patient", "id": "p"}),
        json!({"resourceType": "Condition", "id": "a", "code": {"text": text}, "subject": {"reference": "Patient/p"}}),
    ]
}

async fn brought(wallet: &Wallet, text: &'static str) {
    wallet
        .with(move |open| {
            bring(open, 1, &condition(text));
            Ok(())
        })
        .await
        .unwrap();
}

async fn ask(wallet: &Wallet, who: Presented, target: &str) -> Result<Value, AnswerError> {
    let response = wallet.answer(who, Request::get(target)).await?;
    Ok(serde_json::from_slice(&response.body).unwrap())
}

#[tokio::test]
async fn an_answer_comes_from_the_view_follows_the_record_and_leaves_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    let (made, password) = wallet.make_app_password("A tool", None).await.unwrap();
    let who = || basic(&made.id, password.expose());
    let first = ask(&wallet, who(), "Condition").await.unwrap();
    assert_eq!((first["total"].as_u64(), &first["entry"][0]["resource"]["code"]["text"]), (Some(1), &json!("Asthma")));
    let id = first["entry"][0]["resource"]["id"].as_str().unwrap();
    brought(&wallet, "Asthma, mild").await;
    let second = ask(&wallet, who(), &format!("Condition/{id}")).await.unwrap();
    assert_eq!(
        (second["code"]["text"].as_str(), second["meta"]["versionId"].as_str()),
        (Some("Asthma, mild"), Some("2"))
    );

    let trail = wallet.trail(Some(&made.share), 0, 10).await.unwrap();
    let last = &trail.entries[0];
    assert_eq!((last.action.as_str(), last.who.as_deref(), last.status), ("answered", Some("owner"), Some(200)));
    assert_eq!(last.released, [format!("Condition/{id}/_history/2")]);
    assert_eq!((last.method.as_deref(), last.target.clone()), (Some("GET"), Some(format!("Condition/{id}"))));
    assert_eq!(wallet.grants().await.unwrap()[0].uses, 2);

    let day = now().to_zoned(jiff::tz::TimeZone::system()).date().to_string();
    let seen = wallet.seen(&day).await.unwrap();
    assert_eq!((seen.len(), seen[0].open, seen[0].uses.len(), seen[0].matches), (1, 2, 2, true));
    let before = wallet.seen("2020-01-01").await.unwrap();
    assert!(before.is_empty());
}

#[tokio::test]
async fn after_a_grant_ended_nothing_of_it_is_answered_here_or_by_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    let (made, password) = wallet.make_app_password("A tool", None).await.unwrap();
    let who = || basic(&made.id, password.expose());
    ask(&wallet, who(), "Condition").await.unwrap();
    // Many ask while it ends: whoever asks after the end was told gets nothing.
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let (wallet, who) = (wallet.clone(), who());
            tokio::spawn(async move { ask(&wallet, who, "Condition").await.is_ok() })
        })
        .collect();
    wallet.end_grant(&made.share).await.unwrap();
    assert!(matches!(ask(&wallet, who(), "Condition").await, Err(AnswerError::Refused(_))));
    let mut answered = 1;
    for one in asking {
        answered += u32::from(one.await.unwrap());
    }
    let told = wallet.trail(Some(&made.share), 0, 100).await.unwrap().entries;
    let ended = told.iter().find(|entry| entry.action == "ended").unwrap().seq;
    let answers: Vec<u32> = told.iter().filter(|entry| entry.action == "answered").map(|entry| entry.seq).collect();
    assert_eq!(answers.len(), answered as usize, "no answer without an entry, no entry without an answer");
    assert!(answers.iter().all(|seq| *seq < ended));
    assert_eq!(wallet.grants().await.unwrap()[0].uses, answered);
    assert_eq!(wallet.verify_trail().await.unwrap().broken_at, None);
}

#[tokio::test]
async fn whoever_brings_nothing_that_opens_cannot_fill_the_trail() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    for _ in 0..50 {
        let refused = ask(&wallet, basic("apw_00000000000000000000000000000000", "no"), "Patient").await;
        assert!(matches!(refused, Err(AnswerError::Refused(_))));
    }
    let denied = |page: crate::views::TrailPageView| -> Vec<u32> {
        page.entries.iter().filter(|entry| entry.action == "denied").map(|entry| entry.counts["requests"]).collect()
    };
    assert_eq!(denied(wallet.trail(None, 0, 100).await.unwrap()), [1]);
    wallet.lock().await.unwrap();
    wallet.unlock(Some(Secret::new("correct horse battery".to_owned()))).await.unwrap();
    assert_eq!(denied(wallet.trail(None, 0, 100).await.unwrap()), [49, 1], "all were told of in the end");
}

#[test]
fn a_token_for_one_resource_opens_no_other_and_not_its_type() {
    let only = [Permission { at: Where::Here, resource: "Goal/1".into(), scopes: vec!["read".into()] }];
    let within = |target: &str| is_within(&only, &Request::get(target));
    assert!(within("Goal/1") && within("Goal/1/_history"));
    for beyond in ["Goal/2", "Goal", "Goal?_id=1", "Patient/1", "Patient/1/$everything", ""] {
        assert!(!within(beyond), "{beyond}");
    }
    let all = [Permission { at: Where::Here, resource: "*".into(), scopes: vec!["read".into(), "search".into()] }];
    assert!(is_within(&all, &Request::get("Patient/1/$everything")));
}

#[tokio::test]
async fn a_token_for_less_than_its_grant_reaches_nothing_else_by_an_include_and_a_count_is_a_use() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    let (made, password) = wallet.make_app_password("A tool", None).await.unwrap();
    let grant: types::GrantId = made.share.parse().unwrap();
    let token = wallet.step(move |step| {
        let app = br#"{"redirect_uris":["https://app.example/back"],"token_endpoint_auth_method":"none"}"#;
        let client = step.register(app).unwrap()["client_id"].as_str().unwrap().parse().unwrap();
        let scopes = vec!["search".to_owned()];
        let only = [Permission { at: Where::Here, resource: "Condition".to_owned(), scopes }];
        let order = authz::Mint {
            grant: &grant,
            client: &client,
            at: Where::Here,
            family: "family",
            jkt: None,
            only: Some(&only),
            refresh: authz::Refresh::Without,
        };
        step.mint(&order).unwrap().access_token
    });
    let header = format!("Bearer {}", token.await.unwrap().expose());
    let limited = || Presented { authorization: vec![Secret::new(header.clone())], ..basic("", "") };
    let whole = || basic(&made.id, password.expose());
    let entries = |answer: Value| answer["entry"].as_array().map_or(0, Vec::len);
    let target = "Condition?_include=Condition:subject";
    assert_eq!(entries(ask(&wallet, whole(), target).await.unwrap()), 2);
    assert_eq!(entries(ask(&wallet, limited(), target).await.unwrap()), 1);
    assert_eq!(entries(ask(&wallet, limited(), "Condition").await.unwrap()), 1);
    let before = wallet.grants().await.unwrap()[0].uses;
    ask(&wallet, limited(), "Condition?_summary=count").await.unwrap();
    assert_eq!(wallet.grants().await.unwrap()[0].uses, before + 1);
}

/// A backend client that holds a grant of these scopes, and its token.
async fn backend(wallet: &Wallet, scopes: &'static str) -> (types::GrantId, Presented) {
    let person = wallet.status().await.current.unwrap().parse().unwrap();
    let step = move |step: &mut Step<'_>| {
        let key = crypto::SigningKey::generate_p384().unwrap().1;
        let jwk = Value::from(key.public_jwk().with_kid("k"));
        let metadata = json!({"client_name": "A study", "grant_types": ["client_credentials"], "scope": "system/*.rs",
            "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]}});
        let client = step.register(metadata.to_string().as_bytes()).unwrap()["client_id"].as_str().unwrap().to_owned();
        let client: types::ClientId = client.parse().unwrap();
        let mut grant = Grant::everything(types::GrantId::from_random([0; 16]));
        grant.who = consent::Party { name: "A study".into(), proof: consent::Proof::Client(client.to_string()) };
        grant.what.permits = consent::Scopes::parse(scopes).unwrap().permits();
        let decided = authz::Decided {
            grant,
            person,
            patient: None,
            format: authz::TokenFormat::Opaque,
            scope: String::new(),
            contact: None,
            permissions: Vec::new(),
        };
        let grant = step.grant_by_owner(decided, Some(client.clone())).unwrap();
        let order = authz::Mint {
            grant: &grant,
            client: &client,
            at: Where::Here,
            family: "family",
            jkt: None,
            only: None,
            refresh: authz::Refresh::Without,
        };
        let token = step.mint(&order).unwrap().access_token.expose().clone();
        (grant, token)
    };
    let (grant, token) = wallet.step(step).await.unwrap();
    (grant, Presented { authorization: vec![Secret::new(format!("Bearer {token}"))], ..basic("", "") })
}

/// `Type/word` of each line that an export of this brings; `None`: there is nothing to export of.
async fn exported(wallet: &Wallet, who: &Presented, of: server::ExportOf) -> Result<Option<Vec<String>>, AnswerError> {
    use server::{Export, Exported};
    let again =
        || Presented { authorization: vec![Secret::new(who.authorization[0].expose().clone())], ..basic("", "") };
    let begin = Export::Begin { of, types: None, since: None, request: "http://127.0.0.1/fhir/$export".into() };
    let id = match wallet.export(again(), begin).await? {
        Exported::Begun { id } => id,
        Exported::Unknown => return Ok(None),
        other => panic!("{other:?}"),
    };
    let Exported::Manifest(manifest) = wallet.export(again(), Export::Manifest { id: id.clone() }).await? else {
        panic!("a manifest")
    };
    let mut found = Vec::new();
    for file in manifest.files {
        let part = Export::File { id: id.clone(), name: file.name };
        let Exported::File(lines) = wallet.export(again(), part).await? else { panic!("a file") };
        let lines: Vec<Value> = String::from_utf8(lines).unwrap().lines().map(|one| one.parse().unwrap()).collect();
        assert_eq!(lines.len(), file.count);
        let word =
            |one: &Value| one["code"]["text"].as_str().or_else(|| one["name"].as_str()).unwrap_or("-").to_owned();
        found.extend(lines.iter().map(|one| format!("{}/{}", one["resourceType"].as_str().unwrap(), word(one))));
    }
    assert!(matches!(wallet.export(again(), Export::End { id }).await?, Exported::Ended));
    Ok(Some(found))
}

#[tokio::test]
async fn an_export_of_patients_or_of_a_group_is_of_their_compartments_in_the_view() {
    use server::ExportOf::{Everything, Group, Patients};
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    let brought = wallet.with(|open| {
        let group = |id: &str, name: &str, who: &str, inactive: bool| {
            json!({"resourceType": "Group", "id": id, "type": "person", "actual": true, "name": name,
                "member": [{"entity": {"reference": who}, "inactive": inactive}]})
        };
        bring(open, 1, &[
            json!({"resourceType": "Patient", "id": "p", "managingOrganization": {"reference": "Organization/o"}}),
            json!({"resourceType": "Organization", "id": "o", "name": "Clinic"}),
            json!({"resourceType": "Condition", "id": "a", "code": {"text": "Asthma"}, "subject": {"reference": "Patient/p"}}),
            group("g", "Panel", "Patient/p", false),
            group("left", "Former", "Patient/p", true),
        ]);
        Ok(())
    });
    brought.await.unwrap();
    let (grant, study) = backend(&wallet, "system/*.rs").await;
    let groups: Value = ask(
        &wallet,
        Presented { authorization: vec![Secret::new(study.authorization[0].expose().clone())], ..basic("", "") },
        "Group",
    )
    .await
    .unwrap();
    let id = |name: &str| {
        let all = groups["entry"].as_array().unwrap();
        let one = all.iter().find(|entry| entry["resource"]["name"] == name).unwrap();
        Group(one["resource"]["id"].as_str().unwrap().to_owned())
    };
    let whole = exported(&wallet, &study, Everything).await.unwrap().unwrap();
    assert!(
        whole.contains(&"Organization/Clinic".to_owned()) && whole.contains(&"Condition/Asthma".to_owned()),
        "{whole:?}"
    );
    let of_patients = exported(&wallet, &study, Patients).await.unwrap().unwrap();
    assert!(of_patients.contains(&"Patient/-".to_owned()) && of_patients.contains(&"Condition/Asthma".to_owned()));
    assert!(!of_patients.contains(&"Organization/Clinic".to_owned()), "{of_patients:?}");
    assert_eq!(exported(&wallet, &study, id("Panel")).await.unwrap().unwrap(), of_patients);
    assert_eq!(exported(&wallet, &study, id("Former")).await.unwrap().unwrap(), Vec::<String>::new());
    assert_eq!(exported(&wallet, &study, Group("nobody".into())).await.unwrap(), None);
    let told = wallet.trail(Some(grant.as_str()), 0, 100).await.unwrap().entries;
    assert!(
        told.iter().any(|entry| entry.target.as_deref() == Some("Group/nobody/$export") && entry.status == Some(404))
    );
    assert!(told.iter().any(|entry| entry.target.as_deref() == Some("Patient/$export")));

    // Without a right to read groups it makes no difference whether there is one; and `r` is not `s`.
    let (_, few) = backend(&wallet, "system/Patient.rs system/Condition.r").await;
    for of in [id("Panel"), Group("nobody".into())] {
        let refused = exported(&wallet, &few, of).await;
        assert!(matches!(refused, Err(AnswerError::Refused(error)) if error.code == ErrorCode::InsufficientScope));
    }
    assert_eq!(exported(&wallet, &few, Patients).await.unwrap().unwrap(), ["Patient/-"]);
}

#[tokio::test]
async fn a_good_token_of_a_grant_that_lets_nothing_be_asked_is_refused_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    // Of these letters none is ever given.
    let (grant, who) = backend(&wallet, "system/*.ud").await;
    for target in ["Condition", "Condition/1", "metadata", "Patient/1/$everything"] {
        let again =
            Presented { authorization: vec![Secret::new(who.authorization[0].expose().clone())], ..basic("", "") };
        let refused = ask(&wallet, again, target).await;
        assert!(
            matches!(refused, Err(AnswerError::Refused(error)) if error.code == ErrorCode::InsufficientScope),
            "{target}"
        );
    }
    let told = wallet.trail(Some(grant.as_str()), 0, 100).await.unwrap().entries;
    let denied = told.iter().filter(|entry| entry.action == "denied" && entry.status == Some(403)).count();
    assert_eq!(denied, 4);
}

#[tokio::test]
async fn what_may_be_put_in_follows_from_the_grant_and_waits_for_the_owner() {
    let folder = tempfile::tempdir().unwrap();
    let wallet = wallet(folder.path().join("home")).await;
    brought(&wallet, "Asthma").await;
    async fn offer(wallet: &Wallet, who: &Presented, kind: &str) -> Result<(), ErrorCode> {
        let again =
            Presented { authorization: vec![Secret::new(who.authorization[0].expose().clone())], ..basic("", "") };
        let json = json!({"resourceType": kind, "code": {"text": "new"}}).to_string().into_bytes();
        let offered = wallet.offered(again, server::Offer { resource_type: kind.to_owned(), json }).await;
        offered.map_err(|error| match error {
            AnswerError::Refused(refusal) => refusal.code,
            AnswerError::Owner(error) => panic!("{error}"),
        })
    }
    for (scopes, kind, expected) in [
        ("system/Observation.rs", "Observation", Err(ErrorCode::InsufficientScope)),
        ("system/Observation.ud", "Observation", Err(ErrorCode::InsufficientScope)),
        ("system/Observation.c", "Condition", Err(ErrorCode::InsufficientScope)),
        ("system/Observation.c", "Observation", Ok(())),
        // To make a person takes more than the compartment of one.
        ("patient/*.cruds", "Patient", Err(ErrorCode::InsufficientScope)),
        ("patient/Patient.c", "Patient", Err(ErrorCode::InsufficientScope)),
        ("user/Patient.c", "Patient", Ok(())),
    ] {
        let before = wallet.inbox().await.unwrap().len();
        let (grant, who) = backend(&wallet, scopes).await;
        assert_eq!(offer(&wallet, &who, kind).await, expected, "{scopes} {kind}");
        assert_eq!(wallet.inbox().await.unwrap().len(), before + usize::from(expected.is_ok()), "{scopes} {kind}");
        let told = wallet.trail(Some(grant.as_str()), 0, 10).await.unwrap().entries;
        let action = if expected.is_ok() { "offered" } else { "denied" };
        assert!(told.iter().any(|entry| entry.action == action), "{scopes} {kind}");
        wallet.end_grant(grant.as_str()).await.unwrap();
        assert_eq!(offer(&wallet, &who, kind).await, Err(ErrorCode::InvalidToken));
    }
    assert_eq!(offer(&wallet, &basic("", ""), "Observation").await, Err(ErrorCode::InvalidToken));

    let (_, who) = backend(&wallet, "system/Observation.c").await;
    for _ in 0..100 {
        offer(&wallet, &who, "Observation").await.unwrap();
    }
    assert_eq!(offer(&wallet, &who, "Observation").await, Err(ErrorCode::SlowDown));
}
