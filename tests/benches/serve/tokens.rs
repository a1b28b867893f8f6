//! A token for a ticket, and what a resource server is told of one.

use std::time::{Duration, Instant};

use authz::{Decided, Mint, Permission, Refresh, Resource, UMA_TICKET, Where};
use serde_json::{Value, json};
use server::Owner;
use types::ResourceId;
use url::form_urlencoded::Serializer;

use crate::floor::Floor;
use crate::open::{Opened, Registered, register};
use crate::times::{at, report};

/// How often each is asked, and what is asked before that and not counted.
const TIMES: usize = 500;
const WARM: usize = 30;
const AGAINST: &str = "Ed25519 signature and empty handler over the same HTTP";
const AIM: f64 = 5.0;

pub(crate) async fn measure(opened: &Opened, floor: &Floor) {
    let tickets = opened.tickets(WARM + TIMES).await;
    let forms: Vec<String> =
        tickets.iter().map(|ticket| form(&[("grant_type", UMA_TICKET), ("ticket", ticket)])).collect();
    compare(opened, floor, "ticket to token", ("token", &opened.app), &forms, |told| told["access_token"].is_string())
        .await;

    let (server, token) = federated(opened).await;
    let forms = vec![form(&[("token", &token)]); WARM + TIMES];
    compare(opened, floor, "introspection", ("introspect", &server), &forms, |told| told["active"] == true).await;
}

async fn compare(
    opened: &Opened,
    floor: &Floor,
    what: &str,
    (path, client): (&str, &Registered),
    forms: &[String],
    is_right: impl Fn(&Value) -> bool,
) {
    let (mut ours, mut least) = (Vec::new(), Vec::new());
    for form in forms {
        let (took, told) = post(opened, path, &client.basic, form.clone()).await;
        assert!(is_right(&told), "{what}: {told}");
        ours.push(took);
        least.push(floor.post_and_sign(&client.basic, form.clone()).await);
    }
    for percent in [50, 99] {
        let figures = (at(&ours[WARM..], percent), at(&least[WARM..], percent));
        report(&format!("{what}, p{percent}"), figures, AGAINST, Some(AIM));
    }
}

/// A token of everything, for a ticket.
pub(crate) async fn token(opened: &Opened) -> String {
    let ticket = opened.tickets(1).await.remove(0);
    let form = form(&[("grant_type", UMA_TICKET), ("ticket", &ticket)]);
    let (_, told) = post(opened, "token", &opened.app.basic, form).await;
    told["access_token"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
}

async fn post(opened: &Opened, path: &str, basic: &str, form: String) -> (Duration, Value) {
    let begun = Instant::now();
    let post = opened.http.post(format!("{}/{path}", opened.base)).header("authorization", basic);
    let answer = post.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap();
    let bytes = answer.bytes().await.unwrap();
    (begun.elapsed(), serde_json::from_slice(&bytes).unwrap())
}

/// Another resource server with one resource of the owner, and a signed token of the app for it.
async fn federated(opened: &Opened) -> (Registered, String) {
    let metadata = json!({"client_name": "A hospital", "grant_types": ["client_credentials"],
        "scope": "uma_protection", "token_endpoint_auth_method": "client_secret_basic"});
    let server = register(&opened.http, &opened.base, metadata).await;
    let let_in = opened.decided(&server.id, Vec::new()).await;
    opened.grant(Decided { scope: "uma_protection".into(), ..let_in }, &server.id).await;
    let resource = Resource {
        id: ResourceId::from_random(crypto::random().unwrap()),
        server: server.id.clone(),
        person: Some(opened.person().await),
        scopes: vec!["view".into()],
        name: None,
        description: None,
        icon_uri: None,
        kind: None,
        registered: jiff::Timestamp::now(),
    };
    let at = Where::At(server.id.clone());
    let permission = Permission { at: at.clone(), resource: resource.id.to_string(), scopes: vec!["view".into()] };
    opened.wallet.step(move |step| step.ledger.resources.put(resource)).await.unwrap();
    let app = opened.app.id.clone();
    let decided = opened.decided(&app, vec![permission.clone()]).await;
    let grant = opened.grant(decided, &app).await;
    let mint = move |step: &mut authz::Step<'_>| {
        let only = [permission];
        let order = Mint {
            grant: &grant,
            client: &app,
            at,
            family: "bench",
            jkt: None,
            only: Some(&only),
            refresh: Refresh::Without,
        };
        step.mint(&order).unwrap().access_token.expose().clone()
    };
    let token = opened.wallet.step(mint).await.unwrap();
    (server, token)
}

fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}
