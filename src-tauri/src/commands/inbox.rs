//! What others want to have in the record.

use wallet::views::OfferView;

use super::{Answer, Held, shown};

/// What waits for the person shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn inbox(wallet: Held<'_>) -> Answer<Vec<OfferView>> {
    wallet.inbox().await.map_err(shown)
}

/// Takes one into the record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn offer_accept(wallet: Held<'_>, id: String) -> Answer<Vec<OfferView>> {
    wallet.accept_offer(&id).await.map_err(shown)
}

/// Throws one away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn offer_discard(wallet: Held<'_>, id: String) -> Answer<Vec<OfferView>> {
    wallet.discard_offer(&id).await.map_err(shown)
}
