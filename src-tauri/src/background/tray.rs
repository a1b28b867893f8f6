//! The icon in the tray: the way back to the window, what waits, lock, quit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};

use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};
use wallet::Wallet;
use wallet::words::{Language, fill};

/// The icon, once it is wanted.
pub(super) struct Tray {
    app: AppHandle,
    state: State,
}

enum State {
    NotYet,
    Shown {
        items: Box<Items>,
        said: (Language, Option<usize>),
    },
    /// The system has no way to show one.
    Never,
}

struct Items {
    open: MenuItem<Wry>,
    waiting: MenuItem<Wry>,
    lock: MenuItem<Wry>,
    quit: MenuItem<Wry>,
    /// Gone from the tray when it is dropped.
    _icon: TrayIcon<Wry>,
}

impl Tray {
    pub(super) fn new(app: AppHandle) -> Self {
        Self { app, state: State::NotYet }
    }

    /// Shows how many requests wait, or, with `None`, that it is locked. Whether there is an icon.
    pub(super) fn show(&mut self, language: Language, waiting: Option<usize>) -> bool {
        if let State::NotYet = self.state {
            self.state = match self.made(language, waiting) {
                Some(items) => State::Shown { items: Box::new(items), said: (language, waiting) },
                None => State::Never,
            };
        }
        match &mut self.state {
            State::Shown { items, said } => {
                if *said != (language, waiting) && items.say(language, waiting).is_ok() {
                    *said = (language, waiting);
                }
                true
            }
            State::NotYet | State::Never => false,
        }
    }

    /// Icons are made on the thread of the windows.
    fn made(&self, language: Language, waiting: Option<usize>) -> Option<Items> {
        let (done, made) = mpsc::channel();
        let app = self.app.clone();
        let asked = self.app.run_on_main_thread(move || {
            // The library that draws it on Linux is looked for when it is first used, by code that panics without it.
            let built = catch_unwind(AssertUnwindSafe(|| Items::new(&app, language, waiting)));
            // Nobody waits for it any more when the program ends.
            let _ = done.send(built.ok());
        });
        match asked.ok().and_then(|()| made.recv().ok().flatten()) {
            Some(Ok(items)) => Some(items),
            Some(Err(error)) => {
                tracing::warn!(%error, "there is no icon in the tray");
                None
            }
            None => None,
        }
    }
}

impl Items {
    fn new(app: &AppHandle, language: Language, count: Option<usize>) -> tauri::Result<Self> {
        let item = |id: &str, words: String| MenuItem::with_id(app, id, words, true, None::<&str>);
        let open = item("open", text(language, "open"))?;
        let waiting = item("waiting", waits(language, count))?;
        let lock = item("lock", text(language, "lock"))?;
        let quit = item("quit", text(language, "quit"))?;
        let line = PredefinedMenuItem::separator(app)?;
        let menu = Menu::with_items(app, &[&open, &waiting, &lock, &line, &quit])?;
        let mut builder =
            TrayIconBuilder::with_id("satchel").menu(&menu).tooltip("Satchel").on_menu_event(|app, event| match event
                .id()
                .as_ref()
            {
                "open" => super::open(app),
                "waiting" => {
                    super::open(app);
                    lead_to_sharing(app);
                }
                "lock" => lock_now(app),
                "quit" => app.exit(0),
                _ => {}
            });
        if let Some(icon) = app.default_window_icon() {
            builder = builder.icon(icon.clone());
        }
        Ok(Self { _icon: builder.build(app)?, open, waiting, lock, quit })
    }

    fn say(&self, language: Language, count: Option<usize>) -> tauri::Result<()> {
        self.open.set_text(text(language, "open"))?;
        self.waiting.set_text(waits(language, count))?;
        self.lock.set_text(text(language, "lock"))?;
        self.quit.set_text(text(language, "quit"))
    }
}

fn text(language: Language, key: &str) -> String {
    language.text(&["tray", key]).unwrap_or_default().to_owned()
}

/// "Requests waiting (2)", without a number while it is locked.
fn waits(language: Language, count: Option<usize>) -> String {
    match count {
        Some(count) => fill(&text(language, "waiting"), &[("count".to_owned(), count.to_string())].into()),
        None => text(language, "locked"),
    }
}

fn lead_to_sharing(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else { return };
    if let Err(error) = window.eval("location.hash = '#/sharing'") {
        tracing::warn!(%error, "the window did not go to what waits");
    }
}

fn lock_now(app: &AppHandle) {
    let wallet = Arc::clone(app.state::<Arc<Wallet>>().inner());
    tauri::async_runtime::spawn(async move {
        if let Err(error) = wallet.lock().await {
            tracing::warn!(code = error.code(), "it was not locked");
        }
    });
}
