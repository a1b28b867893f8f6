use fantoccini::key::Key;

use super::share::address_in;
use crate::asker::{self, Waiting};
use crate::{Desktop, Role, Sandbox};

async fn press(desktop: &Desktop, role: Role, name: &str) {
    desktop.tab_to(role, name).await;
    desktop.enter().await;
}

/// Journeys 7 to 9 with the keyboard alone: the door, a request narrowed and approved, the share looked at and ended, a
/// mandate.
///
/// # Panics
/// At the first step that is not as it must be.
pub(super) async fn share_by_keys(desktop: &Desktop, sandbox: &Sandbox) {
    desktop.keys(&[Key::Control], "4").await;
    desktop.arrive("Sharing").await;
    press(desktop, Role::Button, "Let others reach it").await;
    let fhir = address_in(&desktop.see("Address to give to a program:").await);
    let waiting = Waiting::at_the_daughters_app(sandbox, &fhir);
    desktop.see("Waiting for your decision").await;
    press(desktop, Role::Link, "Kindred").await;
    desktop.arrive("Kindred asks to see part of your record").await;
    narrow(desktop).await;
    press(desktop, Role::Button, "Share with Kindred until").await;
    desktop.arrive("You shared part of your record with Kindred").await;
    let given = asker::get(&waiting.sent_back()).text;
    assert!(given.contains("<h2>Conditions (0)</h2>"), "{given}");
    press(desktop, Role::Link, "Go to Sharing").await;
    desktop.arrive("Sharing").await;
    press(desktop, Role::Link, "Kindred").await;
    desktop.arrive("Kindred").await;
    press(desktop, Role::Link, "What did they see on").await;
    desktop.arrive("What Kindred saw on").await;
    desktop.key(&[Key::Alt], Key::Left).await;
    desktop.page("Kindred").await;
    press(desktop, Role::Button, "End now").await;
    desktop.see("Nothing can be read by it any more").await;
    give(desktop).await;
}

async fn narrow(desktop: &Desktop) {
    desktop.see("They would see").await;
    press(desktop, Role::Summary, "Narrow it").await;
    desktop.tab_to(Role::Checkbox, "Conditions").await;
    desktop.key(&[], Key::Space).await;
    desktop.see("Left out: conditions.").await;
    desktop.ready().await;
}

async fn give(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "4").await;
    desktop.arrive("Sharing").await;
    press(desktop, Role::Link, "Contacts").await;
    desktop.see("No contacts yet").await;
    press(desktop, Role::Link, "Add a contact").await;
    desktop.arrive("Add a contact").await;
    press(desktop, Role::Button, "Add this contact").await;
    desktop.see("There is a problem").await;
    press(desktop, Role::Link, "Write a name.").await;
    desktop.focus_is(Role::Textbox, "Name").await;
    desktop.type_text("Nora Calder").await;
    desktop.tab_to(Role::Textbox, "Their key").await;
    desktop.type_text("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK").await;
    desktop.enter().await;
    desktop.see("who signs with").await;
    press(desktop, Role::Link, "Give a mandate").await;
    desktop.arrive("Give Nora Calder a mandate").await;
    desktop.see("Left out: everything about Medications or Psychotherapy notes.").await;
    desktop.tab_to(Role::Checkbox, "HIV").await;
    desktop.key(&[], Key::Space).await;
    desktop.see("Psychotherapy notes or HIV.").await;
    press(desktop, Role::Button, "Give Nora Calder this mandate until").await;
    desktop.arrive("You shared part of your record with Nora Calder").await;
    desktop.keys(&[Key::Control], "4").await;
    desktop.arrive("Sharing").await;
    press(desktop, Role::Button, "Close the door").await;
    desktop.see("Nobody can reach this Satchel").await;
}
