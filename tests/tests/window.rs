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
use tests::{Desktop, Keyring, Look, Options, Role, Sandbox, walk};

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
