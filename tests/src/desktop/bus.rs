//! What a desktop around the window offers on its bus: a place for notifications and, on some, a tray.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use zbus::blocking::{Connection, Proxy, connection};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};

use crate::root;

/// A desktop that takes notifications and perhaps shows the icons of a tray.
pub struct Bus {
    connection: Connection,
    told: Arc<Mutex<Vec<String>>>,
    icons: Arc<Mutex<Vec<(String, String)>>>,
}

/// How often it is looked again, and how long in between.
const LOOKS: u32 = 120;
const PAUSE: Duration = Duration::from_millis(250);

struct Notifications(Arc<Mutex<Vec<String>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the interface has so many")]
    fn notify(
        &self,
        _app: &str,
        _replaces: u32,
        _icon: &str,
        summary: &str,
        body: &str,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(format!("{summary}{body}{}", actions.join("")));
        u32::try_from(told.len()).unwrap_or(u32::MAX)
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("tests".to_owned(), "Satchel".to_owned(), "1".to_owned(), "1.2".to_owned())
    }
}

struct Watcher(Arc<Mutex<Vec<(String, String)>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, #[zbus(header)] header: Header<'_>, service: &str) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((sender, service.to_owned()));
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let icons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        icons.iter().map(|(sender, path)| format!("{sender}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Bus {
    /// Serves the session at this address.
    ///
    /// # Panics
    /// When the bus refuses.
    #[must_use]
    pub fn serve(address: &str, tray: bool) -> Self {
        let (told, icons) = (Arc::default(), Arc::default());
        let notifications = Notifications(Arc::clone(&told));
        let mut builder = connection::Builder::address(address).expect("the address of the bus is one");
        builder = builder.serve_at("/org/freedesktop/Notifications", notifications).expect("a path");
        builder = builder.name("org.freedesktop.Notifications").expect("a name");
        if tray {
            builder = builder.serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&icons))).expect("a path");
            builder = builder.name("org.kde.StatusNotifierWatcher").expect("a name");
        }
        Self { connection: builder.build().expect("the bus lets us serve"), told, icons }
    }

    /// All notifications so far.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a notification of exactly these words.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn hear(&self, words: &str) {
        for _ in 0..LOOKS {
            if self.told().iter().any(|told| told == words) {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("nobody told “{words}”, but {:?}", self.told());
    }

    /// Waits until the menu of the icon in the tray has an entry of these words; and presses it, if that is wanted.
    ///
    /// # Panics
    /// When there is no such entry.
    pub async fn menu(&self, words: &str, press: bool) {
        let mut seen = Vec::new();
        for _ in 0..LOOKS {
            if let Some((menu, entries)) = self.entries() {
                if let Some((id, _)) = entries.iter().find(|(_, label)| label.replace('_', "") == words) {
                    if press {
                        let nothing = Value::from(0);
                        let _: () = menu.call("Event", &(*id, "clicked", nothing, 0_u32)).expect("the menu is pressed");
                    }
                    return;
                }
                seen = entries;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("the tray has no entry “{words}”, but {seen:?}");
    }

    fn entries(&self) -> Option<(Proxy<'_>, Vec<(i32, String)>)> {
        let (sender, path) = self.icons.lock().unwrap_or_else(PoisonError::into_inner).last()?.clone();
        let icon = Proxy::new(&self.connection, sender.clone(), path, "org.kde.StatusNotifierItem").ok()?;
        let menu: OwnedObjectPath = icon.get_property("Menu").ok()?;
        let menu = Proxy::new(&self.connection, sender, menu, "com.canonical.dbusmenu").ok()?;
        let layout: Layout = menu.call("GetLayout", &(0_i32, -1_i32, Vec::<&str>::new())).ok()?;
        let (_, (_, _, children)) = layout;
        Some((menu, children.into_iter().filter_map(entry).collect()))
    }
}

/// What a menu of the bus says of itself: its revision; id, members and entries of its root.
type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));

fn entry(value: OwnedValue) -> Option<(i32, String)> {
    let structure = Structure::try_from(value).ok()?;
    let fields = structure.into_fields();
    let mut fields = fields.into_iter();
    let id = i32::try_from(fields.next()?).ok()?;
    let members: HashMap<String, OwnedValue> = HashMap::try_from(OwnedValue::try_from(fields.next()?).ok()?).ok()?;
    let label = members.get("label").and_then(|label| String::try_from(label.try_clone().ok()?).ok());
    Some((id, label.unwrap_or_default()))
}

/// Asks the window to close, as the cross in its corner does.
///
/// # Panics
/// When the window is not found.
pub(crate) fn close_window(display: &str) {
    let script: &Path = &root().join("tests/browser/close-window.py");
    let closed = Command::new("/usr/bin/python3").arg(script).arg("Satchel").env("DISPLAY", display).status();
    assert!(closed.is_ok_and(|status| status.success()), "the window could not be asked to close");
}
