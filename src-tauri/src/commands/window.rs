//! What only a window can do.

use std::path::PathBuf;

use tauri::{AppHandle, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use wallet::views::{ErrorView, Whose};

use super::Answer;

/// Prints the page shown, through the system's print dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_page(window: WebviewWindow) -> Answer<()> {
    window.print().map_err(|error| ErrorView {
        code: "window.print".to_owned(),
        whose: Whose::Computer,
        details: std::collections::BTreeMap::new(),
        evidence: error.to_string(),
    })
}

/// Asks with the system's save dialog. `None` when the person closes it.
pub(crate) async fn ask_where_to_save(app: &AppHandle, name: &str) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |path| {
        // The command may have been dropped with its window; then nobody waits for the answer.
        let _ = answer.send(path);
    });
    chosen.await.ok().flatten()?.into_path().ok()
}
