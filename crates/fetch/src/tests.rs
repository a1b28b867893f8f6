//! What cannot be shown from outside: names that lead to forbidden places, and peers with bad certificates.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use url::Url;

use crate::resolver::{Guard, OwnerNamed};
use crate::{Accept, Fetch, FetchError, Limits};

type Looking = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

fn table(name: String) -> Looking {
    let answers: &[&str] = match name.as_str() {
        "rebound.example" => &["127.0.0.1", "::1"],
        "router.example" => &["198.18.0.1"],
        "metadata.example" => &["169.254.169.254"],
        "mapped.example" => &["::ffff:127.0.0.1"],
        "mixed.example" => &["10.0.0.1", "0.0.0.0"],
        _ => &[],
    };
    let answers = answers.iter().filter_map(|text| text.parse().ok()).collect();
    Box::pin(std::future::ready(Ok(answers)))
}

fn with_names(owner_named: &[&str]) -> Fetch {
    let named = OwnerNamed::default();
    owner_named.iter().for_each(|host| named.add(host));
    Fetch::assemble("test", Guard::new(table, named.clone()), named, Vec::new())
}

fn short() -> Limits {
    Limits { bytes: 1 << 16, total: Duration::from_millis(700), idle: Duration::from_millis(300) }
}

async fn code(fetch: &Fetch, url: &str) -> &'static str {
    let url = Url::parse(url).expect("a url");
    fetch.get(&url, Accept::Json, None, short()).await.map(|_| "answered").unwrap_or_else(|error| error.code())
}

#[tokio::test]
async fn a_name_that_leads_home_or_next_door_is_refused_when_connecting() {
    let fetch = with_names(&[]);
    for name in ["rebound", "router", "metadata", "mapped", "mixed"] {
        assert_eq!(code(&fetch, &format!("https://{name}.example/")).await, "fetch.privateAddress", "{name}");
    }
    assert_eq!(code(&fetch, "https://nowhere.example/").await, "fetch.dns");
}

#[tokio::test]
async fn a_host_the_owner_named_may_be_next_door_but_never_at_home() {
    let fetch = with_names(&["router.example", "rebound.example"]);
    // Nobody is there; what matters is that connecting was tried.
    assert_ne!(code(&fetch, "https://router.example:9/").await, "fetch.privateAddress");
    assert_eq!(code(&fetch, "https://rebound.example/").await, "fetch.privateAddress");
    let fetch = with_names(&[]);
    fetch.allow_host("Router.Example");
    assert_ne!(code(&fetch, "https://router.example:9/").await, "fetch.privateAddress");
}

/// A TLS server on loopback with a certificate for `names`, valid between the years; and a client that trusts its
/// authority.
async fn tls(names: &[&str], years: (i32, i32)) -> (Fetch, String) {
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("an authority");
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut leaf = CertificateParams::new(names).expect("parameters");
    leaf.not_before = date_time_ymd(years.0, 1, 1);
    leaf.not_after = date_time_ymd(years.1, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let leaf = leaf.signed_by(&key, &authority).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a server")));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                let mut head = [0; 1024];
                let _ = stream.read(&mut head).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
                let _ = stream.shutdown().await;
            });
        }
    });
    let named = OwnerNamed::default();
    let root = reqwest::Certificate::from_der(authority.der()).expect("a root");
    let fetch = Fetch::assemble("test", Guard::new(table, named.clone()), named, vec![root]);
    (fetch, format!("https://127.0.0.1:{port}/"))
}

#[tokio::test]
async fn a_certificate_in_order_is_trusted() {
    let (fetch, url) = tls(&["127.0.0.1"], (2020, 2040)).await;
    assert_eq!(code(&fetch, &url).await, "answered");
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_own_name() {
    let (fetch, url) = tls(&["127.0.0.1"], (2010, 2012)).await;
    assert_eq!(code(&fetch, &url).await, "fetch.tlsExpired");
    let (fetch, url) = tls(&["127.0.0.1"], (2090, 2095)).await;
    assert_eq!(code(&fetch, &url).await, "fetch.tlsNotYetValid");
    let (fetch, url) = tls(&["other.example"], (2020, 2040)).await;
    assert_eq!(code(&fetch, &url).await, "fetch.tlsWrongName");
    let (_, url) = tls(&["127.0.0.1"], (2020, 2040)).await;
    let stranger = Fetch::new(crate::Policy::new("test"));
    assert_eq!(code(&stranger, &url).await, "fetch.tlsUnknownIssuer");
}

#[tokio::test]
async fn a_peer_that_does_not_speak_tls_is_said_to_not_speak_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    assert_eq!(code(&with_names(&[]), &format!("https://127.0.0.1:{port}/")).await, "fetch.tlsProtocol");
}

#[tokio::test]
async fn an_error_never_repeats_the_address() {
    let fetch = with_names(&[]);
    let url = Url::parse("https://nowhere.example/Patient/canary?code=canary").expect("a url");
    let error: FetchError = fetch.get(&url, Accept::Json, None, short()).await.expect_err("no such name");
    let mut text = format!("{error:?} {error}");
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        text.push_str(&format!(" {next:?} {next}"));
        cause = next.source();
    }
    assert!(!text.contains("canary"), "{text}");
}
