//! The record of the person shown.

use wallet::views::{DocumentContent, DocumentView, HomeView, ItemView, LabView, RecordPage, RecordQuery};

use super::{Answer, Held, shown, window};

/// The home page.
#[tauri::command]
#[specta::specta]
pub(crate) async fn home(wallet: Held<'_>) -> Answer<HomeView> {
    wallet.home().await.map_err(shown)
}

/// A page of the record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn records(wallet: Held<'_>, query: RecordQuery) -> Answer<RecordPage> {
    wallet.records(query).await.map_err(shown)
}

/// A lab result or vital sign with its history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lab(wallet: Held<'_>, id: String) -> Answer<LabView> {
    wallet.lab(&id).await.map_err(shown)
}

/// Any item in plain words.
#[tauri::command]
#[specta::specta]
pub(crate) async fn item(wallet: Held<'_>, id: String) -> Answer<ItemView> {
    wallet.item(&id).await.map_err(shown)
}

/// A document and its files.
#[tauri::command]
#[specta::specta]
pub(crate) async fn document(wallet: Held<'_>, id: String) -> Answer<DocumentView> {
    wallet.document(&id).await.map_err(shown)
}

/// The bytes of one file, typed by looking at them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn document_content(wallet: Held<'_>, id: String, index: u32) -> Answer<DocumentContent> {
    wallet.document_content(&id, index).await.map_err(shown)
}

/// Saves one file where the person says. `false` when they close the dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn document_save(app: tauri::AppHandle, wallet: Held<'_>, id: String, index: u32) -> Answer<bool> {
    let file = wallet.document_file(&id, index).await.map_err(shown)?;
    match window::ask_where_to_save(&app, &file.name).await {
        Some(path) => wallet.document_save(&id, index, &path).await.map(|()| true).map_err(shown),
        None => Ok(false),
    }
}
