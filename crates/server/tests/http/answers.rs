//! Documents, tokens and FHIR, over real HTTP.

use crate::common::{CANARY, FHIR, FORM, JSON, World};
use authz::Door;
use serde_json::Value;
use types::Actions;

#[tokio::test]
async fn without_a_token_a_client_is_told_where_to_ask_and_for_what() {
    let world = World::open().await;
    let reply = world.get("/fhir/Observation/a", &[]).await;
    assert_eq!(reply.status, 401);
    let challenges = reply.all("www-authenticate");
    assert_eq!(challenges[0], "bearer realm=\"record\"");
    assert!(challenges[1].contains(&format!("as_uri=\"http://{}\"", world.address())), "{challenges:?}");
    let ticket = world.owner.with(|step| step.ledger.tickets.iter().next().cloned()).unwrap();
    assert_eq!(ticket.permissions.len(), 1);
    assert_eq!(
        (ticket.permissions[0].resource.as_str(), ticket.permissions[0].scopes.join(" ")),
        ("Observation/a", "read".to_owned())
    );
}

#[tokio::test]
async fn what_exists_and_what_does_not_are_refused_alike() {
    let world = World::open().await;
    // All of it, the head too; but for the ticket, which is drawn, and the clock.
    let head = |reply: &crate::common::Reply| -> Vec<String> {
        let lines = reply.head.lines().filter(|line| !line.starts_with("date: "));
        lines.map(|line| line.split("ticket=").next().unwrap().to_owned()).collect()
    };
    let own = world.owner.password(&["Patient"], Actions::READ);
    let foreign = world.owner.password(&["Goal"], Actions::READ);
    let (own, foreign) = (("Authorization", own.as_str()), ("Authorization", foreign.as_str()));
    for (shown, status) in [(vec![], 401), (vec![foreign], 403)] {
        for (path, other) in
            [("Patient/1", "Patient/2"), ("Observation/a", "Observation/b"), ("Patient?_id=1", "Patient?_id=2")]
        {
            let there = world.get(&format!("/fhir/{path}"), &shown).await;
            let not = world.get(&format!("/fhir/{other}"), &shown).await;
            assert_eq!((there.status, head(&there), &there.body), (status, head(&not), &not.body), "{path}");
            assert!(!there.body.contains(CANARY));
        }
    }
    let (gone, never) = (world.get("/fhir/Patient/2", &[own]).await, world.get("/fhir/Patient/3", &[own]).await);
    assert_eq!((gone.status, head(&gone), &gone.body), (404, head(&never), &never.body));
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused_by_name_and_without_data() {
    let world = World::open().await;
    for sent in ["Bearer nothing", "Bearer a.b.c", "Basic YTpi", "DPoP x", "Digest a", "nonsense"] {
        let reply = world.get("/fhir/Patient/1", &[("Authorization", sent)]).await;
        assert_eq!(reply.status, 401, "{sent}");
        assert_eq!(reply.json()["resourceType"], "OperationOutcome");
        assert!(!reply.body.contains(CANARY));
        assert!(reply.all("www-authenticate").iter().any(|one| one.contains("error=\"invalid_")), "{sent}");
    }
}

#[tokio::test]
async fn a_right_that_the_grant_does_not_give_is_403_with_a_way_to_ask_for_it() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let own = [("Authorization", own.as_str())];
    let reply = world.get("/fhir/Patient/1", &own).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.contains(CANARY));
    let reply = world.get("/fhir/Observation/a", &own).await;
    assert_eq!(
        (reply.status, reply.json()["resourceType"].as_str().unwrap().to_owned()),
        (403, "OperationOutcome".to_owned())
    );
    let challenges = reply.all("www-authenticate").join(" ");
    assert!(challenges.contains("insufficient_scope") && challenges.contains("ticket="), "{challenges}");
}

#[tokio::test]
async fn a_search_by_post_equals_the_same_by_get() {
    let world = World::open().await;
    let own = world.owner.password(&["Observation", "Patient"], Actions::READ);
    let get = world.get("/fhir/Observation?subject=Patient/1", &[("Authorization", &own)]).await;
    let headers = [("Authorization", own.as_str()), FORM];
    let post = world.send("POST", "/fhir/Observation/_search", &headers, "subject=Patient/1").await;
    assert_eq!(get.status, 200);
    assert_eq!((get.status, &get.body), (post.status, &post.body));
    assert_eq!(get.json()["total"].to_string(), "1");
}

