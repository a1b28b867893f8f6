//! Health systems: finding, connecting, bringing in, checking.

use wallet::views::{ConnectionView, DirectoryPage, DisconnectView, DoctorView, LaunchView, PullView};

use super::{Answer, Held, shown};

/// Searches the directory the owner brought in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn directory_search(wallet: Held<'_>, words: String) -> Answer<DirectoryPage> {
    wallet.directory_search(words).await.map_err(shown)
}

/// Brings in a directory (a bundle of User-access Brands).
#[tauri::command]
#[specta::specta]
pub(crate) async fn directory_import(wallet: Held<'_>, name: String, bytes: Vec<u8>) -> Answer<DirectoryPage> {
    wallet.directory_import(name, bytes).await.map_err(shown)
}

/// Begins a launch: reads the system’s configuration and opens the system browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn launch_start(wallet: Held<'_>, address: String, name: Option<String>) -> Answer<LaunchView> {
    wallet.launch_start(address, name).await.map_err(shown)
}

/// Where a launch stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn launch_state(wallet: Held<'_>, id: u32) -> Answer<LaunchView> {
    wallet.launch_state(id).await.map_err(shown)
}

/// Gives a launch up.
#[tauri::command]
#[specta::specta]
pub(crate) async fn launch_cancel(wallet: Held<'_>, id: u32) -> Answer<LaunchView> {
    wallet.launch_cancel(id).await.map_err(shown)
}

/// Opens the browser again for a launch that waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn launch_open_again(wallet: Held<'_>, id: u32) -> Answer<LaunchView> {
    wallet.launch_open_again(id).await.map_err(shown)
}

/// Begins a launch for a connection that needs signing in again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_again(wallet: Held<'_>, connection: String) -> Answer<LaunchView> {
    wallet.sign_in_again(&connection).await.map_err(shown)
}

/// The connections of the person shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connections(wallet: Held<'_>) -> Answer<Vec<ConnectionView>> {
    wallet.connections().await.map_err(shown)
}

/// Gives a connection another name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_connection(wallet: Held<'_>, id: String, name: String) -> Answer<Vec<ConnectionView>> {
    wallet.rename_connection(&id, name).await.map_err(shown)
}

/// Disconnects: tokens are taken back and wiped, what was brought in stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn disconnect(wallet: Held<'_>, connection: String) -> Answer<DisconnectView> {
    wallet.disconnect(&connection).await.map_err(shown)
}

/// Checks an address step by step.
#[tauri::command]
#[specta::specta]
pub(crate) async fn doctor(wallet: Held<'_>, address: String) -> Answer<DoctorView> {
    wallet.doctor(address).await.map_err(shown)
}

/// Begins or resumes a pull.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pull_start(wallet: Held<'_>, connection: String) -> Answer<PullView> {
    wallet.pull_start(&connection).await.map_err(shown)
}

/// Where a pull stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pull_state(wallet: Held<'_>, id: String) -> Answer<PullView> {
    wallet.pull_state(&id).await.map_err(shown)
}

/// Stops a pull; what came stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pull_stop(wallet: Held<'_>, id: String) -> Answer<PullView> {
    wallet.pull_stop(&id).await.map_err(shown)
}

/// The last pull of a connection.
#[tauri::command]
#[specta::specta]
pub(crate) async fn last_pull(wallet: Held<'_>, connection: String) -> Answer<Option<PullView>> {
    wallet.last_pull(&connection).await.map_err(shown)
}
