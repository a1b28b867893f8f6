use crate::{Desktop, Role};

/// First run: a name, the key in the system's key store, an empty home.
///
/// # Panics
/// When a page or a word is missing.
pub async fn make(desktop: &Desktop, name: &str) {
    desktop.page("Your health record, kept by you").await;
    desktop.scene("1-welcome").await;
    desktop.fill("Your name", name).await;
    desktop.press(Role::Button, "Make my Satchel").await;
    let first = name.split(' ').next().unwrap_or(name);
    desktop.page(first).await;
    desktop.see("Nothing is here yet").await;
    desktop.scene("1-home-empty").await;
}
