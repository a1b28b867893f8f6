//! A wallet, who asks it, and who vouches for them.

use std::collections::BTreeMap;

use consent::{Grant, Party, Permit, Proof, Selector, Term, What};
use crypto::SigningKey;
use did::Did;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use types::{Actions, ClientId, Context, GrantId, PersonId, RequestId, Secret};

use crate::{
    Answered, Ask, Asked, Brought, Client, ClientKeys, ClientKind, DID_JWT, Decided, Door, Draw, ErrorCode, Form,
    ID_TOKEN, Issued, Issuer, Keys, Ledger, Mint, OAuthError, Permission, Presented, Protector, Refresh, RequestState,
    Setting, Step, Stop, TokenFormat, UMA_TICKET, Where,
};

pub(crate) const WALLET: &str = "https://wallet.example";
pub(crate) const IDP: &str = "https://id.example";

pub(crate) struct World {
    pub(crate) setting: Setting,
    pub(crate) ledger: Ledger,
    pub(crate) now: Timestamp,
    pub(crate) idp: SigningKey,
    pub(crate) daughter: (SigningKey, Did),
    /// What lies on the web, by address.
    pub(crate) web: BTreeMap<String, Value>,
    pub(crate) fetched: Vec<String>,
    steps: u32,
}

pub(crate) fn person(n: u8) -> PersonId {
    PersonId::from_random([n; 16])
}

pub(crate) fn read(resource: &str) -> Permission {
    here(resource, &["read"])
}

