//! A whole launch over real HTTP: registering, asking, waiting, approving in the owner's window, tokens, data.

use crate::common::{CANARY, FORM, JSON, World};
use authz::{Decided, RequestState, TokenFormat};
use consent::{Grant, Permit, Selector};
use crypto::b64u;
use types::{Actions, Context, GrantId, PersonId};

pub(crate) const VERIFIER: &str = "0123456789012345678901234567890123456789012";
pub(crate) const BACK: &str = "https://app.example/back";

pub(crate) async fn register(world: &World) -> String {
    let client =
        format!(r#"{{"client_name":"an app","redirect_uris":["{BACK}"],"token_endpoint_auth_method":"none"}}"#);
    let reply = world.send("POST", "/register", &[JSON], &client).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()["client_id"].as_str().unwrap().to_owned()
}

pub(crate) fn ask(world: &World, client: &str) -> String {
    let challenge = b64u::encode(&crypto::sha256(VERIFIER.as_bytes()));
    let aud = format!("{}/fhir", world.running.base);
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", BACK),
            ("scope", "launch/patient patient/Patient.rs"),
            ("state", "a-state-that-is-long-enough"),
            ("aud", &aud),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
        .finish()
}

pub(crate) fn approve(world: &World) {
    let mut grant = Grant::everything(GrantId::from_random([2; 16]));
    let select = Selector { types: vec!["Patient".into()], ..Selector::default() };
    grant.what.permits = vec![Permit { context: Context::Patient, actions: Actions::READ, select }];
    world.owner.with(|step| {
        let asked = step.ledger.requests.iter().find(|request| request.state == RequestState::Asked).unwrap();
        let (request, client) = (asked.id.clone(), asked.client.clone());
        grant.who.name = "an app".to_owned();
        grant.who.proof = consent::Proof::Client(client.to_string());
        let decided = Decided {
            grant,
            person: PersonId::from_random([1; 16]),
            patient: Some("1".to_owned()),
            format: TokenFormat::Opaque,
            scope: "launch/patient".to_owned(),
            contact: None,
            permissions: Vec::new(),
        };
        step.approve(&request, decided).unwrap();
    });
}

#[tokio::test]
async fn an_app_is_launched_waits_is_approved_and_reads_what_was_approved() {
    let world = World::open().await;
    let client = register(&world).await;
    let reply = world.get(&format!("/authorize?{}", ask(&world, &client)), &[]).await;
    assert_eq!((reply.status, reply.header("set-cookie")), (303, None), "{}", reply.body);
    let base = format!("http://{}", world.address());
    let wait = reply.location.strip_prefix(&base).unwrap().to_owned();
    let page = world.get(&wait, &[]).await;
    let compare = world.owner.with(|step| step.ledger.requests.iter().next().unwrap().compare.clone());
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains(&compare) && page.body.contains("http-equiv=\"refresh\"") && !page.body.contains("<form")
    );
    approve(&world);
    assert_eq!(world.send("HEAD", &wait, &[], "").await.status, 405, "looking does not use the code up");
    let back = world.get(&wait, &[]).await;
    assert_eq!(back.status, 303);
    let back = url::Url::parse(&back.location).unwrap();
    let said = |name: &str| back.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    assert_eq!((said("iss"), said("state")), (Some(base), Some("a-state-that-is-long-enough".to_owned())));
    let form = format!(
        "grant_type=authorization_code&client_id={client}&code={}&redirect_uri={BACK}&code_verifier={VERIFIER}",
        said("code").unwrap()
    );
    let tokens = world.send("POST", "/token", &[FORM], &form).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!(tokens.header("cache-control"), Some("no-store"));
    let bearer = format!("Bearer {}", tokens.json()["access_token"].as_str().unwrap());
    let patient = world.get("/fhir/Patient/1", &[("Authorization", &bearer)]).await;
    assert!(patient.status == 200 && patient.body.contains(CANARY));
    assert_eq!(world.get("/fhir/Observation/a", &[("Authorization", &bearer)]).await.status, 403);
    let again = world.send("POST", "/token", &[FORM], &form).await;
    assert_eq!((again.status, again.json()["error"].as_str().unwrap().to_owned()), (400, "invalid_grant".to_owned()));
    assert_eq!(
        world.get("/fhir/Patient/1", &[("Authorization", &bearer)]).await.status,
        401,
        "a code used twice ends it"
    );
}

#[tokio::test]
async fn a_request_for_nobody_is_told_on_a_page_and_goes_nowhere() {
    let world = World::open().await;
    for query in ["", "client_id=cli_0", "client_id=cli_0&redirect_uri=https://evil.example"] {
        let reply = world.get(&format!("/authorize?{query}"), &[]).await;
        assert!((400..500).contains(&reply.status), "{query}");
        assert_eq!(reply.header("location"), None, "{query}");
    }
}
