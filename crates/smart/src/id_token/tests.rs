use crypto::SigningKey;
use proptest::prelude::*;
use serde_json::json;
use types::ServerUrl;

use super::*;
use crate::answer::Answer;

const ISSUER: &str = "https://login.example.com";

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).expect("a time")
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "u1", "aud": "satchel", "nonce": "n",
        "iat": 1_699_999_990, "exp": 1_700_000_300, "fhirUser": "Patient/1",
    })
}

fn expected() -> Expected<'static> {
    Expected { issuer: ISSUER, client_id: "satchel", nonce: "n" }
}

struct Issuer {
    key: SigningKey,
    kid: &'static str,
}

impl Issuer {
    fn new(kid: &'static str) -> Self {
        Self { key: SigningKey::generate_p256().expect("random bytes").1, kid }
    }

    fn sign(&self, claims: &Value) -> String {
        let header = json!({"kid": self.kid, "typ": "JWT"});
        self.key.jws_compact(&header, claims.to_string().as_bytes()).expect("a signature")
    }

    fn jwks(&self) -> Jwks {
        let keys = json!({"keys": [self.key.public_jwk().with_kid(self.kid)]});
        Jwks::parse(keys.to_string().as_bytes()).expect("keys")
    }

    fn check(&self, claims: &Value) -> Result<Identity, IdTokenError> {
        IdToken::parse(&self.sign(claims))?.verify(&self.jwks(), &expected(), now())
    }
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// SMART App Launch 2.2, "Steps for using an ID token", requirements 201 and 218.
#[test]
fn a_good_token_says_who_signed_in() {
    let identity = Issuer::new("k").check(&claims()).expect("an identity");
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (ISSUER, "u1"));
    assert_eq!(identity.fhir_user.as_deref(), Some("Patient/1"));
    let several = Issuer::new("k").check(&with("aud", json!(["other", "satchel"])));
    assert!(several.is_ok());
}

#[test]
fn every_claim_is_checked() {
    let issuer = Issuer::new("k");
    for (claims, error) in [
        (with("iss", json!("https://evil.example")), IdTokenError::WrongIssuer),
        (with("iss", Value::Null), IdTokenError::Malformed),
        (with("aud", json!("other")), IdTokenError::WrongAudience),
        (with("aud", json!([])), IdTokenError::WrongAudience),
        (with("aud", json!(7)), IdTokenError::Malformed),
        (with("azp", json!("other")), IdTokenError::WrongParty),
        (with("exp", json!(1_699_999_940)), IdTokenError::Expired),
        (with("exp", json!("1700000300")), IdTokenError::Malformed),
        (with("exp", Value::Null), IdTokenError::Malformed),
        (with("iat", json!(1_700_000_061)), IdTokenError::NotYetValid),
        (with("nbf", json!(1_700_000_061)), IdTokenError::NotYetValid),
        (with("nonce", json!("other")), IdTokenError::NonceMismatch),
        (with("nonce", Value::Null), IdTokenError::NonceMismatch),
        (with("sub", json!("")), IdTokenError::NoSubject),
    ] {
        assert_eq!(issuer.check(&claims), Err(error), "{claims}");
    }
    assert!(issuer.check(&with("exp", json!(1_699_999_941))).is_ok(), "a minute is forgiven");
    assert!(issuer.check(&with("iat", json!(1_700_000_060))).is_ok());
    assert!(issuer.check(&with("exp", json!(1_700_000_300.5))).is_ok());
}

#[test]
fn only_a_published_key_of_the_right_name_counts() {
    let (issuer, stranger) = (Issuer::new("k"), Issuer::new("k"));
    let token = IdToken::parse(&issuer.sign(&claims())).expect("a token");
    assert_eq!(token.verify(&stranger.jwks(), &expected(), now()), Err(IdTokenError::BadSignature));
    assert_eq!(token.verify(&Issuer::new("other").jwks(), &expected(), now()), Err(IdTokenError::NoKey));
    assert_eq!(token.verify(&Jwks::default(), &expected(), now()), Err(IdTokenError::NoKey));
    let for_encryption = issuer.key.public_jwk().with_kid("k").with_member("use", json!("enc"));
    let keys = Jwks { keys: vec![for_encryption] };
    assert_eq!(token.verify(&keys, &expected(), now()), Err(IdTokenError::NoKey));
    let nameless = issuer.key.jws_compact(&json!({}), claims().to_string().as_bytes()).expect("a signature");
    let keys = Jwks { keys: vec![stranger.key.public_jwk(), issuer.key.public_jwk()] };
    let nameless = IdToken::parse(&nameless).expect("a token");
    assert!(nameless.verify(&keys, &expected(), now()).is_ok(), "without a name, each key is tried");
}

