//! Whether somebody shows the icons of a tray.

/// On Linux a host says on the session bus that it is there (StatusNotifierItem, "StatusNotifierWatcher"). Not every
/// desktop has one; a window that is hidden without it would be lost. Blocks; not on a thread of the async runtime.
#[cfg(target_os = "linux")]
pub(super) fn is_there() -> bool {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let watcher = zbus::blocking::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER)?;
        watcher.get_property("IsStatusNotifierHostRegistered")
    };
    asked().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_there() -> bool {
    true
}
