//! A server with a clock and a client, for tests.

use std::collections::BTreeSet;

use consent::{Grant, Party, Proof, Term, What};
use crypto::{SigningKey, b64u, sha256};
use jiff::{SignedDuration, Timestamp};
use types::{ClientId, GrantId, PersonId, RequestId, Secret};
use url::Url;

use crate::{
    Client, ClientKind, Decided, Door, Draw, Form, Issued, Keys, Ledger, RequestState, Setting, Step, Stop,
    TokenFormat, Wait, WaitState,
};

pub(crate) const ISSUER: &str = "http://127.0.0.1:8731";
pub(crate) const REDIRECT: &str = "https://app.example.org/back";
pub(crate) const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";

pub(crate) struct Stage {
    pub(crate) setting: Setting,
    pub(crate) ledger: Ledger,
    pub(crate) clock: Timestamp,
    steps: u64,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let keys =
            Keys::new(SigningKey::p256(&Secret::new([3; 32])).unwrap(), SigningKey::ed25519(&Secret::new([4; 32])));
        let setting = Setting {
            issuer: ISSUER.to_owned(),
            keys: keys.unwrap(),
            secret: Secret::new([5; 32]),
            access_life: SignedDuration::from_mins(5),
            doors: BTreeSet::from(Door::ALL),
        };
        let clock = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut stage = Self { setting, ledger: Ledger::default(), clock, steps: 0 };
        stage.ledger.clients.put(app(1));
        stage.ledger.clients.put(app(2));
        stage
    }

    pub(crate) fn step(&mut self) -> Step<'_> {
        self.steps += 1;
        let now = self.ledger.at(self.clock);
        let draw = Draw::new(Secret::new(sha256(&self.steps.to_be_bytes())));
        Step { setting: &self.setting, ledger: &mut self.ledger, now, draw }
    }

    pub(crate) fn pass(&mut self, time: SignedDuration) {
        self.clock = self.clock.checked_add(time).unwrap();
    }

    pub(crate) fn authorize(&mut self, query: &Query) -> Result<Wait, crate::AuthorizeStop> {
        self.step().authorize(&query.form())
    }

    /// From the browser's request to the code, approved as asked.
    pub(crate) fn code(&mut self, query: &Query) -> String {
        let wait = self.authorize(query).unwrap();
        self.approve(&wait.request);
        let WaitState::Go(url) = self.step().waiting(wait.handle.expose()) else { panic!("the browser waits still") };
        member(&url, "code").unwrap()
    }

    pub(crate) fn approve(&mut self, request: &RequestId) -> GrantId {
        let decided = self.as_asked(request);
        self.step().approve(request, decided).unwrap()
    }

    /// All that a request asks for.
    pub(crate) fn as_asked(&self, request: &RequestId) -> Decided {
        let request = self.ledger.requests.find(request.as_str()).unwrap();
        let asked = request.reading().unwrap();
        Decided {
            grant: Grant {
                what: asked.what,
                mode: asked.mode.unwrap_or_default(),
                deidentified: asked.deidentified,
                purposes: asked.purposes,
                ..grant(&request.client)
            },
            person: PersonId::from_random([6; 16]),
            patient: Some("p1".to_owned()),
            format: TokenFormat::Opaque,
            scope: asked.plain.join(" "),
            contact: None,
            permissions: asked.elsewhere,
        }
    }

    pub(crate) fn redeem(&mut self, client: u8, code: &str, verifier: &str) -> Result<Issued, Stop> {
        let pairs = [("code", code), ("redirect_uri", REDIRECT), ("code_verifier", verifier)];
        self.step().redeem(&app(client), &form(&pairs), None)
    }

    pub(crate) fn refresh(&mut self, client: u8, issued: &Issued) -> Result<Issued, Stop> {
        let pairs = [("refresh_token", issued.refresh_token.as_ref().unwrap().expose().as_str())];
        self.step().refresh(&app(client), &form(&pairs), None)
    }

    pub(crate) fn only_grant(&self) -> crate::Approved {
        assert_eq!(self.ledger.grants.count(), 1);
        self.ledger.grants.iter().next().unwrap().clone()
    }

    pub(crate) fn state(&self, request: &RequestId) -> RequestState {
        self.ledger.requests.find(request.as_str()).unwrap().state.clone()
    }
}

/// Nothing, for this client.
pub(crate) fn grant(client: &ClientId) -> Grant {
    Grant {
        who: Party { name: "An app".to_owned(), proof: Proof::Client(client.to_string()) },
        what: What::default(),
        term: Term { start: None, end: None, uses: None },
        ..Grant::everything(GrantId::from_random([0; 16]))
    }
}

pub(crate) fn id(of: u8) -> ClientId {
    ClientId::from_random([of; 16])
}

pub(crate) fn app(of: u8) -> Client {
    let json = serde_json::json!({
        "id": id(of), "name": "An app", "kind": ClientKind::App, "redirect_uris": [REDIRECT], "keys": null,
        "grant_types": ["authorization_code", "refresh_token"], "scope": "", "origins": [],
        "registered": "2026-11-01T00:00:00Z", "blocked": null, "management": null,
    });
    serde_json::from_value(json).unwrap()
}

/// An authorization request, good until it is changed.
#[derive(Clone)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn good() -> Self {
        Self(Vec::new())
            .with("response_type", "code")
            .with("client_id", id(1).as_str())
            .with("redirect_uri", REDIRECT)
            .with("scope", "launch/patient openid fhirUser offline_access patient/Observation.rs")
            .with("state", "a state")
            .with("aud", &format!("{ISSUER}/fhir"))
            .with("nonce", "a nonce")
            .with("code_challenge", &b64u::encode(&sha256(VERIFIER.as_bytes())))
            .with("code_challenge_method", "S256")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn form(&self) -> Form {
        form(&self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
    }
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> Form {
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Form::parse(&text).unwrap()
}

pub(crate) fn member(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}
