use fantoccini::key::Key;

use super::share_by_keys::share_by_keys;
use crate::walk::of_an_unreachable_issuer;
use crate::{Desktop, Options, Role, Sandbox};

/// Every journey with the keyboard alone: where the focus is shows at each stop, and each page takes it to its heading.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn by_keyboard() {
    let sandbox = Sandbox::start(&[]);
    let desktop = Desktop::start(Options::beside(&sandbox)).await;
    first_run(&desktop).await;
    around_the_page(&desktop).await;
    connect(&desktop).await;
    read(&desktop).await;
    show_a_card(&desktop).await;
    check_a_card(&desktop).await;
    lock(&desktop).await;
    choose_a_theme(&desktop).await;
    look_back(&desktop).await;
    share_by_keys(&desktop, &sandbox).await;
    desktop.close().await;
}

async fn press(desktop: &Desktop, role: Role, name: &str) {
    desktop.tab_to(role, name).await;
    desktop.enter().await;
}

async fn first_run(desktop: &Desktop) {
    desktop.arrive("Your health record, kept by you").await;
    press(desktop, Role::Button, "Make my Satchel").await;
    desktop.see("There is a problem").await;
    press(desktop, Role::Link, "Write your name").await;
    desktop.focus_is(Role::Textbox, "Your name").await;
    desktop.type_text("Ines Calder").await;
    desktop.key(&[], Key::Tab).await;
    desktop.focus_is(Role::Radio, "key store").await;
    desktop.key(&[], Key::Down).await;
    desktop.focus_is(Role::Radio, "A passphrase of your own").await;
    desktop.see("The same passphrase again").await;
    desktop.key(&[], Key::Up).await;
    desktop.focus_is(Role::Radio, "key store").await;
    press(desktop, Role::Button, "Make my Satchel").await;
    desktop.arrive("Ines").await;
    desktop.see("Nothing is here yet").await;
}

/// The way past the navigation, the people, and the list of shortcuts.
async fn around_the_page(desktop: &Desktop) {
    desktop.tab_back_to(Role::Button, "Record shown").await;
    desktop.enter().await;
    desktop.tab_to(Role::Link, "Add a person").await;
    desktop.key(&[], Key::Up).await;
    desktop.focus_is(Role::Button, "Ines Calder").await;
    desktop.key(&[], Key::Escape).await;
    desktop.focus_is(Role::Button, "Record shown").await;
    desktop.tab_back_to(Role::Link, "Skip to the page").await;
    desktop.enter().await;
    desktop.tab_to(Role::Link, "Connect a health system").await;
    desktop.type_text("?").await;
    desktop.focus_is(Role::Heading, "Keyboard shortcuts").await;
    desktop.key(&[], Key::Escape).await;
    desktop.focus_is(Role::Link, "Connect a health system").await;
}

async fn connect(desktop: &Desktop) {
    desktop.enter().await;
    desktop.arrive("Connect a health system").await;
    desktop.tab_to(Role::Textbox, "Search by name or place").await;
    desktop.type_text("Fenwick").await;
    desktop.see("1 of 2").await;
    press(desktop, Role::Button, "Fenwick Valley").await;
    desktop.arrive("Your record has arrived").await;
    press(desktop, Role::Link, "Open my record").await;
    desktop.arrive("Record").await;
}

async fn read(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "1").await;
    desktop.arrive("Good").await;
    desktop.keys(&[Key::Control], "k").await;
    desktop.focus_is(Role::Textbox, "Search the whole record").await;
    desktop.type_text("glucose").await;
    desktop.find(Role::Button, "Clear filters").await;
    desktop.tab_to(Role::Link, "Glucose").await;
    desktop.key(&[], Key::Down).await;
    desktop.expect_ring("the row below").await;
    desktop.key(&[], Key::Up).await;
    desktop.focus_is(Role::Link, "Glucose").await;
    desktop.enter().await;
    desktop.arrive("Glucose").await;
    press(desktop, Role::Summary, "For experts").await;
    desktop.see("LOINC").await;
    desktop.key(&[Key::Alt], Key::Left).await;
    desktop.page("Record").await;
    desktop.focus_is(Role::Link, "Glucose").await;
}

async fn show_a_card(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "3").await;
    desktop.arrive("Cards").await;
    press(desktop, Role::Link, "Add a card").await;
    desktop.arrive("Add a card").await;
    press(desktop, Role::Button, "Bring in cards").await;
    desktop.find(Role::Heading, "cards added").await;
    desktop.keys(&[Key::Control], "3").await;
    desktop.arrive("Cards").await;
    press(desktop, Role::Link, "Show this card").await;
    desktop.see("They will learn exactly this").await;
    desktop.focus_is(Role::Heading, "").await;
    desktop.tab_to(Role::Button, "Larger code").await;
    desktop.key(&[], Key::Space).await;
    desktop.see("Code with its details").await;
    desktop.key(&[], Key::Escape).await;
    desktop.see("Larger code").await;
    desktop.key(&[], Key::Escape).await;
    desktop.arrive("Cards").await;
    press(desktop, Role::Link, "Show this card").await;
    desktop.see("They will learn exactly this").await;
    desktop.focus_is(Role::Heading, "").await;
    press(desktop, Role::Link, "Done").await;
    desktop.arrive("Cards").await;
}

async fn check_a_card(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "3").await;
    press(desktop, Role::Link, "Check someone’s card").await;
    desktop.arrive("Check a card").await;
    desktop.tab_to(Role::Textbox, "Text of the card").await;
    // As a hand-held scanner does it: the text, then Enter.
    desktop.type_text(&of_an_unreachable_issuer()).await;
    desktop.enter().await;
    desktop.find(Role::Heading, "Cannot tell").await;
    desktop.focus_is(Role::Textbox, "Text of the card").await;
}

async fn lock(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "l").await;
    desktop.arrive("Satchel is locked").await;
    press(desktop, Role::Button, "Unlock").await;
    desktop.arrive("Check a card").await;
}

async fn choose_a_theme(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "7").await;
    desktop.arrive("Settings").await;
    press(desktop, Role::Link, "Change theme").await;
    desktop.arrive("Light or dark").await;
    desktop.tab_to(Role::Radio, "As the computer").await;
    desktop.key(&[], Key::Down).await;
    desktop.key(&[], Key::Down).await;
    desktop.focus_is(Role::Radio, "Dark").await;
    desktop.enter().await;
    desktop.page("Settings").await;
    desktop.focus_is(Role::Link, "Change theme").await;
    desktop.expect_ring("Change theme").await;
}

async fn look_back(desktop: &Desktop) {
    desktop.keys(&[Key::Control], "5").await;
    desktop.arrive("Activity").await;
    desktop.tab_to(Role::Button, "Check again").await;
    desktop.key(&[], Key::Space).await;
    desktop.see("Checked today").await;
}
