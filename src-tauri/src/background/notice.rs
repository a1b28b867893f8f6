//! The system's notifications. They can be read on a locked screen: no health, nobody's name, and no button.

use std::sync::mpsc;
use std::time::Duration;

use wallet::words::Language;

/// How long the end waits for the system to take the last one.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// A request came in.
    Request,
    /// Something needs the person's answer.
    Answer,
    /// A share ends within a week.
    Ending,
    /// The window is closed and the program goes on.
    StillOpen,
    /// The window is closed, and nobody can reach the wallet.
    ShutOut,
}

impl Notice {
    fn key(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
            Self::Ending => "ending",
            Self::StillOpen => "stillOpen",
            Self::ShutOut => "shutOut",
        }
    }

    /// Its words.
    fn words(self, language: Language) -> &'static str {
        language.text(&["notices", self.key()]).unwrap_or_default()
    }
}

/// Gives it to the system, which may take its time.
pub(super) fn give(notice: Notice, language: Language) {
    let words = notice.words(language);
    if let Err(error) = std::thread::Builder::new().name("notice".to_owned()).spawn(move || show(words)) {
        tracing::warn!(%error, "a notification was not given");
    }
}

/// Gives it to the system and waits until it is taken, for a while: the program ends after it.
pub(super) fn give_before_end(notice: Notice, language: Language) {
    let words = notice.words(language);
    let (taken, wait) = mpsc::channel();
    let spawned = std::thread::Builder::new().name("notice".to_owned()).spawn(move || {
        show(words);
        // Whoever waited may have lost patience.
        let _ = taken.send(());
    });
    if spawned.is_ok() {
        let _ = wait.recv_timeout(PATIENCE);
    }
}

fn show(words: &str) {
    let mut note = notify_rust::Notification::new();
    note.appname("Satchel").summary(words).icon("satchel-desktop");
    #[cfg(target_os = "windows")]
    note.app_id("app.satchel.desktop");
    // A computer without a place for notifications is a usual one; the pages have the same news.
    if let Err(error) = note.show() {
        tracing::debug!(%error, "the system took no notification");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Notice; 5] = [Notice::Request, Notice::Answer, Notice::Ending, Notice::StillOpen, Notice::ShutOut];

    #[test]
    fn each_has_its_words_in_both_languages_and_none_has_a_place_for_a_name() {
        for notice in ALL {
            for language in [Language::English, Language::Spanish] {
                let words = notice.words(language);
                assert!(!words.is_empty() && !words.contains('{'), "{notice:?} {language:?}: {words}");
            }
        }
        assert_eq!(Notice::Request.words(Language::English), "A request is waiting in Satchel");
    }
}
