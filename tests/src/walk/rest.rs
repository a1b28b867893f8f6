use super::Walk;
use crate::Role;

impl Walk {
    /// The settings, each on its page, and the keys.
    pub(super) async fn settings(&self) {
        let desktop = &self.desktop;
        self.at("#/settings", "Settings", "settings").await;
        self.at("#/settings/language", "Language", "settings-language").await;
        self.at("#/settings/theme", "Light or dark", "settings-theme").await;
        self.at("#/settings/lock", "", "settings-lock").await;
        self.at("#/settings/shortcuts", "", "settings-shortcuts").await;
        self.at("#/settings/keys/add", "", "key-add").await;
        desktop.press(Role::Button, "Make a key").await;
        desktop.see("There is a problem").await;
        self.see("key-add-bad").await;
        self.at("#/settings/keys", "Your keys", "keys").await;
        desktop.press(Role::Link, "Key 1").await;
        desktop.see("Code to compare").await;
        self.see("key").await;
        desktop.press(Role::Link, "Change").await;
        desktop.page("Name").await;
        self.see("key-name").await;
    }

    /// Somebody else's record beside one's own.
    pub(super) async fn people(&self) {
        let desktop = &self.desktop;
        self.at("#/settings/people/add", "Add a person", "person-add").await;
        desktop.press(Role::Button, "Add this person").await;
        desktop.see("There is a problem").await;
        self.see("person-add-bad").await;
        desktop.fill("Name", "Concepción Ávila Bermúdez").await;
        desktop.press(Role::Radio, "My mother or father").await;
        desktop.press(Role::Button, "Add this person").await;
        desktop.page("Settings").await;
        desktop.press(Role::Link, "Edit Concepción").await;
        desktop.page("Change a person").await;
        self.see("person").await;
        self.at("#/", "The record of Concepción", "home-other").await;
        for (name, h1) in [("(me)", "Good"), ("(my parent)", "The record of Concepción")] {
            desktop.press(Role::Button, "Record shown").await;
            desktop.press(Role::Button, name).await;
            desktop.page(h1).await;
        }
    }

    /// The trail, narrowed to nothing, and whole.
    pub(super) async fn activity(&self) {
        let desktop = &self.desktop;
        self.at("#/activity", "Activity", "activity").await;
        let narrow = "const field = document.getElementById('to'); field.value = '2001-01-01';
            field.dispatchEvent(new Event('change', { bubbles: true }));";
        desktop.window.execute(narrow, Vec::new()).await.expect("the page runs a script");
        desktop.find(Role::Button, "Clear filters").await;
        self.see("activity-none").await;
    }
}
