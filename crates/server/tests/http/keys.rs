//! TLS, and tokens that are bound to a key (RFC 9449), over real HTTP.

use std::sync::Arc;

use authz::Door;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::{SigningKey, b64u};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use serde_json::{Value, json};
use server::{DoorSetting, Limits, Listen, Server, StartError, Tls};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use types::Secret;

use crate::common::{CANARY, FORM, Reply, World};
use crate::launch::{BACK, VERIFIER, approve, ask, register};

/// A certificate for 127.0.0.1 with its key, and a client that trusts its authority.
fn certificate() -> (Tls, TlsConnector) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let pem =
        |kind: &str, der: &[u8]| format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der));
    let tls = Tls {
        certificate_pem: pem("CERTIFICATE", leaf.der()),
        key_pem: Secret::new(pem("PRIVATE KEY", &key.serialize_der())),
    };
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    (tls, TlsConnector::from(Arc::new(config.with_no_client_auth())))
}

async fn encrypted() -> World {
    let (tls, connector) = certificate();
    let listen = Listen::Network { address: ([127, 0, 0, 1], 0).into(), tls };
    World::at(DoorSetting { listen, public: None, limits: Limits::default() }, &Door::ALL, Some(connector)).await
}

/// A client's key, and the proofs it makes.
struct Prover(SigningKey);

impl Prover {
    fn new() -> Self {
        Self(SigningKey::generate_p256().unwrap().1)
    }

    fn proof(&self, method: &str, url: &str, nonce: &str, token: Option<&str>) -> String {
        let header = json!({ "typ": "dpop+jwt", "jwk": Value::from(self.0.public_jwk()) });
        let mut claims = json!({
            "htm": method, "htu": url, "iat": jiff::Timestamp::now().as_second(), "nonce": nonce,
            "jti": b64u::encode(&crypto::random::<16>().unwrap()),
        });
        if let Some(token) = token {
            claims["ath"] = json!(b64u::encode(&crypto::sha256(token.as_bytes())));
        }
        self.0.jws_compact(&header, claims.to_string().as_bytes()).unwrap()
    }
}

/// Launched, approved and bound to the key; and the nonce of the server.
async fn bound(world: &World, prover: &Prover) -> (String, String) {
    let client = register(world).await;
    let wait = world.get(&format!("/authorize?{}", ask(world, &client)), &[]).await.location;
    approve(world);
    let back = world.get(wait.strip_prefix(&world.running.base).unwrap(), &[]).await.location;
    let code = url::Url::parse(&back).unwrap().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let form = format!(
        "grant_type=authorization_code&client_id={client}&code={code}&redirect_uri={BACK}&code_verifier={VERIFIER}"
    );
    let url = format!("{}/token", world.running.base);
    let first = world.send("POST", "/token", &[FORM, ("DPoP", &prover.proof("POST", &url, "none", None))], &form).await;
    assert_eq!((first.status, &first.json()["error"]), (400, &json!("use_dpop_nonce")));
    // Of the head only the lower case is known, and a nonce has both: it is asked of the server.
    assert!(first.header("dpop-nonce").is_some());
    let nonce = world.owner.with(|step| step.setting.dpop_nonce(step.now));
    let proof = prover.proof("POST", &url, &nonce, None);
    let tokens = world.send("POST", "/token", &[FORM, ("DPoP", &proof)], &form).await;
    assert_eq!((tokens.status, &tokens.json()["token_type"]), (200, &json!("DPoP")), "{}", tokens.body);
    (tokens.json()["access_token"].as_str().unwrap().to_owned(), nonce)
}

async fn patient(world: &World, scheme: &str, token: &str, proof: Option<&str>) -> Reply {
    let authorization = format!("{scheme} {token}");
    let mut headers = vec![("Authorization", authorization.as_str())];
    headers.extend(proof.map(|proof| ("DPoP", proof)));
    world.get("/fhir/Patient/1", &headers).await
}

#[tokio::test]
async fn beyond_this_computer_nothing_is_spoken_without_encryption() {
    let world = encrypted().await;
    assert!(world.running.base.starts_with("https://127.0.0.1:"));
    let documents = world.get("/fhir/.well-known/smart-configuration", &[]).await;
    assert_eq!(documents.status, 200);
    let token = documents.json()["token_endpoint"].as_str().unwrap().to_owned();
    assert_eq!(token, format!("{}/token", world.running.base));
    // Plain HTTP at the same port is answered with nothing.
    let plain = World { owner: Arc::clone(&world.owner), running: world.running, tls: None };
    assert_eq!(plain.get("/fhir/metadata", &[]).await.status, 0);
    // Nor does a client that does not know the authority go on.
    let (_, stranger) = certificate();
    let stream = TcpStream::connect(plain.address()).await.unwrap();
    assert!(stranger.connect(ServerName::from(plain.address().ip()), stream).await.is_err());
}

#[tokio::test]
async fn a_certificate_without_its_key_opens_no_door() {
    let (one, _) = certificate();
    let (two, _) = certificate();
    let wrong = Tls { certificate_pem: one.certificate_pem, key_pem: two.key_pem };
    for tls in [wrong, Tls { certificate_pem: "no".into(), key_pem: Secret::new("no".into()) }] {
        let listen = Listen::Network { address: ([127, 0, 0, 1], 0).into(), tls };
        let setting = DoorSetting { listen, public: None, limits: Limits::default() };
        assert!(matches!(Server::bind(setting).await, Err(StartError::Tls(_))));
    }
}

#[tokio::test]
async fn a_bound_token_opens_with_its_proof_and_with_nothing_else() {
    let world = encrypted().await;
    let prover = Prover::new();
    let (token, nonce) = bound(&world, &prover).await;
    let url = format!("{}/fhir/Patient/1", world.running.base);
    let proof = prover.proof("GET", &url, &nonce, Some(&token));
    let good = patient(&world, "DPoP", &token, Some(&proof)).await;
    assert!(good.status == 200 && good.body.contains(CANARY), "{}", good.body);

    let elsewhere = format!("{}/fhir/Patient/2", world.running.base);
    let plain = url.replace("https://", "http://");
    let (other, fresh) = (Prover::new(), || Some(&*token));
    for (what, scheme, proof) in [
        ("without a proof", "DPoP", None),
        ("as a bearer token", "Bearer", None),
        ("as a bearer token beside a proof", "Bearer", Some(prover.proof("GET", &url, &nonce, fresh()))),
        ("a proof that was used", "DPoP", Some(proof.clone())),
        ("for another address", "DPoP", Some(prover.proof("GET", &elsewhere, &nonce, fresh()))),
        ("for the address without encryption", "DPoP", Some(prover.proof("GET", &plain, &nonce, fresh()))),
        ("for another method", "DPoP", Some(prover.proof("POST", &url, &nonce, fresh()))),
        ("for another token", "DPoP", Some(prover.proof("GET", &url, &nonce, Some("another")))),
        ("of another key", "DPoP", Some(other.proof("GET", &url, &nonce, fresh()))),
        ("with a nonce of nobody", "DPoP", Some(prover.proof("GET", &url, "nobody", fresh()))),
    ] {
        let reply = patient(&world, scheme, &token, proof.as_deref()).await;
        assert_eq!(reply.status, 401, "{what}");
        assert!(!reply.body.contains(CANARY), "{what}");
    }
    let again = prover.proof("GET", &url, &nonce, Some(&token));
    assert_eq!(patient(&world, "DPoP", &token, Some(&again)).await.status, 200, "a fresh proof opens again");
}