#[tokio::test]
async fn a_batch_is_judged_entry_by_entry_and_a_transaction_as_a_whole() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let of = |kind: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"request":{{"method":"GET","url":"Patient/1"}}}},{{"request":{{"method":"GET","url":"Observation/a"}}}}]}}"#
        )
    };
    let headers = [("Authorization", own.as_str()), FHIR];
    let batch = world.send("POST", "/fhir", &headers, &of("batch")).await;
    let status = |at: usize| batch.json()["entry"][at]["response"]["status"].as_str().unwrap()[..3].to_owned();
    assert_eq!((batch.status, status(0), status(1)), (200, "200".to_owned(), "403".to_owned()));
    let transaction = world.send("POST", "/fhir", &headers, &of("transaction")).await;
    assert_eq!(transaction.status, 403);
    assert!(!transaction.body.contains(CANARY));
}

#[tokio::test]
async fn what_is_created_waits_in_the_inbox_of_the_owner() {
    let world = World::open().await;
    let resource = r#"{"resourceType":"Observation","status":"final","code":{"text":"pulse"}}"#;
    let reader = world.owner.password(&["Observation"], Actions::READ);
    let refused = world.send("POST", "/fhir/Observation", &[("Authorization", &reader), FHIR], resource).await;
    assert_eq!(refused.status, 403);
    let writer = world.owner.password(&["Observation"], Actions { create: true, ..Actions::READ });
    let headers = [("Authorization", writer.as_str()), FHIR];
    assert_eq!(world.send("POST", "/fhir/Observation", &headers, resource).await.status, 202);
    assert_eq!(world.owner.inbox.lock().unwrap().len(), 1);
    for wrong in ["{}", "[]", "not json", r#"{"resourceType":"Patient"}"#] {
        assert_eq!(world.send("POST", "/fhir/Observation", &headers, wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(world.owner.inbox.lock().unwrap().len(), 1);
    assert_eq!(world.send("POST", "/fhir/Observation", &[FHIR], resource).await.status, 401);
}

#[tokio::test]
async fn what_the_documents_name_is_there() {
    let world = World::open().await;
    let base = format!("http://{}", world.address());
    for document in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/.well-known/uma2-configuration",
        "/fhir/.well-known/smart-configuration",
    ] {
        let reply = world.get(document, &[]).await;
        assert_eq!(reply.status, 200, "{document}");
        let said = reply.json();
        let addresses =
            said.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");
        for (name, address) in addresses {
            let path = address.as_str().unwrap().strip_prefix(&base).unwrap_or_else(|| panic!("{name} is elsewhere"));
            let reply = world.get(path, &[]).await;
            assert_ne!(reply.status, 404, "{document} names {name}");
        }
    }
}

#[tokio::test]
async fn the_statement_names_what_the_documents_name_and_what_answers() {
    let world = World::open().await;
    let statement = world.get("/fhir/metadata", &[]).await.json();
    assert_eq!(statement["fhirVersion"], "4.0.1");
    let security = &statement["rest"][0]["security"];
    assert_eq!(security["service"][0]["coding"][0]["code"], "SMART-on-FHIR");
    let metadata = world.get("/.well-known/oauth-authorization-server", &[]).await.json();
    let uris = security["extension"][0]["extension"].as_array().unwrap();
    let uri =
        |name: &str| uris.iter().find(|one| one["url"] == name).map_or(Value::Null, |one| one["valueUri"].clone());
    for (name, member) in
        [("token", "token_endpoint"), ("authorize", "authorization_endpoint"), ("register", "registration_endpoint")]
    {
        assert_eq!(uri(name), metadata[member], "{name}");
    }
    let all = world.owner.password(&[], Actions { create: true, ..Actions::READ });
    let headers = [("Authorization", all.as_str())];
    // Every operation that it names is there, and no other of them.
    let mut named = vec![(String::new(), statement["rest"][0]["operation"].clone())];
    for resource in statement["rest"][0]["resource"].as_array().unwrap() {
        named.push((format!("{}/1/", resource["type"].as_str().unwrap()), resource["operation"].clone()));
    }
    let mut answered = Vec::new();
    for (at, operations) in named {
        for operation in operations.as_array().into_iter().flatten() {
            let name = operation["name"].as_str().unwrap();
            let at = if (at.as_str(), name) == ("Patient/1/", "export") { "Patient/" } else { at.as_str() };
            let headers = [headers[0], ("Prefer", "respond-async")];
            let reply = world.get(&format!("/fhir/{at}${name}"), &headers).await;
            assert!(matches!(reply.status, 200 | 202), "{at}${name}: {}", reply.status);
            answered.push(format!("{at}${name}"));
        }
    }
    answered.sort_unstable();
    assert_eq!(answered, ["$export", "Group/1/$export", "Patient/$export", "Patient/1/$everything"]);
    for resource in statement["rest"][0]["resource"].as_array().unwrap() {
        let kind = resource["type"].as_str().unwrap();
        let codes: Vec<&str> =
            resource["interaction"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"search-type") && codes.contains(&"create"), "{kind}");
        assert_eq!(world.get(&format!("/fhir/{kind}?_summary=count"), &headers).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn the_endpoints_of_a_closed_door_do_not_exist() {
    let world = World::with(server::Limits::default(), &[]).await;
    for (method, path, media) in [
        ("GET", "/authorize?client_id=a", FORM),
        ("POST", "/par", FORM),
        ("GET", "/claims", FORM),
        ("POST", "/perm", JSON),
        ("GET", "/rsrc", JSON),
        ("POST", "/rsrc", JSON),
        ("DELETE", "/rsrc/abc", JSON),
        ("GET", "/.well-known/uma2-configuration", FORM),
    ] {
        assert_eq!(world.send(method, path, &[media], "").await.status, 404, "{method} {path}");
    }
    let reply = world.get("/fhir/Patient/1", &[]).await;
    assert!(!reply.head.contains("ticket="), "no door, no ticket");
    let metadata = world.get("/.well-known/oauth-authorization-server", &[]).await;
    for closed in ["authorization_endpoint", "perm", "uma-ticket", "client_credentials"] {
        assert!(!metadata.body.contains(&format!("\"{closed}")), "{closed}");
    }
    let world = World::with(server::Limits::default(), &[Door::Uma]).await;
    assert_eq!(world.get("/.well-known/uma2-configuration", &[]).await.status, 200);
    assert_eq!(world.send("POST", "/perm", &[JSON], "{}").await.status, 404);
}

#[tokio::test]
async fn a_page_that_waits_for_nothing_says_so_in_two_languages() {
    let world = World::open().await;
    let english = world.get("/wait/nothing", &[]).await;
    assert_eq!(english.status, 410);
    assert!(english.body.contains("<html lang=\"en\">") && !english.body.contains("<script"));
    let spanish = world.get("/wait/nothing", &[("Accept-Language", "es-MX, en;q=0.5")]).await;
    assert!(spanish.body.contains("<html lang=\"es\">") && spanish.body.contains("terminado"));
}

#[tokio::test]
async fn who_has_the_version_already_is_sent_the_head_alone() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let own = ("Authorization", own.as_str());
    let first = world.get("/fhir/Patient/1", &[own]).await;
    let (tag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    assert_eq!((tag, modified), ("w/\"1\"", "thu, 01 jan 1970 00:00:00 gmt"));
    let since = "Thu, 01 Jan 1970 00:00:00 GMT";
    for (name, value, status) in [
        ("If-None-Match", "W/\"1\"", 304),
        ("If-None-Match", "\"7\", W/\"1\"", 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "W/\"2\"", 200),
        ("If-Modified-Since", since, 304),
        ("If-Modified-Since", "Wed, 31 Dec 1969 23:59:59 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ] {
        let reply = world.get("/fhir/Patient/1", &[own, (name, value)]).await;
        assert_eq!((reply.status, reply.body.is_empty()), (status, status == 304), "{name}: {value}");
        assert_eq!((reply.header("etag"), reply.header("last-modified")), (Some(tag), Some(modified)));
    }
    let both = world.get("/fhir/Patient/1", &[own, ("If-None-Match", "W/\"2\""), ("If-Modified-Since", since)]).await;
    assert_eq!(both.status, 200, "where a tag is sent it decides");
    // What may not be seen and what is not there answer as without the header.
    for path in ["/fhir/Patient/2", "/fhir/Observation/a"] {
        let plain = world.get(path, &[own]).await;
        for sent in [("If-None-Match", "*"), ("If-None-Match", "W/\"1\""), ("If-Modified-Since", since)] {
            let reply = world.get(path, &[own, sent]).await;
            assert_eq!((reply.status, &reply.body), (plain.status, &plain.body), "{path} {sent:?}");
        }
    }
}