pub(crate) fn here(resource: &str, scopes: &[&str]) -> Permission {
    Permission {
        at: Where::Here,
        resource: resource.to_owned(),
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let (_, es256) = SigningKey::generate_p256().unwrap();
        let (_, eddsa) = SigningKey::generate_ed25519().unwrap();
        let (_, idp) = SigningKey::generate_p256().unwrap();
        let setting = Setting {
            issuer: WALLET.to_owned(),
            keys: Keys::new(es256, eddsa).unwrap(),
            secret: Secret::new([1; 32]),
            access_life: SignedDuration::from_mins(5),
            doors: Door::ALL.into_iter().collect(),
        };
        let now = "2027-03-03T10:00:00Z".parse().unwrap();
        let mut ledger = Ledger::default();
        ledger.issuers.put(Issuer { issuer: IDP.to_owned(), name: "City".to_owned(), since: now });
        ledger.take_changes();
        let public = idp.public_jwk().with_kid("k1");
        let web = BTreeMap::from([
            (
                format!("{IDP}/.well-known/openid-configuration"),
                json!({ "issuer": IDP, "jwks_uri": format!("{IDP}/jwks") }),
            ),
            (format!("{IDP}/jwks"), json!({ "keys": [Value::from(public)] })),
        ]);
        Self { setting, ledger, now, idp, daughter: who(), web, fetched: Vec::new(), steps: 0 }
    }

    pub(crate) fn step<T>(&mut self, work: impl FnOnce(&mut Step<'_>) -> T) -> T {
        self.steps += 1;
        self.ledger.take_changes();
        let draw = Draw::new(Secret::new(crypto::sha256(&self.steps.to_be_bytes())));
        let mut step = Step { setting: &self.setting, ledger: &mut self.ledger, now: self.now, draw };
        let done = work(&mut step);
        self.ledger.take_changes();
        done
    }

    pub(crate) fn later(&mut self, seconds: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    pub(crate) fn client(&mut self, n: u8, kind: ClientKind) -> Client {
        let client = Client {
            id: ClientId::from_random([n; 16]),
            name: format!("client {n}"),
            kind,
            redirect_uris: vec!["https://app.example/back".to_owned()],
            claims_redirect_uris: vec![format!("https://app{n}.example/claims?a=b")],
            keys: Some(ClientKeys::Secret("0".repeat(64))),
            grant_types: vec![UMA_TICKET.to_owned()],
            scope: "search print".to_owned(),
            origins: Vec::new(),
            dpop_bound: false,
            used: None,
            registered: self.now,
            blocked: None,
            management: None,
        };
        self.ledger.clients.put(client.clone());
        client
    }

    pub(crate) fn ticket(&mut self, permissions: Vec<Permission>) -> String {
        self.step(|step| step.ticket_here(permissions)).unwrap().expose().clone()
    }

    /// The token endpoint; documents that it wants are brought.
    pub(crate) fn uma(&mut self, client: &Client, parameters: &[(&str, &str)]) -> Result<Issued, OAuthError> {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        let form = Form::parse(&text.extend_pairs(parameters).finish()).unwrap();
        for _ in 0..5 {
            match self.step(|step| step.uma(client, &form, None)) {
                Ok(issued) => return Ok(issued),
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Bring(wanted)) => {
                    let url = wanted.url.to_string();
                    let document = self.web.get(&url).cloned();
                    let until = self.now.checked_add(SignedDuration::from_hours(1)).unwrap();
                    self.fetched.push(url.clone());
                    self.ledger.brought.put(Brought { url, document, at: self.now, until });
                    self.ledger.take_changes();
                }
            }
        }
        panic!("the step wants documents for ever")
    }

    pub(crate) fn redeem(&mut self, client: &Client, ticket: &str) -> Result<Issued, OAuthError> {
        self.uma(client, &[("ticket", ticket)])
    }

    /// Pushes a presentation of the daughter's.
    pub(crate) fn push(&mut self, client: &Client, ticket: &str) -> Result<Issued, OAuthError> {
        let token = self.presentation(&json!({}));
        self.uma(client, &[("ticket", ticket), ("claim_token", &token), ("claim_token_format", DID_JWT)])
    }

    pub(crate) fn push_id_token(&mut self, client: &Client, ticket: &str, token: &str) -> Result<Issued, OAuthError> {
        self.uma(client, &[("ticket", ticket), ("claim_token", token), ("claim_token_format", ID_TOKEN)])
    }

    /// A JWT by the daughter's DID; members of `other` stand in the place of the right ones.
    pub(crate) fn presentation(&self, other: &Value) -> String {
        let (key, did) = &self.daughter;
        let now = self.now.as_second();
        let mut claims = json!({ "iss": did.as_str(), "aud": WALLET, "iat": now, "exp": now + 300, "jti": format!("{now}-{}", self.steps) });
        claims.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        key.jws_compact(&json!({ "typ": "JWT" }), claims.to_string().as_bytes()).unwrap()
    }

    /// An `id_token` of the trusted issuer for a client.
    pub(crate) fn id_token(&self, client: &Client, other: &Value) -> String {
        let now = self.now.as_second();
        let mut claims = json!({
            "iss": IDP, "sub": "lee", "aud": client.id.as_str(), "iat": now, "exp": now + 3600, "name": "Dr Lee",
        });
        claims.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        self.idp.jws_compact(&json!({ "kid": "k1" }), claims.to_string().as_bytes()).unwrap()
    }

    /// A grant of these permits for whoever proves this.
    pub(crate) fn decided(&self, proof: Proof, permits: Vec<Permit>, permissions: Vec<Permission>) -> Decided {
        Decided {
            grant: Grant {
                who: Party { name: "somebody".to_owned(), proof },
                what: What { permits, exclusions: Vec::new() },
                term: Term { start: None, end: self.now.checked_add(SignedDuration::from_hours(24)).ok(), uses: None },
                ..Grant::everything(GrantId::from_random([0; 16]))
            },
            person: person(1),
            patient: None,
            format: TokenFormat::Opaque,
            scope: String::new(),
            contact: None,
            permissions,
        }
    }

    /// The request that waits.
    pub(crate) fn waiting(&self) -> RequestId {
        let mut waiting = self.ledger.requests.iter().filter(|row| row.state == RequestState::Asked);
        let first = waiting.next().expect("a request waits").id.clone();
        assert!(waiting.next().is_none(), "one request waits");
        first
    }

    /// The owner approves what waits, as it was asked.
    pub(crate) fn approve(&mut self, proof: Proof) -> GrantId {
        let request = self.waiting();
        let reading = self.ledger.requests.find(request.as_str()).unwrap().reading().unwrap();
        let mut decided = self.decided(proof, reading.what.permits, reading.elsewhere);
        decided.scope = reading.plain.join(" ");
        self.step(|step| step.approve(&request, decided)).unwrap()
    }

    pub(crate) fn daughter_proof(&self) -> Proof {
        Proof::Did(self.daughter.1.to_string())
    }

    /// A mandate: whoever proves this may, whichever client they use.
    pub(crate) fn mandate(&mut self, proof: Proof, permits: Vec<Permit>, permissions: Vec<Permission>) -> GrantId {
        let decided = self.decided(proof, permits, permissions);
        self.step(|step| step.grant_by_owner(decided, None)).unwrap()
    }

    /// A resource server that the owner let in for a person, and its protection token.
    pub(crate) fn resource_server(&mut self, n: u8, of: PersonId) -> (Client, String) {
        let server = self.client(n, ClientKind::ResourceServer);
        let asked = Asked { scope: "uma_protection".to_owned(), ..Asked::default() };
        let ask = Ask { door: Door::Federation, claims: Vec::new(), asked, answered: Answered::Asking };
        let request = self.step(|step| step.ask(&server, ask)).unwrap();
        let mut decided = self.decided(Proof::Client(server.id.to_string()), Vec::new(), Vec::new());
        decided.scope = "uma_protection".to_owned();
        decided.person = of;
        let grant = self.step(|step| step.approve(&request, decided)).unwrap();
        let order = Mint {
            grant: &grant,
            client: &server.id,
            at: Where::Here,
            family: "pat",
            jkt: None,
            only: None,
            refresh: Refresh::Without,
        };
        let issued = self.step(|step| step.mint(&order)).unwrap();
        (server, issued.access_token.expose().clone())
    }

    pub(crate) fn protector(&mut self, token: &str) -> Result<Protector, OAuthError> {
        let presented = Presented {
            authorization: vec![Secret::new(format!("Bearer {token}"))],
            dpop: None,
            method: "POST".to_owned(),
            url: format!("{WALLET}/rsrc"),
        };
        self.step(|step| step.protector(&presented))
    }

    /// What the token opens at the wallet's own server.
    pub(crate) fn opens(&mut self, issued: &Issued) -> Option<Vec<Permission>> {
        let presented = Presented {
            authorization: vec![Secret::new(format!("Bearer {}", issued.access_token.expose()))],
            dpop: None,
            method: "GET".to_owned(),
            url: format!("{WALLET}/fhir/Patient"),
        };
        self.step(|step| step.bearer(&presented)).ok()?.only
    }
}

/// Somebody with a DID.
pub(crate) fn who() -> (SigningKey, Did) {
    let (_, key) = SigningKey::generate_ed25519().unwrap();
    let did = did::key_from_ed25519(&key.public_jwk()).unwrap();
    (key, did)
}

pub(crate) fn permit(kind: &str) -> Permit {
    let types = if kind == "*" { Vec::new() } else { vec![kind.into()] };
    Permit { context: Context::Patient, actions: Actions::READ, select: Selector { types, ..Selector::default() } }
}

/// The ticket that a refusal brings along.
pub(crate) fn next(refused: Result<Issued, OAuthError>, code: ErrorCode) -> String {
    let refusal = refused.expect_err("refused");
    assert_eq!(refusal.code, code, "{refusal:?}");
    refusal.members.get("ticket").and_then(Value::as_str).expect("a ticket").to_owned()
}

/// A refusal after which the process is over.
#[track_caller]
pub(crate) fn refused(result: Result<Issued, OAuthError>, code: ErrorCode) {
    let refusal = result.expect_err("refused");
    assert_eq!(refusal.code, code, "{refusal:?}");
    assert!(!refusal.members.contains_key("ticket"));
}
