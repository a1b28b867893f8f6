//! Contact cards: made, given, read, compared.

use tauri::AppHandle;
use wallet::views::{ContactCard, PairView};
use wallet::{Compared, ServerAddress};

use super::{Answer, Held, shown, window};

/// Name of a card's file.
const FILE: &str = "card.satchel-contact";

/// What a tick means.
fn told(address: bool) -> ServerAddress {
    if address { ServerAddress::Told } else { ServerAddress::Kept }
}

/// Everybody whom a card was made for or is here of.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pairs(wallet: Held<'_>) -> Answer<Vec<PairView>> {
    wallet.pairs().await.map_err(shown)
}

/// Makes a key for somebody, and the card to give to them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn contact_card_make(wallet: Held<'_>, name: String, address: bool) -> Answer<ContactCard> {
    wallet.make_contact_card(&name, told(address)).await.map_err(shown)
}

/// The card of a pair again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn contact_card(wallet: Held<'_>, pair: String, address: bool) -> Answer<ContactCard> {
    wallet.contact_card(&pair, told(address)).await.map_err(shown)
}

/// Saves the card of a pair where the person says. `false` when they close the dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn contact_card_save(app: AppHandle, wallet: Held<'_>, pair: String, address: bool) -> Answer<bool> {
    match window::ask_where_to_save(&app, FILE).await {
        Some(path) => wallet.contact_card_save(&pair, told(address), &path).await.map(|()| true).map_err(shown),
        None => Ok(false),
    }
}

/// Takes in a card: its text, its file, or a picture of its code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn contact_card_read(
    wallet: Held<'_>,
    bytes: Vec<u8>,
    name: Option<String>,
    pair: Option<String>,
) -> Answer<PairView> {
    wallet.read_contact_card(&bytes, name.as_deref(), pair.as_deref()).await.map_err(shown)
}

/// What both owners found when they compared their codes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn contact_compare(wallet: Held<'_>, pair: String, same: bool) -> Answer<PairView> {
    let compared = if same { Compared::Same } else { Compared::Different };
    wallet.compare_contact(&pair, compared).await.map_err(shown)
}
