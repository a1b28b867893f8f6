//! First run, lock and unlock, look.

use tauri::WebviewWindow;
use types::Secret;
use wallet::NewProtection;
use wallet::views::{ErrorView, Look, Protection, Status, Whose};

use super::{Answer, Held, shown};
use crate::window::magnify;

/// Where the wallet stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn status(wallet: Held<'_>) -> Answer<Status> {
    Ok(wallet.status().await)
}

/// First run: makes the vault, its key and the holder's first DID, and opens it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_vault(
    wallet: Held<'_>,
    name: String,
    birth_date: Option<String>,
    protection: Protection,
    passphrase: Option<String>,
) -> Answer<Status> {
    let opening = passphrase.clone().map(Secret::new);
    let protection = match (protection, passphrase) {
        (Protection::Keychain, _) => NewProtection::Keychain,
        (Protection::Passphrase, Some(passphrase)) => NewProtection::Passphrase(Secret::new(passphrase)),
        (Protection::Passphrase, None) => return Err(missing_passphrase()),
    };
    wallet.make(name, birth_date, protection).await.map_err(shown)?;
    wallet.unlock(opening).await.map_err(shown)
}

/// Opens the vault.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(wallet: Held<'_>, passphrase: Option<String>) -> Answer<Status> {
    wallet.unlock(passphrase.map(Secret::new)).await.map_err(shown)
}

/// Closes the vault and wipes the keys from memory.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(wallet: Held<'_>) -> Answer<Status> {
    wallet.lock().await.map_err(shown)
}

/// Somebody is using the window: the time to automatic locking begins anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn touch(wallet: Held<'_>) -> Answer<()> {
    wallet.touch();
    Ok(())
}

/// Language, theme, shortcuts, minutes to automatic locking, zoom.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_look(window: WebviewWindow, wallet: Held<'_>, look: Look) -> Answer<Status> {
    let zoom = look.zoom;
    let status = wallet.set_look(look).await.map_err(shown)?;
    magnify(&window, zoom);
    Ok(status)
}

fn missing_passphrase() -> ErrorView {
    ErrorView {
        code: "passphrase.missing".to_owned(),
        whose: Whose::You,
        details: std::collections::BTreeMap::new(),
        evidence: String::new(),
    }
}
