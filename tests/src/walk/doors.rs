use testkit::Keyring;

use super::Walk;
use crate::Role;

impl Walk {
    /// The pages before there is anything.
    pub(super) async fn welcome(&self) {
        let desktop = &self.desktop;
        desktop.page("Your health record, kept by you").await;
        self.see("welcome").await;
        desktop.press(Role::Radio, "A passphrase of your own").await;
        desktop.fill("Passphrase", "short").await;
        desktop.press(Role::Button, "Make my Satchel").await;
        desktop.see("Write your name").await;
        self.see("welcome-errors").await;
        desktop.press(Role::Radio, "This computer’s key store").await;
        desktop.fill("Your name", &self.sandbox.person()).await;
        desktop.press(Role::Button, "Make my Satchel").await;
        desktop.see("Nothing is here yet").await;
    }

    /// Locked, and closed because the key cannot be had.
    pub(super) async fn closed(&mut self) {
        self.desktop.press(Role::Button, "Lock").await;
        self.desktop.page("Satchel is locked").await;
        self.see("unlock").await;
        for (keyring, name) in [(Keyring::Absent, "keychain-missing"), (Keyring::Locked, "keychain-locked")] {
            self.desktop.restart_with(keyring).await;
            self.desktop.page("Satchel is locked").await;
            self.desktop.press(Role::Button, "Unlock").await;
            self.desktop.page("Satchel cannot reach the key to your record").await;
            self.see(name).await;
        }
    }
}
