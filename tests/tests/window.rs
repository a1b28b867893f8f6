//! The shipped program, driven in its real window as a person would. Long, and in need of a web view, so started by
//! `cargo xtask test` (or `cargo test --workspace --test window -- --ignored --test-threads=1` after
//! `cargo build --workspace --bins`).
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use tests::journey::{self, connect, make};
use tests::{Desktop, Keyring, Look, Options, Role, Sandbox, Tray, walk};

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn a_person_goes_through_all_journeys() {
    journey::all().await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn every_page_is_whole_and_accessible_in_light_colours() {
    walk::every_page(Look::Light).await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn every_page_is_whole_and_accessible_in_dark_colours() {
    walk::every_page(Look::Dark).await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn every_journey_works_with_the_keyboard_alone() {
    journey::by_keyboard().await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn two_satchels_meet_share_part_of_a_record_and_erase_it_again() {
    journey::two_satchels().await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn a_computer_without_a_key_store_offers_a_passphrase() {
    let desktop = Desktop::start(Options { keyring: Keyring::Absent, ..Options::default() }).await;
    desktop.page("Your health record, kept by you").await;
    desktop.fill("Your name", "Ines Calder").await;
    desktop.press(Role::Button, "Make my Satchel").await;
    desktop.see("key store does not answer").await;
    desktop.press(Role::Radio, "A passphrase of your own").await;
    desktop.fill("Passphrase", "four unusual quiet words").await;
    desktop.fill("The same passphrase again", "four unusual quiet words").await;
    desktop.press(Role::Button, "Make my Satchel").await;
    desktop.see("Nothing is here yet").await;
    desktop.close().await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn nothing_of_the_record_is_said_in_the_log_or_lies_readable_on_the_disk() {
    let sandbox = Sandbox::start(&[]);
    let desktop = Desktop::start(Options::beside(&sandbox)).await;
    make(&desktop, &sandbox.person()).await;
    connect(&desktop, "Fenwick Valley").await;
    let family = sandbox.person().split(' ').next_back().unwrap().to_owned();
    let log = desktop.log();
    assert!(!log.contains(&family), "the log names the person: {log}");
    assert!(!log.contains("code="), "the log holds a code: {log}");
    for path in desktop.files() {
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(family.len()).any(|part| part == family.as_bytes());
        assert!(!found, "{} names the person", path.display());
    }
    desktop.close().await;
}

/// A window whose wallet can be reached, and its address.
async fn reachable(tray: Tray) -> (Desktop, String) {
    let desktop = Desktop::start(Options { bus: Some(tray), ..Options::default() }).await;
    make(&desktop, "Ines Calder").await;
    desktop.go("Sharing").await;
    desktop.press(Role::Button, "Let others reach it").await;
    let text = desktop.see("Address to give to a program").await;
    let address = text.split_whitespace().find(|word| word.starts_with("http") && word.ends_with("/fhir")).unwrap();
    let base = address.trim_end_matches("/fhir").to_owned();
    (desktop, base)
}

/// Whether somebody answers at this address.
async fn answers(base: &str) -> bool {
    reqwest::get(format!("{base}/fhir/metadata")).await.is_ok_and(|answer| answer.status() == 200)
}

/// A program registers and asks to see lab results.
async fn ask(base: &str) {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let redirect = "http://127.0.0.1:9/back";
    let client = serde_json::json!({"client_name": "Very Secret Clinic", "redirect_uris": [redirect],
        "grant_types": ["authorization_code"], "token_endpoint_auth_method": "none", "scope": "patient/Observation.rs"});
    let answer = http
        .post(format!("{base}/register"))
        .header("content-type", "application/json")
        .body(client.to_string())
        .send()
        .await
        .unwrap();
    let text = answer.text().await.unwrap();
    let registered: serde_json::Value = serde_json::from_str(&text).unwrap();
    let id = registered["client_id"].as_str().unwrap_or_else(|| panic!("not registered: {text}"));
    let mut url = url::Url::parse(&format!("{base}/authorize")).unwrap();
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", redirect),
        ("scope", "patient/Observation.rs"),
        ("state", "abcdefghijklmnopqrstuvwx"),
        ("aud", &format!("{base}/fhir")),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ]);
    let waits = http.get(url).send().await.unwrap();
    let at = waits.headers().get("location").map(|at| at.to_str().unwrap().to_owned()).unwrap_or_default();
    assert!(at.contains("/wait/"), "{}: {at}", waits.status());
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn a_window_that_is_closed_stays_in_the_tray_while_others_can_reach_it() {
    let (desktop, base) = reachable(Tray::There).await;
    let bus = desktop.bus();
    bus.menu("Requests waiting (0)", false).await;
    ask(&base).await;
    bus.hear("A request is waiting in Satchel").await;
    bus.menu("Requests waiting (1)", false).await;

    desktop.close_by_its_cross();
    bus.hear("Satchel goes on behind the closed window, so that others can reach it. Open or quit it from the tray.")
        .await;
    assert!(answers(&base).await, "it goes on");
    bus.menu("Requests waiting (1)", true).await;
    desktop.see("Waiting for your decision").await;
    desktop.close_by_its_cross();
    bus.menu("Lock", true).await;
    bus.menu("Locked: open Satchel to see what waits", false).await;
    let told = bus.told();
    assert_eq!(
        told.iter().filter(|words| words.contains("behind the closed window")).count(),
        1,
        "said once: {told:?}"
    );
    assert!(!told.iter().any(|words| words.contains("Clinic") || words.contains("Ines")), "nobody is named: {told:?}");
    bus.menu("Quit", true).await;
    gone(&base).await;
}

#[tokio::test]
#[ignore = "opens a window; see cargo xtask test"]
async fn where_there_is_no_tray_closing_is_the_end_and_says_so() {
    let (desktop, base) = reachable(Tray::Missing).await;
    assert!(answers(&base).await);
    desktop.close_by_its_cross();
    desktop.bus().hear("Satchel is closed: nobody can reach it until you open it again.").await;
    gone(&base).await;
}

/// Waits until nobody answers any more.
async fn gone(base: &str) {
    for _ in 0..80 {
        if !answers(base).await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!("it still answers");
}
