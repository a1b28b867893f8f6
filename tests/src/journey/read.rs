use crate::{Desktop, Role};

/// Searches everything for `words`.
///
/// # Panics
/// When nothing is found.
pub async fn search(desktop: &Desktop, words: &str) {
    desktop.press(Role::Link, "Record").await;
    desktop.page("Record").await;
    desktop.scene("3-record").await;
    desktop.fill("Search the whole record", words).await;
    desktop.see("newest first").await;
    desktop.scene("3-search").await;
}

/// Opens the first result that was found, with its range and its course.
///
/// # Panics
/// When there is none, or the page does not compare it with a range.
pub async fn follow_a_result(desktop: &Desktop) {
    desktop.press(Role::Link, "lucose").await;
    desktop.page("lucose").await;
    desktop.see("Where this comes from").await;
    desktop.scene("3-result").await;
}
