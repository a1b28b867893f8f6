//! The people in this vault.

use wallet::views::{Relation, Status};

use super::{Answer, Held, shown};

/// Adds a person.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_person(
    wallet: Held<'_>,
    name: String,
    relation: Relation,
    birth_date: Option<String>,
) -> Answer<Status> {
    wallet.add_person(name, relation, birth_date).await.map_err(shown)
}

/// Gives a person another name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_person(wallet: Held<'_>, id: String, name: String) -> Answer<Status> {
    wallet.rename_person(&id, name).await.map_err(shown)
}

/// Shows another person’s record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn select_person(wallet: Held<'_>, id: String) -> Answer<Status> {
    wallet.select_person(&id).await.map_err(shown)
}

/// Erases a person with everything of theirs. `name` is theirs, typed to confirm.
#[tauri::command]
#[specta::specta]
pub(crate) async fn erase_person(wallet: Held<'_>, id: String, name: String) -> Answer<Status> {
    wallet.erase_person(&id, &name).await.map_err(shown)
}
