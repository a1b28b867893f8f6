//! What goes on while nobody looks at the window: an icon in the tray, the system's notifications, and a window that is
//! closed and stays, as long as others can reach the wallet and the person can get it back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, CloseRequestApi, Manager, Window};
use wallet::Wallet;
use wallet::views::NewsView;
use wallet::words::Language;

mod host;
mod notice;
mod tray;

use notice::Notice;
use tray::Tray;

/// How often it looks for news.
const EVERY: Duration = Duration::from_secs(3);
/// How long it leaves the machine to the window at first: asking the bus and making an icon would stand beside its first page.
const AT_FIRST: Duration = Duration::from_secs(1);

/// What the shell keeps of it.
#[derive(Default)]
pub(crate) struct Background {
    /// The icon stands in a tray that somebody shows.
    in_tray: AtomicBool,
    /// It was said that the program goes on behind a closed window.
    said: AtomicBool,
}

/// Looks for news from now on, on a thread of its own.
pub(crate) fn start(app: &AppHandle) -> std::io::Result<()> {
    app.manage(Background::default());
    let app = app.clone();
    std::thread::Builder::new().name("background".to_owned()).spawn(move || look_on(&app)).map(drop)
}

fn look_on(app: &AppHandle) {
    let wallet = Arc::clone(app.state::<Arc<Wallet>>().inner());
    let (mut told, mut tray) = (Told::default(), Tray::new(app.clone()));
    std::thread::sleep(AT_FIRST);
    loop {
        // Without a key to the vault there is no news.
        let news = tauri::async_runtime::block_on(wallet.news()).ok();
        let language = language(&wallet);
        let in_tray = host::is_there() && tray.show(language, news.as_ref().map(|news| news.requests.len()));
        app.state::<Background>().in_tray.store(in_tray, Ordering::Relaxed);
        for notice in told.fresh(news) {
            notice::give(notice, language);
        }
        std::thread::sleep(EVERY);
    }
}

/// The person closes the window. While others can reach the wallet it only goes out of sight, if that is wanted and the
/// tray has a way back to it. Else closing is the end, which is said when others are shut out by it.
pub(crate) fn closing(window: &Window, api: &CloseRequestApi) {
    let wallet = window.state::<Arc<Wallet>>();
    if !wallet.service().on {
        return;
    }
    let (state, language) = (window.state::<Background>(), language(&wallet));
    let stays = wallet.kept_look().keep_running && state.in_tray.load(Ordering::Relaxed);
    if stays && window.hide().is_ok() {
        api.prevent_close();
        if !state.said.swap(true, Ordering::Relaxed) {
            notice::give(Notice::StillOpen, language);
        }
    } else {
        notice::give_before_end(Notice::ShutOut, language);
    }
}

/// The window as it is shown again.
pub(crate) fn open(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        // When it does not come to the front there is nothing left to do.
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

fn language(wallet: &Wallet) -> Language {
    let chosen = wallet.kept_look().language;
    if chosen != "system" {
        return Language::of_locale(&chosen);
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    Language::of_locale(&locale)
}

/// What was told already, or lay before the person when they opened the vault.
#[derive(Default)]
struct Told {
    /// `None` while the vault is closed.
    known: Option<BTreeSet<String>>,
    ending: BTreeSet<String>,
}

impl Told {
    /// What is to be told now. What waited when the vault was opened is on the page in front of the person.
    fn fresh(&mut self, news: Option<NewsView>) -> Vec<Notice> {
        let Some(NewsView { requests, answers, ending }) = news else {
            self.known = None;
            return Vec::new();
        };
        let mut out = Vec::new();
        let known = self.known.take();
        let is_new = |id: &String| known.as_ref().is_some_and(|known| !known.contains(id));
        if requests.iter().any(is_new) {
            out.push(Notice::Request);
        }
        if answers.iter().any(is_new) {
            out.push(Notice::Answer);
        }
        if ending.iter().any(|id| !self.ending.contains(id)) {
            out.push(Notice::Ending);
        }
        self.ending.extend(ending);
        self.known = Some(requests.into_iter().chain(answers).collect());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(requests: &[&str], answers: &[&str], ending: &[&str]) -> Option<NewsView> {
        let all = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
        Some(NewsView { requests: all(requests), answers: all(answers), ending: all(ending) })
    }

    #[test]
    fn each_news_is_told_once_and_what_lay_open_at_unlocking_is_not() {
        let mut told = Told::default();
        assert_eq!(told.fresh(None), []);
        assert_eq!(told.fresh(news(&["req_1"], &["con_1"], &[])), [], "the page says it");
        assert_eq!(
            told.fresh(news(&["req_1", "req_2", "req_3"], &["con_1"], &[])),
            [Notice::Request],
            "two at once are told once"
        );
        assert_eq!(told.fresh(news(&["req_1", "req_2", "req_3"], &["con_1"], &[])), []);
        assert_eq!(told.fresh(news(&["req_2"], &["con_2"], &["grt_1"])), [Notice::Answer, Notice::Ending]);
        assert_eq!(told.fresh(None), []);
        assert_eq!(told.fresh(news(&["req_2", "req_9"], &[], &["grt_1"])), [], "locked and opened again");
        assert_eq!(told.fresh(news(&["req_10"], &[], &["grt_1", "grt_2"])), [Notice::Request, Notice::Ending]);
    }
}
