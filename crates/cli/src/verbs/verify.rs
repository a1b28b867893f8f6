//! Checking a card without keeping it: with keys from a file, as of a moment, with no vault and no network.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use wallet::views::{CardView, ErrorView, VerdictView, VerdictWord};
use wallet::{OfflineCheck, OfflineKeys, WalletError};

use super::cards::{Given, ending, given};
use crate::args::Verify;
use crate::failure::Failure;
use crate::input::{self, FileError};
use crate::render;
use crate::session::{Session, aside};
use crate::shown::Shown;
use crate::words::Words;

/// Largest key file and list of withdrawn cards.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What came of checking.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    /// The worst of all: not verified, then cannot tell, then verified.
    word: VerdictWord,
    /// The cards, each with its verdict.
    cards: Vec<CardView>,
    /// What is not a card, or not a whole one.
    unreadable: Vec<Unreadable>,
}

/// Something that could not be read as a card.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Unreadable {
    /// What that means.
    verdict: VerdictView,
    /// Why.
    error: ErrorView,
}

/// Checks every card in what was named.
pub(super) async fn verify(session: &Session, check: Verify) -> Result<Shown, Failure> {
    let fetch = check.fetch;
    if fetch {
        session.open().await?;
    }
    let inputs = given(check.inputs.clone()).await?;
    let keys = aside(move || Ok(keys(&check)?)).await?;
    let mut checked = Checked { word: VerdictWord::Verified, cards: Vec::new(), unreadable: Vec::new() };
    for input in inputs {
        let found = match (fetch, input) {
            (true, Given::File(name, bytes)) => whole(session.wallet.check_card_bytes(name, bytes).await),
            (true, Given::Text(text)) => whole(session.wallet.check_card_text(text).await),
            (false, Given::File(_, bytes)) => keys.check(&bytes),
            (false, Given::Text(text)) => keys.check(text.as_bytes()),
        };
        match found {
            Ok(found) => {
                checked.cards.extend(found.cards);
                found.unreadable.into_iter().try_for_each(|error| checked.cannot_read(error))?;
            }
            Err(error) => checked.cannot_read(error)?,
        }
    }
    checked.word = checked.worst();
    let exit = ending(checked.word);
    Ok(session.show(&checked, text)?.ending(exit))
}

impl Checked {
    /// An error about the card is a verdict on it; any other ends the check.
    fn cannot_read(&mut self, error: WalletError) -> Result<(), Failure> {
        let Some(verdict) = error.card_verdict() else { return Err(error.into()) };
        self.unreadable.push(Unreadable { verdict, error: error.view() });
        Ok(())
    }

    fn worst(&self) -> VerdictWord {
        let read = self.cards.iter().map(|card| card.verdict.word);
        super::cards::worst(read.chain(self.unreadable.iter().map(|one| one.verdict.word)))
    }
}

fn whole(cards: Result<Vec<CardView>, WalletError>) -> Result<OfflineCheck, WalletError> {
    cards.map(|cards| OfflineCheck { cards, unreadable: Vec::new() })
}

fn keys(check: &Verify) -> Result<OfflineKeys, FileError> {
    let mut keys = OfflineKeys::at(check.at);
    let kind = |path: &Path| FileError::WrongKind(path.to_owned());
    if let Some(path) = &check.issuer_keys {
        let jwks = input::read(path, MAX_BYTES)?;
        keys = keys.with_keys(&jwks, check.issuer.clone()).map_err(|_| kind(path))?;
    }
    for path in &check.crl {
        let list = input::read(path, MAX_BYTES)?;
        keys = keys.with_list(&list, dated(path)).map_err(|_| kind(path))?;
    }
    Ok(keys)
}

/// The date of a list is that of its file; of one from standard input, now.
fn dated(path: &Path) -> Timestamp {
    let changed = path.metadata().and_then(|about| about.modified());
    changed.ok().and_then(|at| Timestamp::try_from(at).ok()).unwrap_or_else(Timestamp::now)
}

fn text(words: Words, checked: &Checked) -> String {
    let mut out: Vec<String> = checked.cards.iter().map(|card| render::card(words, card)).collect();
    out.extend(checked.unreadable.iter().map(|one| render::unreadable(words, &one.verdict, &one.error)));
    out.join("\n")
}
