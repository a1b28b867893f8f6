//! First run, lock and unlock, status, look, completions.

use clap_complete::generate;
use wallet::NewProtection;
use wallet::views::{LockReason, Status};

use crate::args::{Completions, Init, LanguageChoice, LookChange, Switch, ThemeChoice};
use crate::failure::Failure;
use crate::passphrase::{Source, ask};
use crate::session::{Session, aside};
use crate::shown::Shown;
use crate::{render, usage};

/// Makes the wallet.
pub(super) async fn init(session: &Session, init: Init) -> Result<Shown, Failure> {
    let name = match init.name {
        Some(name) => name,
        None => {
            let words = session.words;
            aside(move || Ok(ask(words.text("init.askName"))?)).await?
        }
    };
    let protection = if init.passphrase || session.source != Source::Keyboard {
        NewProtection::Passphrase(session.new_passphrase().await?)
    } else {
        NewProtection::Keychain
    };
    session.wallet.make(name, init.birth_date, protection).await?;
    let status = session.wallet.status().await;
    session.show(&status, |words, status| format!("{}\n{}", words.text("init.done"), render::status(words, status)))
}

/// Opens the wallet again after it was locked everywhere.
pub(super) async fn unlock(session: &Session) -> Result<Shown, Failure> {
    session.unlock().await?;
    let status = session.wallet.status().await;
    session.show(&status, render::status)
}

/// Closes it here and in every window.
pub(super) async fn lock(session: &Session) -> Result<Shown, Failure> {
    session.wallet.lock().await?;
    let status = standing(session).await;
    session.show(&status, render::status)
}

/// Says where it stands; opens nothing.
pub(super) async fn status(session: &Session) -> Result<Shown, Failure> {
    let status = standing(session).await;
    session.show(&status, render::status)
}

/// The status, with the lock of other processes told as the owner's.
async fn standing(session: &Session) -> Status {
    let mut status = session.wallet.status().await;
    if let Some(locked) = status.locked.as_mut().filter(|_| session.wallet.is_locked_everywhere()) {
        locked.reason = LockReason::Asked;
    }
    status
}

/// Shows or changes language, theme and locking. Needs no open vault; an open one notes the change in the trail.
pub(super) async fn look(session: &Session, change: LookChange) -> Result<Shown, Failure> {
    let mut look = session.wallet.status().await.look;
    let before = look.clone();
    if let Some(language) = change.language {
        look.language = match language {
            LanguageChoice::System => "system",
            LanguageChoice::En => "en",
            LanguageChoice::Es => "es",
        }
        .to_owned();
    }
    if let Some(theme) = change.theme {
        look.theme = match theme {
            ThemeChoice::System => "system",
            ThemeChoice::Light => "light",
            ThemeChoice::Dark => "dark",
        }
        .to_owned();
    }
    look.auto_lock_minutes = change.auto_lock.unwrap_or(look.auto_lock_minutes);
    look.single_key_shortcuts = change.shortcuts.map_or(look.single_key_shortcuts, |switch| switch == Switch::On);
    if look != before {
        session.open().await?;
        look = session.wallet.set_look(look).await?.look;
    }
    session.show(&look, render::look)
}

/// The script for a shell.
pub(super) fn completions(session: &Session, wanted: &Completions) -> Shown {
    let mut script = Vec::new();
    generate(wanted.shell, &mut usage::command(session.words), "satchel", &mut script);
    Shown::drawing(String::from_utf8_lossy(&script).into_owned())
}
