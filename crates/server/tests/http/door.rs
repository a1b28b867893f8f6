//! Each rule of the door, over real HTTP.

use std::time::{Duration, Instant};

use crate::common::{CANARY, FHIR, FORM, JSON, Reply, World};
use authz::Door;
use server::{DoorSetting, Limits};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use types::Actions;

#[tokio::test]
async fn a_name_that_was_made_to_point_here_is_not_served() {
    let world = World::open().await;
    for host in ["evil.example", "127.0.0.1.evil.example", "127.0.0.1", "0.0.0.0"] {
        let reply = world.raw(&format!("GET /jwks HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
        assert_eq!(reply.status, 421, "{host}");
        assert!(!reply.body.contains("keys"));
    }
    let reply = world.raw("GET /jwks HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n").await;
    assert_eq!(reply.status, 200);
    let port = world.address().port();
    let local = world.raw(&format!("GET /jwks HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n")).await;
    assert_eq!(local.status, 200);
}

#[tokio::test]
async fn doubled_headers_are_refused() {
    let world = World::open().await;
    for doubled in [
        "Host: HOST\r\nHost: HOST\r\n",
        "Host: HOST\r\nHost: evil.example\r\n",
        "Host: HOST\r\nOrigin: http://a\r\nOrigin: http://b\r\n",
        "Host: HOST\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nAuthorization: Bearer c\r\n",
    ] {
        let reply = world.raw(&format!("GET /fhir/Patient/1 HTTP/1.1\r\n{doubled}Connection: close\r\n\r\n")).await;
        assert_eq!(reply.status, 400, "{doubled}");
    }
    let two = [("Authorization", "Basic YTpi"), ("Authorization", "Basic YTpj"), FORM];
    assert_eq!(world.send("POST", "/token", &two, "grant_type=client_credentials").await.status, 400);
}

#[tokio::test]
async fn a_form_posted_by_a_foreign_page_changes_nothing() {
    let world = World::open().await;
    for origin in ["https://evil.example", "null"] {
        for (path, media) in
            [("/token", FORM), ("/register", JSON), ("/fhir", FHIR), ("/revoke", FORM), ("/rsrc", JSON)]
        {
            let reply = world.send("POST", path, &[("Origin", origin), media], "a=b").await;
            assert_eq!(reply.status, 403, "{path}");
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
}

#[tokio::test]
async fn a_page_of_an_unregistered_origin_gets_no_leave_to_ask() {
    let world = World::open().await;
    let ask = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
    for path in ["/token", "/fhir/Patient", "/register", "/introspect"] {
        let reply = world.send("OPTIONS", path, &ask, "").await;
        assert_eq!(reply.status, 403, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
    for path in ["/.well-known/oauth-authorization-server", "/jwks", "/fhir/metadata"] {
        let reply = world.get(path, &[("Origin", "https://evil.example")]).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("*")), "{path}");
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn a_page_of_a_registered_origin_may_ask_and_never_with_credentials() {
    let world = World::open().await;
    let client =
        r#"{"client_name":"an app","redirect_uris":["https://app.example/back"],"token_endpoint_auth_method":"none"}"#;
    assert_eq!(world.send("POST", "/register", &[JSON], client).await.status, 201);
    let ask = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")];
    let reply = world.send("OPTIONS", "/token", &ask, "").await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some("https://app.example")));
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    let reply = world.send("POST", "/token", &[("Origin", "https://app.example"), FORM], "grant_type=x").await;
    assert_ne!(reply.status, 403);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://app.example"));
    let other = world.send("POST", "/token", &[("Origin", "https://app.example:8443"), FORM], "grant_type=x").await;
    assert_eq!(other.status, 403);
}

#[tokio::test]
async fn every_answer_is_closed_to_frames_caches_and_guesses() {
    let world = World::open().await;
    for target in ["/jwks", "/fhir/metadata", "/fhir/Patient/1", "/nothing", "/wait/abc", "/style.css", "//"] {
        let reply = world.get(target, &[]).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{target}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{target}");
        assert_eq!(reply.header("x-frame-options"), Some("deny"), "{target}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{target}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{target}");
        assert_eq!(reply.header("set-cookie"), None, "{target}");
    }
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused() {
    let world = World::open().await;
    let long = "a".repeat(20_000);
    assert_eq!(world.get("/jwks", &[("X-Long", &long)]).await.status, 431);
    let many = "X-A: b\r\n".repeat(200);
    let reply = world.raw(&format!("GET /jwks HTTP/1.1\r\nHost: HOST\r\n{many}\r\n")).await;
    assert_eq!(reply.status, 431);
    assert!(world.get(&format!("/jwks?{long}"), &[]).await.status >= 400);
}

#[tokio::test]
async fn a_body_of_100_mb_is_refused_unread() {
    let world = World::open().await;
    let started = Instant::now();
    let head = "POST /token HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let reply = world.raw(&format!("{head}Content-Length: 104857600\r\n\r\n")).await;
    assert_eq!(reply.status, 413);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_chunked_body_without_an_end_is_cut_off() {
    let world = World::open().await;
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    let host = world.address();
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(65_536));
    let mut sent = 0;
    for _ in 0..1_600 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
        sent += chunk.len();
    }
    assert!(sent < 50_000_000, "{sent} bytes were taken");
    assert_eq!(world.get("/jwks", &[]).await.status, 200);
}

#[tokio::test]
async fn slow_heads_and_slow_bodies_are_given_up() {
    let (head_time, body_time) = (Duration::from_millis(300), Duration::from_millis(300));
    let world = World::with(Limits { head_time, body_time, ..Limits::default() }, &Door::ALL).await;
    let started = Instant::now();
    let reply = world.raw("GET /jwks HTTP/1.1\r\nHost: HO").await;
    assert_ne!(reply.status, 200);
    let head = "POST /token HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let reply = world.raw(&format!("{head}Content-Length: 10\r\n\r\na")).await;
    assert_eq!(reply.status, 408);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_thousand_idle_connections_keep_nobody_out() {
    let world = World::with(Limits { connections: 200, ..Limits::default() }, &Door::ALL).await;
    let mut idle = Vec::new();
    for _ in 0..1_000 {
        idle.push(TcpStream::connect(world.address()).await.unwrap());
    }
    assert_eq!(world.get("/jwks", &[]).await.status, 200);
    drop(idle);
}

#[tokio::test]
async fn ten_thousand_registrations_meet_a_limit() {
    let limits = Limits { peer_per_minute: 1_000_000, ..Limits::default() };
    let world = World::with(limits, &Door::ALL).await;
    let client = r#"{"client_name":"one of many","redirect_uris":["https://app.example/back"]}"#;
    let one = format!(
        "POST /register HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{client}",
        client.len()
    );
    let last = one.replace("Content-Type", "Connection: close\r\nContent-Type");
    let (mut made, mut refused) = (0, 0);
    while made + refused < 10_000 {
        let reply = world.raw(&(one.repeat(199) + &last)).await;
        let answers = format!("{}\r\n\r\n{}", reply.head, reply.body).to_lowercase();
        made += answers.matches("http/1.1 201").count();
        let busy = answers.matches("http/1.1 429").count();
        assert_eq!(answers.matches("retry-after: ").count(), busy);
        assert!(made + busy > 0);
        refused += busy;
    }
    assert!(made <= 200, "{made} were registered");
    assert!(world.owner.with(|step| step.ledger.clients.count()) <= 200);
}

#[tokio::test]
async fn who_asks_too_often_waits() {
    let world = World::with(Limits { peer_per_minute: 5, ..Limits::default() }, &Door::ALL).await;
    for _ in 0..5 {
        assert_eq!(world.get("/jwks", &[]).await.status, 200);
    }
    let reply = world.get("/jwks", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.header("retry-after").is_some());
}

#[tokio::test]
async fn what_a_header_says_of_who_asks_and_where_is_not_heard() {
    let limits = Limits { peer_per_minute: 8, asking_per_minute: 2, ..Limits::default() };
    let public = Some("https://my.example".to_owned());
    let world = World::at(DoorSetting { limits, public, ..DoorSetting::loopback(0) }, &Door::ALL, None).await;
    // Behind a reverse proxy too: it is the proxy whose requests are counted, whoever it says to speak for.
    let from = |number: usize| {
        let address = format!("203.0.113.{number}");
        [
            ("X-Forwarded-For", address.clone()),
            ("X-Real-IP", address.clone()),
            ("Forwarded", format!("for={address};host=evil.example;proto=http")),
            ("X-Forwarded-Host", "evil.example".to_owned()),
            ("X-Forwarded-Proto", "http".to_owned()),
        ]
    };
    let mut answers = Vec::new();
    for number in 0..10 {
        let said = from(number);
        let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        answers.push(world.get("/.well-known/oauth-authorization-server", &said).await);
    }
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(answers[0].json()["issuer"], "https://my.example");
    assert!(answers.iter().all(|answer| !answer.body.contains("evil.example")));

    // Nor does it make room for more of what leaves something behind, or another host of ours.
    let limits = Limits { asking_per_minute: 2, ..Limits::default() };
    let world = World::with(limits, &Door::ALL).await;
    let mut statuses = Vec::new();
    for number in 0..4 {
        let said = from(number);
        let mut said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        said.push(JSON);
        statuses.push(world.send("POST", "/register", &said, "{}").await.status);
    }
    assert_eq!(statuses[2..], [429, 429], "{statuses:?}");
    let text = "GET /jwks HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: HOST\r\nForwarded: host=HOST\r\n\
        Connection: close\r\n\r\n";
    assert_eq!(world.raw(text).await.status, 421);
}

#[tokio::test]
async fn json_nested_too_deep_is_refused() {
    let world = World::open().await;
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(world.send("POST", "/register", &[JSON], &deep).await.status, 400);
    assert_eq!(world.send("POST", "/fhir", &[FHIR], &deep).await.status, 400);
}

#[tokio::test]
async fn bodies_of_other_kinds_are_refused() {
    let world = World::open().await;
    for (path, media) in [
        ("/token", "application/json"),
        ("/token", "text/plain"),
        ("/register", "application/x-www-form-urlencoded"),
        ("/fhir/Observation/_search", "text/plain"),
        ("/fhir", "application/fhir+xml"),
    ] {
        let reply = world.send("POST", path, &[("Content-Type", media)], "a=b").await;
        assert_eq!(reply.status, 415, "{path} {media}");
    }
    let packed = [FORM, ("Content-Encoding", "gzip")];
    assert_eq!(world.send("POST", "/token", &packed, "a=b").await.status, 415);
}

#[tokio::test]
async fn methods_that_are_not_offered_are_refused() {
    let world = World::open().await;
    for (method, path) in [
        ("PUT", "/fhir/Patient/1"),
        ("DELETE", "/fhir/Patient/1"),
        ("PATCH", "/fhir/Patient/1"),
        ("TRACE", "/fhir/Patient/1"),
        ("GET", "/token"),
        ("GET", "/register"),
        ("DELETE", "/token"),
        ("POST", "/jwks"),
        ("BREW", "/jwks"),
    ] {
        let reply = world.send(method, path, &[FHIR], "{}").await;
        assert_eq!(reply.status, 405, "{method} {path}");
        assert!(reply.header("allow").is_some(), "{method} {path}");
    }
}

#[tokio::test]
async fn head_answers_as_get_does_without_a_body() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    for path in ["/jwks", "/fhir/metadata", "/fhir/Patient/1"] {
        let head = world.send("HEAD", path, &[("Authorization", &own)], "").await;
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
    }
}

#[tokio::test]
async fn a_path_reads_one_way_only() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    for path in [
        "//jwks",
        "/fhir//Patient/1",
        "/fhir/../jwks",
        "/fhir/%2e%2e/jwks",
        "/fhir/Patient%2F1",
        "/fhir/Patient/%2E%2E/1",
        "/fhir\\Patient",
    ] {
        let reply = world.get(path, &[("Authorization", &own)]).await;
        assert!((400..500).contains(&reply.status), "{path} {}", reply.status);
        assert!(!reply.body.contains(CANARY), "{path}");
    }
    for target in ["http://evil.example/jwks", "http://127.0.0.1:1/jwks"] {
        let reply = world.get(target, &[]).await;
        assert_eq!(reply.status, 421, "{target}");
    }
    let absolute = world.raw("GET http://HOST/jwks HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n").await;
    assert_eq!(absolute.status, 200);
}

#[tokio::test]
async fn parameters_of_a_token_request_stand_in_its_body_only() {
    let world = World::open().await;
    let reply = world.send("POST", "/token?grant_type=client_credentials&client_secret=a", &[FORM], "a=b").await;
    assert_eq!((reply.status, reply.json()["error"].as_str().unwrap().to_owned()), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_locked_wallet_answers_nobody_and_says_when_to_come_back() {
    let world = World::open().await;
    *world.owner.locked.lock().unwrap() = true;
    let reply = world.get("/jwks", &[]).await;
    assert_eq!(reply.status, 503);
    assert!(reply.header("retry-after").is_some());
}

#[tokio::test]
async fn a_stopped_server_is_gone() {
    let world = World::open().await;
    let address = world.address();
    world.running.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_place_is_left_for_links_and_nothing_is_there() {
    let world = World::open().await;
    let reply: Reply = world.get("/links/abc", &[]).await;
    assert_eq!(reply.status, 404);
}
