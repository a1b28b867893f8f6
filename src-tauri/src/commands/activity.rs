//! The trail.

use wallet::views::{ActivityPage, TrailState};

use super::{Answer, Held, shown};

/// A page of the trail, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn activity(wallet: Held<'_>, offset: u32, limit: u32) -> Answer<ActivityPage> {
    wallet.activity(offset, limit).await.map_err(shown)
}

/// Checks the whole chain.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_trail(wallet: Held<'_>) -> Answer<TrailState> {
    wallet.verify_trail().await.map_err(shown)
}
