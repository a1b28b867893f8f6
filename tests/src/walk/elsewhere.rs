//! Another computer: without a key store, with a record larger than most, and with an older copy of the vault put back.

use std::fs;

use serde_json::json;
use testkit::Keyring;

use super::Walk;
use crate::journey::connect;
use crate::{Desktop, Options, Role, Sandbox};

const PASSPHRASE: &str = "four unusual quiet words";

/// Resources of the large record.
const MANY: &str = "6000";

/// Wrong passphrases after which the wait is long enough to be looked at in every size.
const WRONG: u32 = 7;

impl Walk {
    pub(super) async fn elsewhere(&mut self) {
        self.sandbox = Sandbox::start(&["--people", "1", "--resources", MANY]);
        let options = Options { look: self.look, keyring: Keyring::Absent, ..Options::beside(&self.sandbox) };
        let there = Desktop::start(options).await;
        std::mem::replace(&mut self.desktop, there).close().await;
        self.without_a_key_store().await;
        self.large_record().await;
        self.long_wait().await;
        self.older_copy().await;
    }

    async fn without_a_key_store(&self) {
        let desktop = &self.desktop;
        desktop.page("Your health record, kept by you").await;
        desktop.fill("Your name", &self.sandbox.person()).await;
        desktop.press(Role::Button, "Make my Satchel").await;
        desktop.see("key store does not answer").await;
        self.see("welcome-no-key-store").await;
        desktop.press(Role::Radio, "A passphrase of your own").await;
        desktop.fill("Passphrase", PASSPHRASE).await;
        desktop.fill("The same passphrase again", PASSPHRASE).await;
        desktop.press(Role::Button, "Make my Satchel").await;
        desktop.see("Nothing is here yet").await;
    }

    async fn large_record(&self) {
        let desktop = &self.desktop;
        connect(desktop, "Fenwick Valley").await;
        self.at("#/", "Good", "home-large").await;
        self.at("#/record", "Record", "record-large").await;
        desktop.visit("#/record?kind=lab").await;
        desktop.open("main [data-row][href*='/lab/']").await;
        desktop.see("Where this comes from").await;
        self.see("lab-large").await;
    }

    /// Typed wrong until typing costs a wait that grows.
    async fn long_wait(&self) {
        let desktop = &self.desktop;
        desktop.press(Role::Button, "Lock").await;
        desktop.page("Satchel is locked").await;
        for _ in 0..WRONG {
            self.wait_is_over().await;
            self.try_passphrase("four other quiet words").await;
        }
        desktop.see("the wait doubles").await;
        self.see("unlock-wait").await;
    }

    /// What an older copy of the file says of the trail.
    async fn older_copy(&self) {
        let desktop = &self.desktop;
        let file = desktop.satchel_home().join("vault/satchel.db");
        let copy = file.with_extension("copy");
        fs::copy(&file, &copy).expect("the closed vault can be copied");
        self.unlock().await;
        desktop.press(Role::Button, "Lock").await;
        desktop.page("Satchel is locked").await;
        fs::rename(&copy, &file).expect("the copy can be put back");
        self.unlock().await;
        self.at("#/activity", "Activity", "activity-broken").await;
        desktop.see("The trail is broken").await;
        self.at("#/", "Good", "home-broken").await;
    }

    async fn unlock(&self) {
        self.wait_is_over().await;
        self.try_passphrase(PASSPHRASE).await;
        self.desktop.find(Role::Button, "Lock").await;
    }

    async fn wait_is_over(&self) {
        let waits = async || (!self.desktop.text().await.contains("the wait doubles")).then_some(());
        self.desktop.until("the end of the wait", waits).await;
    }

    /// Types it and waits for the answer, with which the field is emptied.
    async fn try_passphrase(&self, words: &str) {
        let desktop = &self.desktop;
        desktop.fill("Passphrase", words).await;
        desktop.press(Role::Button, "Unlock").await;
        let empty = "return (document.getElementById('passphrase')?.value ?? '') === '';";
        let answered = async || {
            let answer = desktop.window.execute(empty, vec![json!(null)]).await.expect("the page runs a script");
            answer.as_bool().filter(|empty| *empty)
        };
        desktop.until("an answer to the passphrase", answered).await;
    }
}
