use std::process::Command;
use std::time::Duration;

use crate::{Desktop, Role};

/// Fetches the cards that the health system issues, and sees that they are verified.
///
/// # Panics
/// When none comes, or one is not verified.
pub async fn add_cards(desktop: &Desktop) {
    desktop.press(Role::Link, "Cards").await;
    desktop.page("Cards").await;
    desktop.press(Role::Link, "Add a card").await;
    desktop.page("Add a card").await;
    desktop.press(Role::Button, "Bring in cards").await;
    desktop.see("added").await;
    desktop.scene("5-cards-added").await;
    desktop.press(Role::Link, "Cards").await;
    desktop.see("Verified").await;
    desktop.scene("5-cards").await;
}

/// Shows the chosen card, and reads its code from the screen with a scanner that is not ours.
///
/// # Panics
/// When the code cannot be read, or is not a health card.
pub async fn show_card(desktop: &Desktop) {
    desktop.press(Role::Link, "Show this card").await;
    desktop.see("They will learn exactly this").await;
    desktop.scene("6-card").await;
    let text = scanned(desktop, "6-card").await;
    let digits = text.trim().strip_prefix("shc:/").unwrap_or_else(|| panic!("not a health card: {text}"));
    assert!(digits.len() > 500 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/'), "{digits}");
    desktop.press(Role::Link, "Done").await;
    desktop.page("Cards").await;
}

/// What a scanner reads from the screen. It looks again and again, as one does that is held before a screen.
pub(crate) async fn scanned(desktop: &Desktop, name: &str) -> String {
    let mut said = String::new();
    for _ in 0..10 {
        let picture = desktop.picture(name).await;
        let read =
            Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&picture).output().expect("zbarimg is installed");
        if read.status.success() {
            return String::from_utf8_lossy(&read.stdout).into();
        }
        said = format!("{}: {}", read.status, String::from_utf8_lossy(&read.stderr));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("no code can be read in the picture {name}: {said}");
}
