//! How fast cards are verified on one core: from the digits of a QR code to a verified bundle.
//!
//! Prints one JSON line for each comparison: against bare ES256 verifications by the same library over the same bytes,
//! and against kill-the-clipboard on Node, once with Node on one core as we are, once with Node as it likes. The peer's
//! package lies where `--peer NODE_MODULES` says, or among those of the tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and prints its figures"
)]

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use credentials::qr::{Codes, texts};
use credentials::{Card, CardInput, Draft, IssuerKeys, KeySet, Reason, Standing};
use crypto::{Algorithm, Jwk, Jwks, Jws, SigningKey};
use jiff::Timestamp;
use serde_json::{Value, json};

const ISSUER: &str = "https://clinic.example.org/cards";
const CARDS: u32 = 256;
const ROUNDS: usize = 60;

fn main() {
    let now: Timestamp = "2026-05-03T18:04:00Z".parse().unwrap();
    let (_secret, key) = SigningKey::generate_p256().unwrap();
    let jwk = published(&key);
    let signed: Vec<String> =
        (0..CARDS).map(|number| Draft::new(ISSUER, now, &bundle(number)).sign(&key).unwrap()).collect();
    let digits: Vec<String> = signed.iter().map(|jws| texts(jws, Codes::One).unwrap().remove(0)).collect();
    let keys = KeySet::new(ISSUER, &Jwks { keys: vec![jwk.clone()] }, now, Standing::Directory);
    let verifier = jwk.verifying_key(Algorithm::Es256).unwrap();
    let parsed: Vec<Jws> = signed.iter().map(|jws| Jws::parse(jws, 100_000).unwrap()).collect();

    let cards = || {
        for text in &digits {
            let read = Card::read(CardInput::Text(text)).unwrap();
            let verdict = read.cards[0].verify(IssuerKeys::Known(&keys), now, None);
            assert_eq!(verdict.reason, Reason::SignedByIssuer);
            black_box(read);
        }
    };
    let signatures = || {
        for jws in &parsed {
            verifier.verify(jws.signing_input().as_bytes(), jws.signature()).unwrap();
        }
    };
    // In turns, so that both meet the same machine; the quickest round of each is the least disturbed one.
    let (mut ours, mut bare) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(time(cards));
        bare = bare.min(time(signatures));
    }
    let figure = f64::from(CARDS) / ours.as_secs_f64();
    let reference = f64::from(CARDS) / bare.as_secs_f64();
    report("cards verified", figure, ("raw ES256 verifications", reference), 0.8);
    let modules = peer_modules();
    if !Path::new(&modules).join("kill-the-clipboard").is_dir() {
        println!("kill-the-clipboard is not in {modules}: no comparison with it (cargo xtask setup brings it)");
        return;
    }
    let alone = peer(&["taskset", "-c", "0", "node"], &modules, &digits, &jwk);
    report("cards verified, peer on one core", figure, ("kill-the-clipboard", alone), 8.0);
    report(
        "cards verified, peer on all cores",
        figure,
        ("kill-the-clipboard", peer(&["node"], &modules, &digits, &jwk)),
        8.0,
    );
}

fn report(bench: &str, figure: f64, (against, reference): (&str, f64), least: f64) {
    let line = json!({
        "bench": bench, "figure": figure, "reference": reference, "ratio": figure / reference, "unit": "cards/s",
        "against": against, "aim": {"atLeast": least},
    });
    println!("{line}");
}

fn time(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn peer_modules() -> String {
    let asked = std::env::args().skip_while(|argument| argument != "--peer").nth(1);
    asked.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/node_modules").to_owned())
}

/// Cards per second of the peer over the same codes.
fn peer(node: &[&str], modules: &str, digits: &[String], jwk: &Jwk) -> f64 {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peer.mjs");
    let mut command = Command::new(node[0]);
    command.args(&node[1..]).args([script, modules]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = command.spawn().unwrap();
    let input = json!({"texts": digits, "jwk": jwk}).to_string();
    node.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let answer: Value = serde_json::from_slice(&node.wait_with_output().unwrap().stdout).unwrap();
    answer["figure"].as_f64().unwrap()
}

fn published(key: &SigningKey) -> Jwk {
    let jwk = key.public_jwk();
    let kid = jwk.thumbprint();
    jwk.with_kid(&kid).with_member("use", json!("sig")).with_member("alg", json!("ES256"))
}

/// A card of the usual content and size: a person and two doses.
fn bundle(number: u32) -> Value {
    let dose = |at: u32, date: &str| {
        json!({"fullUrl": format!("resource:{at}"), "resource": {
            "resourceType": "Immunization", "status": "completed",
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": format!("{}", 200 + number % 30)}]},
            "patient": {"reference": "resource:0"}, "occurrenceDateTime": date,
            "performer": [{"actor": {"display": format!("Clinic {number} General Hospital")}}],
            "lotNumber": format!("{:07}", number * 7919 * at)
        }})
    };
    let patient = json!({"fullUrl": "resource:0", "resource": {
        "resourceType": "Patient", "name": [{"family": format!("Anyperson{number}"), "given": ["John", "B."]}],
        "birthDate": format!("19{:02}-{:02}-20", 20 + number % 70, 1 + number % 12)
    }});
    let entries = [patient, dose(1, "2021-01-01"), dose(2, "2021-01-29")];
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}
