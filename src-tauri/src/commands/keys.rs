//! The holder’s keys.

use wallet::views::{DidMethod, DidView};

use super::{Answer, Held, shown};

/// The DIDs of the person shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dids(wallet: Held<'_>) -> Answer<Vec<DidView>> {
    wallet.dids().await.map_err(shown)
}

/// Makes a DID.
#[tauri::command]
#[specta::specta]
pub(crate) async fn did_make(wallet: Held<'_>, name: String, method: DidMethod) -> Answer<Vec<DidView>> {
    wallet.did_make(name, method).await.map_err(shown)
}

/// Gives a DID another name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn did_rename(wallet: Held<'_>, id: String, name: String) -> Answer<Vec<DidView>> {
    wallet.did_rename(&id, name).await.map_err(shown)
}

/// Replaces a DID by a new one of the same method and name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn did_rotate(wallet: Held<'_>, id: String) -> Answer<Vec<DidView>> {
    wallet.did_rotate(&id).await.map_err(shown)
}

/// Retires a DID: its key is destroyed, its name stays in the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn did_retire(wallet: Held<'_>, id: String) -> Answer<Vec<DidView>> {
    wallet.did_retire(&id).await.map_err(shown)
}
