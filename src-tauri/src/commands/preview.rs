//! The record as somebody else would see it.

use wallet::views::{DocumentContent, PreviewItem, PreviewPage, PreviewQuery, PreviewView, StaysPage};

use super::{Answer, Held, shown};

/// Holds ready what a grant shows of the record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview(wallet: Held<'_>, grant: String) -> Answer<PreviewView> {
    wallet.preview(grant.as_bytes()).await.map_err(shown)
}

/// A page of what they would see.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_records(wallet: Held<'_>, id: String, query: PreviewQuery) -> Answer<PreviewPage> {
    wallet.preview_records(&id, query).await.map_err(shown)
}

/// One item as they would see it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_item(wallet: Held<'_>, id: String, of: String) -> Answer<PreviewItem> {
    wallet.preview_item(&id, &of).await.map_err(shown)
}

/// The bytes of one file as they would get it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_content(wallet: Held<'_>, id: String, of: String, index: u32) -> Answer<DocumentContent> {
    wallet.preview_content(&id, &of, index).await.map_err(shown)
}

/// A page of what stays with the owner.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_stays(
    wallet: Held<'_>,
    id: String,
    resource_type: Option<String>,
    offset: u32,
    limit: u32,
) -> Answer<StaysPage> {
    wallet.preview_stays(&id, resource_type, offset, limit).await.map_err(shown)
}