#[test]
fn unsigned_and_changed_tokens_prove_nothing() {
    let issuer = Issuer::new("k");
    let part = |value: Value| crypto::b64u::encode(value.to_string().as_bytes());
    let none = format!("{}.{}.", part(json!({"alg": "none"})), part(claims()));
    assert_eq!(IdToken::parse(&none).expect_err("unsigned"), IdTokenError::Algorithm);
    let hmac = format!("{}.{}.AAAA", part(json!({"alg": "HS256"})), part(claims()));
    assert_eq!(IdToken::parse(&hmac).expect_err("a shared secret"), IdTokenError::Algorithm);
    assert_eq!(IdToken::parse("x.y").expect_err("half"), IdTokenError::Malformed);
    assert_eq!(IdToken::parse(&issuer.sign(&json!([]))).expect_err("no claims"), IdTokenError::Malformed);
    let signed = issuer.sign(&claims());
    let (head, signature) = signed.rsplit_once('.').expect("three parts");
    let (header, _) = head.split_once('.').expect("three parts");
    let changed = format!("{header}.{}.{signature}", part(with("sub", json!("u2"))));
    let changed = IdToken::parse(&changed).expect("a token");
    assert_eq!(changed.verify(&issuer.jwks(), &expected(), now()), Err(IdTokenError::BadSignature));
}

fn unchecked(token: &str, more: Value) -> UncheckedIdentity {
    let base = ServerUrl::parse("https://ehr.example.org/fhir").expect("an address");
    let mut document = json!({
        "authorization_endpoint": "https://login.example.com/a", "token_endpoint": "https://login.example.com/t",
    });
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    let configuration = Configuration::parse(document.to_string().as_bytes(), &base).expect("a configuration");
    UncheckedIdentity::new(token.to_owned(), &configuration, "satchel", Secret::new("n".into()))
}

#[test]
fn keys_are_taken_from_the_servers_own_configuration() {
    let issuer = Issuer::new("k");
    let document = json!({"issuer": ISSUER, "jwks_uri": "https://login.example.com/keys"});
    let identity = unchecked(&issuer.sign(&claims()), document);
    let keys = Url::parse("https://login.example.com/keys").expect("a url");
    assert_eq!(identity.keys_at(), Ok(KeysAt::Keys(keys)));
    let published = serde_json::to_string(&issuer.jwks()).expect("keys");
    let answer = Answer::new(200, None, published.as_bytes());
    assert_eq!(identity.verify(&answer, now()).expect("an identity").subject, "u1");
    assert_eq!(identity.verify(&Answer::new(500, None, b""), now()).expect_err("down").code(), "identity.status");
    assert_eq!(identity.verify(&Answer::new(200, None, b"<"), now()).expect_err("html").code(), "identity.notJson");
}

#[test]
fn keys_are_discovered_where_the_configuration_does_not_name_them() {
    let issuer = Issuer::new("k");
    let identity = unchecked(&issuer.sign(&claims()), json!({}));
    let discovery = Url::parse("https://login.example.com/.well-known/openid-configuration").expect("a url");
    assert_eq!(identity.keys_at(), Ok(KeysAt::Discovery(discovery)));
    let discover = |status, body: &str| {
        unchecked(&issuer.sign(&claims()), json!({})).discovered(&Answer::new(status, None, body.as_bytes()))
    };
    for (status, body, code) in [
        (404, "", "identity.status"),
        (200, "<html>", "identity.notJson"),
        (200, r#"{"issuer":"https://evil.example","jwks_uri":"https://evil.example/k"}"#, "identity.otherIssuer"),
        (200, r#"{"issuer":"https://login.example.com"}"#, "identity.noKeys"),
        (200, r#"{"issuer":"https://login.example.com","jwks_uri":"http://a.example/"}"#, "identity.noKeys"),
        (200, r#"{"issuer":"https://login.example.com","jwks_uri":"https://127.0.0.1/"}"#, "identity.noKeys"),
    ] {
        assert_eq!(discover(status, body).expect_err(body).code(), code, "{body}");
    }
    let found = discover(200, r#"{"issuer":"https://login.example.com","jwks_uri":"https://login.example.com/k"}"#);
    let found = found.expect("keys");
    assert!(matches!(found.keys_at(), Ok(KeysAt::Keys(_))));
}

#[test]
fn a_token_cannot_choose_whose_keys_prove_it() {
    let evil = Issuer::new("k").sign(&with("iss", json!("https://evil.example")));
    assert_eq!(unchecked(&evil, json!({})).keys_at(), Err(IdentityError::ForeignIssuer));
    let inside = Issuer::new("k").sign(&with("iss", json!("http://127.0.0.1:8080")));
    assert_eq!(unchecked(&inside, json!({})).keys_at(), Err(IdentityError::ForeignIssuer));
    let known = unchecked(&evil, json!({"issuer": ISSUER, "jwks_uri": "https://login.example.com/keys"}));
    let keys = serde_json::to_string(&Issuer::new("k").jwks()).expect("keys");
    assert!(known.verify(&Answer::new(200, None, keys.as_bytes()), now()).is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in ".*") {
        let _ = IdToken::parse(&text);
    }

    #[test]
    fn any_claims_are_checked_without_harm(name in "iss|aud|exp|iat|nbf|nonce|sub|azp", number: i64, text in ".*") {
        let issuer = Issuer::new("k");
        let _ = issuer.check(&with(&name, json!(number)));
        let _ = issuer.check(&with(&name, json!(text)));
    }
}
