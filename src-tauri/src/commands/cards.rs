//! Cards: held, shown, checked.

use wallet::views::{CardView, CardsAdded, QrView};

use super::{Answer, Held, shown, window};

/// The cards held, or those removed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cards(wallet: Held<'_>, removed: bool) -> Answer<Vec<CardView>> {
    wallet.cards(removed).await.map_err(shown)
}

/// One card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card(wallet: Held<'_>, id: String) -> Answer<CardView> {
    wallet.card(&id).await.map_err(shown)
}

/// Takes cards in from text: a JWS, `shc:/` numbers, or a card file’s content.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_add_text(wallet: Held<'_>, text: String) -> Answer<CardsAdded> {
    wallet.card_add_text(text).await.map_err(shown)
}

/// Takes cards in from a file: a card file or a picture of a QR code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_add_bytes(wallet: Held<'_>, name: String, bytes: Vec<u8>) -> Answer<CardsAdded> {
    wallet.card_add_bytes(name, bytes).await.map_err(shown)
}

/// Asks a connected system for its cards.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cards_fetch(wallet: Held<'_>, connection: String) -> Answer<CardsAdded> {
    wallet.cards_fetch(&connection).await.map_err(shown)
}

/// The QR codes of a card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_qr(wallet: Held<'_>, id: String, chunked: bool) -> Answer<Vec<QrView>> {
    wallet.card_qr(&id, chunked).await.map_err(shown)
}

/// Moves a card to Removed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_remove(wallet: Held<'_>, id: String) -> Answer<CardView> {
    wallet.card_remove(&id).await.map_err(shown)
}

/// Takes a card back from Removed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_restore(wallet: Held<'_>, id: String) -> Answer<CardView> {
    wallet.card_restore(&id).await.map_err(shown)
}

/// Checks a held card again, with fresh keys when they can be had.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_recheck(wallet: Held<'_>, id: String) -> Answer<CardView> {
    wallet.card_recheck(&id).await.map_err(shown)
}

/// Checks somebody’s card from text; nothing is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_card_text(wallet: Held<'_>, text: String) -> Answer<Vec<CardView>> {
    wallet.check_card_text(text).await.map_err(shown)
}

/// Checks somebody’s card from a file; nothing is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_card_bytes(wallet: Held<'_>, name: String, bytes: Vec<u8>) -> Answer<Vec<CardView>> {
    wallet.check_card_bytes(name, bytes).await.map_err(shown)
}

/// Saves a card as a `.smart-health-card` file where the person says. `false` when they close the dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card_export(app: tauri::AppHandle, wallet: Held<'_>, id: String) -> Answer<bool> {
    match window::ask_where_to_save(&app, "card.smart-health-card").await {
        Some(path) => wallet.card_export(&id, &path).await.map(|()| true).map_err(shown),
        None => Ok(false),
    }
}
