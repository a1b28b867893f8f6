//! A small world to try the doors in: one server, an instant, clients with their keys, grants.

use consent::{Grant, Party, Proof, Scopes};
use crypto::{SigningKey, b64u};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use types::{ClientId, GrantId, PersonId, Secret};

use crate::{
    Approved, Client, ClientKeys, ClientKind, Door, Draw, Form, Issued, Keys, Ledger, Mint, Permission, Presented,
    Refresh, Setting, Step, TokenFormat, Where, fingerprint,
};

/// Of the client with a secret.
pub(crate) const SECRET: &str = "a secret of 43 characters in base64url, more or less";

pub(crate) struct World {
    pub(crate) setting: Setting,
    pub(crate) ledger: Ledger,
    pub(crate) now: Timestamp,
    steps: u32,
}

impl World {
    pub(crate) fn new() -> Self {
        let (es256, eddsa) = (SigningKey::p256(&Secret::new([1; 32])), SigningKey::ed25519(&Secret::new([2; 32])));
        let setting = Setting {
            issuer: "https://wallet.example".to_owned(),
            keys: Keys::new(es256.unwrap(), eddsa).unwrap(),
            secret: Secret::new([3; 32]),
            access_life: SignedDuration::from_mins(10),
            doors: Door::ALL.into(),
        };
        let now = "2027-03-01T12:00:00Z".parse().unwrap();
        Self { setting, ledger: Ledger::default(), now, steps: 0 }
    }

    pub(crate) fn step(&mut self) -> Step<'_> {
        self.steps += 1;
        let now = self.ledger.at(self.now);
        let draw = Draw::new(Secret::new(crypto::sha256(&self.steps.to_be_bytes())));
        Step { setting: &self.setting, ledger: &mut self.ledger, now, draw }
    }

    pub(crate) fn later(&mut self, seconds: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }

    pub(crate) fn client(&mut self, kind: ClientKind, keys: Option<ClientKeys>) -> Client {
        let client = Client {
            id: ClientId::from_random(self.step().draw.id()),
            name: "A client".to_owned(),
            kind,
            redirect_uris: vec!["https://app.example/back".to_owned()],
            claims_redirect_uris: Vec::new(),
            keys,
            grant_types: ["authorization_code", "client_credentials"].map(str::to_owned).into(),
            scope: String::new(),
            origins: Vec::new(),
            dpop_bound: false,
            registered: self.now,
            used: None,
            blocked: None,
            management: None,
        };
        self.ledger.clients.put(client.clone());
        client
    }

    pub(crate) fn public(&mut self) -> Client {
        self.client(ClientKind::App, None)
    }

    pub(crate) fn with_secret(&mut self, kind: ClientKind) -> Client {
        self.client(kind, Some(ClientKeys::Secret(fingerprint(SECRET))))
    }

    pub(crate) fn with_key(&mut self, kind: ClientKind, key: &SigningKey) -> Client {
        let jwk = Value::from(key.public_jwk().with_kid("k1"));
        self.client(kind, Some(ClientKeys::Inline(json!({ "keys": [jwk] }))))
    }

    pub(crate) fn grant(&mut self, client: &Client, scope: &str) -> GrantId {
        self.approve(client, scope, TokenFormat::Opaque, Vec::new())
    }

    /// A grant of the scopes for resources, and of those beside them.
    pub(crate) fn approve(
        &mut self,
        client: &Client,
        scope: &str,
        format: TokenFormat,
        permissions: Vec<Permission>,
    ) -> GrantId {
        let id = GrantId::from_random(self.step().draw.id());
        let is_clinical = |word: &&str| ["patient/", "user/", "system/"].iter().any(|start| word.starts_with(start));
        let (clinical, plain): (Vec<&str>, Vec<&str>) =
            scope.split(' ').filter(|word| !word.is_empty()).partition(is_clinical);
        let mut grant = Grant::everything(id.clone());
        grant.who = Party { name: "A client".to_owned(), proof: Proof::Client(client.id.to_string()) };
        grant.what.permits = Scopes::parse(&clinical.join(" ")).unwrap().permits();
        self.ledger.grants.put(Approved {
            grant,
            person: PersonId::from_random([9; 16]),
            patient: Some("p1".to_owned()),
            client: Some(client.id.clone()),
            contact: None,
            request: None,
            permissions,
            scope: plain.join(" "),
            format,
            approved: self.now,
            uses: 0,
            counted: None,
            ended: None,
            erase: None,
        });
        id
    }

    pub(crate) fn mint(&mut self, client: &Client, grant: &GrantId) -> Issued {
        self.mint_bound(client, grant, None)
    }

    pub(crate) fn mint_bound(&mut self, client: &Client, grant: &GrantId, jkt: Option<&str>) -> Issued {
        self.step().mint(&order(client, grant, jkt)).unwrap()
    }
}

pub(crate) fn order<'a>(client: &'a Client, grant: &'a GrantId, jkt: Option<&'a str>) -> Mint<'a> {
    let at = Where::Here;
    Mint { grant, client: &client.id, at, family: "family", jkt, only: None, refresh: Refresh::With }
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> Form {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    Form::parse(&text.extend_pairs(pairs).finish()).unwrap()
}

/// A request for a FHIR resource with these `Authorization` headers.
pub(crate) fn presented(authorization: &[&str]) -> Presented {
    Presented {
        authorization: authorization.iter().map(|text| Secret::new((*text).to_owned())).collect(),
        dpop: None,
        method: "GET".to_owned(),
        url: "https://wallet.example/fhir/Patient/p1".to_owned(),
    }
}

pub(crate) fn bearing(token: &Issued) -> Presented {
    presented(&[&format!("Bearer {}", token.access_token.expose())])
}

/// A client assertion with these claims in the place of the usual ones.
pub(crate) fn assertion(world: &World, client: &Client, key: &SigningKey, other: Value) -> String {
    let id = client.id.as_str();
    let (now, aud) = (world.now.as_second(), world.setting.endpoint("token"));
    let claims = json!({ "iss": id, "sub": id, "aud": aud, "iat": now, "exp": now + 240, "jti": "one" });
    key.jws_compact(&json!({ "typ": "JWT", "kid": "k1" }), with(claims, other).to_string().as_bytes()).unwrap()
}

pub(crate) fn asserted(text: &str, more: &[(&str, &str)]) -> Form {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    form(&[&[("client_assertion_type", kind), ("client_assertion", text)], more].concat())
}

/// A DPoP proof of a request with these claims in the place of the usual ones.
pub(crate) fn proof(world: &World, key: &SigningKey, method: &str, url: &str, other: Value) -> String {
    let nonce = world.setting.dpop_nonce(world.now);
    let claims = json!({ "htm": method, "htu": url, "iat": world.now.as_second(), "jti": "one", "nonce": nonce });
    let header = json!({ "typ": "dpop+jwt", "jwk": Value::from(key.public_jwk()) });
    key.jws_compact(&header, with(claims, other).to_string().as_bytes()).unwrap()
}

pub(crate) fn ath(token: &str) -> String {
    b64u::encode(&crypto::sha256(token.as_bytes()))
}

/// A JSON object with members replaced; `null` takes one out.
pub(crate) fn with(mut object: Value, other: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    for (name, value) in other.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    object
}

/// A signed text with another header before the same payload and signature.
pub(crate) fn reheaded(text: &str, header: &Value) -> String {
    let (_, rest) = text.split_once('.').unwrap();
    format!("{}.{rest}", b64u::encode(header.to_string().as_bytes()))
}
