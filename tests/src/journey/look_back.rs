use crate::{Desktop, Role};

/// Everything that happened is in the trail, and the trail is whole.
///
/// # Panics
/// When it is not.
pub async fn look_back(desktop: &Desktop) {
    desktop.press(Role::Link, "Activity").await;
    desktop.page("Activity").await;
    desktop.see("unbroken").await;
    desktop.scene("10-activity").await;
}

/// Locks, unlocks, closes the window and opens it again.
///
/// # Panics
/// When the record is not there afterwards.
pub async fn take_leave_and_return(desktop: &mut Desktop) {
    desktop.press(Role::Button, "Lock").await;
    desktop.page("Satchel is locked").await;
    desktop.scene("11-locked").await;
    desktop.press(Role::Button, "Unlock").await;
    desktop.page("Activity").await;
    desktop.restart().await;
    desktop.page("Satchel is locked").await;
    desktop.press(Role::Button, "Unlock").await;
    desktop.page("Good").await;
    desktop.see("Your record at a glance").await;
    desktop.scene("11-home").await;
}
