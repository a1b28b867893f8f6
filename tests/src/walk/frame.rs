use super::Walk;
use crate::{Role, View};

impl Walk {
    /// Every place before anything was brought in, and what stands around the pages.
    pub(super) async fn empty_places(&self) {
        self.see("home-empty").await;
        self.at("#/record", "Record", "record-empty").await;
        self.at("#/cards", "Cards", "cards-empty").await;
        self.at("#/sharing", "Sharing", "sharing").await;
        self.at("#/connections", "Connections", "connections-empty").await;
        self.at("#/cards/removed", "Removed cards", "cards-removed-empty").await;
        self.at("#/connections/report/con_none", "Nothing was brought in yet", "report-gone").await;
        self.at("#/nowhere", "There is no such page", "not-found").await;
        self.desktop.key(&[], '?').await;
        self.desktop.see("Keyboard shortcuts").await;
        self.see("shortcuts").await;
        self.desktop.press(Role::Button, "Close").await;
    }

    /// Home with something on it, and without a network.
    pub(super) async fn home(&self) {
        self.at("#/", "Good", "home").await;
        self.said_by_the_system("offline").await;
        self.desktop.see("Offline.").await;
        self.see("home-offline").await;
        self.desktop.visit("#/connections/add").await;
        self.see("connect-offline").await;
        self.said_by_the_system("online").await;
        self.desktop.visit("#/").await;
        for &view in self.eye.views() {
            self.desktop.view(view).await;
            // Where the navigation is folded, the people are inside it.
            if self.desktop.shows(Role::Button, "Menu").await {
                self.desktop.tab_to(Role::Button, "Menu").await;
                self.desktop.enter().await;
                self.desktop.find(Role::Button, "Record shown").await;
                self.eye.see_in(&self.desktop, view, "menu").await;
            }
            self.desktop.tab_to(Role::Button, "Record shown").await;
            self.desktop.enter().await;
            self.desktop.see("Add a person").await;
            self.eye.see_in(&self.desktop, view, "people-open").await;
            self.desktop.visit("#/activity").await;
            self.desktop.visit("#/").await;
        }
        self.desktop.view(View::Wide).await;
    }

    /// The event by which the web view tells that the computer has lost or found its network.
    async fn said_by_the_system(&self, event: &str) {
        let tell = format!("dispatchEvent(new Event('{event}'));");
        self.desktop.window.execute(&tell, Vec::new()).await.expect("the page hears it");
    }
}
