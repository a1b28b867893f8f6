//! Mandates between two wallets: written for their holder; held, brought in under, let go.

use tauri::AppHandle;
use wallet::MandateFrom;
use wallet::views::{HeldMandateView, MandateText, PullView, ShareDetail};

use super::{Answer, Held, shown, window};

/// Name of a mandate's file.
const FILE: &str = "mandate.satchel-mandate";

/// A mandate as it is given to its holder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_text(wallet: Held<'_>, grant: String) -> Answer<MandateText> {
    wallet.mandate_to_give(&grant).await.map_err(shown)
}

/// Saves it where the person says. `false` when they close the dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_save(app: AppHandle, wallet: Held<'_>, grant: String) -> Answer<bool> {
    match window::ask_where_to_save(&app, FILE).await {
        Some(path) => wallet.mandate_save(&grant, &path).await.map(|()| true).map_err(shown),
        None => Ok(false),
    }
}

/// Ends a share where it holds, and asks the other side to erase what left under it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn share_ask_erase(wallet: Held<'_>, id: String) -> Answer<ShareDetail> {
    wallet.end_share_and_ask_to_erase(&id).await.map_err(shown)
}

/// Mandates that are held, asked for, or were, of all people.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandates(wallet: Held<'_>) -> Answer<Vec<HeldMandateView>> {
    wallet.mandates().await.map_err(shown)
}

/// Hears of all of them how they stand.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandates_check(wallet: Held<'_>) -> Answer<Vec<HeldMandateView>> {
    wallet.mandates_check().await.map_err(shown)
}

/// Takes a mandate from its text, its file, or a picture of its code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_take(wallet: Held<'_>, bytes: Vec<u8>, person: String) -> Answer<HeldMandateView> {
    wallet.mandate_take(MandateFrom::Text(bytes), &person).await.map_err(shown)
}

/// Takes the newest that a contact has for this wallet, from their server.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_fetch(wallet: Held<'_>, contact: String, person: String) -> Answer<HeldMandateView> {
    wallet.mandate_take(MandateFrom::Contact(contact), &person).await.map_err(shown)
}

/// Asks a contact for their record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_ask(
    wallet: Held<'_>,
    contact: String,
    address: Option<String>,
    person: String,
) -> Answer<HeldMandateView> {
    wallet.mandate_ask(&contact, address.as_deref(), &person).await.map_err(shown)
}

/// Looks whether they have decided.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_look(wallet: Held<'_>, id: String) -> Answer<HeldMandateView> {
    wallet.mandate_look(&id).await.map_err(shown)
}

/// Brings in what is new under a mandate, and shows that person's record from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_pull(wallet: Held<'_>, id: String) -> Answer<PullView> {
    wallet.mandate_pull(&id).await.map_err(shown)
}

/// Erases everything that came under a mandate; one that holds ends by it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_erase(wallet: Held<'_>, id: String) -> Answer<HeldMandateView> {
    wallet.mandate_erase(&id).await.map_err(shown)
}

/// Keeps what came, although the giver asked to erase it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mandate_keep(wallet: Held<'_>, id: String) -> Answer<HeldMandateView> {
    wallet.mandate_keep(&id).await.map_err(shown)
}
