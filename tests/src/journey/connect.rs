use crate::{Desktop, Role};

/// Finds a health system in the directory, signs in with the browser, brings the record in.
///
/// # Panics
/// When a page or a word is missing.
pub async fn connect(desktop: &Desktop, words: &str) {
    desktop.press(Role::Link, "Connections").await;
    desktop.press(Role::Link, "Connect a health system").await;
    desktop.page("Connect a health system").await;
    desktop.fill("Search by name or place", words).await;
    desktop.scene("2-connect").await;
    desktop.press(Role::Button, words).await;
    // The browser is quick: the page of waiting may be gone before it was looked at.
    desktop.page("Your record has arrived").await;
    desktop.scene("2-report").await;
    desktop.see("new item").await;
}

/// Brings in once more: the server has nothing new, and nothing comes twice.
///
/// # Panics
/// When a page or a word is missing, or items came twice.
pub async fn bring_in_again(desktop: &Desktop) {
    desktop.press(Role::Link, "Connections").await;
    desktop.page("Connections").await;
    desktop.press(Role::Button, "Bring in new items").await;
    desktop.page("Nothing new this time").await;
    desktop.scene("4-nothing-new").await;
}
