//! Cards: taken in, listed, saved, removed, checked again.

use std::path::PathBuf;

use serde::Serialize;
use wallet::views::{CardView, CardsAdded, VerdictWord};

use super::{find, qr_code};
use crate::args::{Add, CardsVerb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{Session, aside};
use crate::shown::Shown;
use crate::{input, render};

/// Largest card file that is read; the wallet says of less that it is too large.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// A card as it was given: a file's bytes with its name, or text.
pub(super) enum Given {
    File(String, Vec<u8>),
    Text(String),
}

/// What is done with the cards held.
pub(super) async fn run(session: &Session, verb: CardsVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    match verb {
        CardsVerb::Add(add) => take_in(session, add).await,
        CardsVerb::List { removed } => session.show(&wallet.cards(removed).await?, render::cards),
        CardsVerb::Show { card } => session.show(&held(session, &card).await?, render::card),
        CardsVerb::Qr { card, svg, chunked } => {
            let card = held(session, &card).await?;
            qr_code::draw(session, &id(&card), chunked, svg).await
        }
        CardsVerb::Export { card, file } => {
            let card = held(session, &card).await?;
            let file = input::free(&file)?;
            wallet.card_export(&id(&card), &file).await?;
            session.show(&Exported { card: id(&card), saved: file }, |words, done| {
                words.fill("cards.exported", &[("file", &done.saved.display().to_string())])
            })
        }
        CardsVerb::Remove { card } => {
            let card = held(session, &card).await?;
            let removed = wallet.card_remove(&id(&card)).await?;
            session.show(&removed, |words, card| {
                words.fill("cards.removed", &[("id", card.id.as_deref().unwrap_or_default())])
            })
        }
        CardsVerb::Restore { card } => {
            let card = find::one(wallet.cards(true).await?, &card)?;
            session.show(&wallet.card_restore(&id(&card)).await?, render::card)
        }
        CardsVerb::Fetch { connection } => {
            let connection = find::connection(session, &connection).await?;
            session.show(&wallet.cards_fetch(&connection.id).await?, render::added)
        }
        CardsVerb::Recheck { card: Some(card) } => {
            let card = wallet.card_recheck(&id(&held(session, &card).await?)).await?;
            Ok(session.show(&card, render::card)?.ending(ending(card.verdict.word)))
        }
        CardsVerb::Recheck { card: None } => {
            let mut cards = Vec::new();
            for card in wallet.cards(false).await? {
                cards.push(wallet.card_recheck(&id(&card)).await?);
            }
            Ok(session.show(&cards, render::cards)?.ending(ending(worst(cards.iter().map(|card| card.verdict.word)))))
        }
        CardsVerb::Verify(_) => Err(Failure::Interrupted),
    }
}

/// Where a card was saved.
#[derive(Debug, Serialize)]
struct Exported {
    card: String,
    saved: PathBuf,
}

async fn take_in(session: &Session, add: Add) -> Result<Shown, Failure> {
    let mut all =
        CardsAdded { added: Vec::new(), already: Vec::new(), unreadable: Vec::new(), missing_parts: Vec::new() };
    for given in given(add.inputs).await? {
        let taken = match given {
            Given::File(name, bytes) => session.wallet.card_add_bytes(name, bytes).await,
            Given::Text(text) => session.wallet.card_add_text(text).await,
        };
        match taken {
            Ok(taken) => {
                all.added.extend(taken.added);
                all.already.extend(taken.already);
                all.unreadable.extend(taken.unreadable);
                all.missing_parts = taken.missing_parts;
            }
            // One input that holds no card does not keep the others out; a wallet that fails does.
            Err(error) if error.card_verdict().is_some() => all.unreadable.push(error.view()),
            Err(error) => return Err(error.into()),
        }
    }
    if let ([], [], [error], []) = (&*all.added, &*all.already, &*all.unreadable, &*all.missing_parts) {
        return Err(Failure::Told(error.clone()));
    }
    let whole = all.unreadable.is_empty() && all.missing_parts.is_empty();
    Ok(session.show(&all, render::added)?.ending(if whole { Exit::Yes } else { Exit::No }))
}

/// Reads what was named: files, standard input, or text that is a card itself. Texts are joined, so that the parts of a
/// card may come in any order.
pub(super) async fn given(inputs: Vec<PathBuf>) -> Result<Vec<Given>, Failure> {
    aside(move || {
        let mut texts: Vec<String> = Vec::new();
        let mut out = Vec::new();
        for input in inputs {
            match input.to_str().filter(|text| is_card_text(text)) {
                Some(text) => texts.push(text.to_owned()),
                None => match part(input::read(&input, MAX_BYTES)?) {
                    Ok(text) => texts.push(text),
                    Err(bytes) => out.push(Given::File(input.display().to_string(), bytes)),
                },
            }
        }
        if !texts.is_empty() {
            out.push(Given::Text(texts.join("\n")));
        }
        Ok(out)
    })
    .await
}

/// The text of a file that holds `shc:/` digits, which may be a part of a card; else the bytes as they are.
fn part(bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    let text = String::from_utf8(bytes).map_err(|error| error.into_bytes())?;
    if has_prefix(text.trim_start()) { Ok(text) } else { Err(text.into_bytes()) }
}

fn has_prefix(text: &str) -> bool {
    text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("shc:/"))
}

/// Whether an argument is a card and not the name of a file: `shc:/` digits, a signed text, or JSON.
fn is_card_text(text: &str) -> bool {
    let signed = || text.len() > 64 && text.starts_with("ey") && text.split('.').count() == 3;
    has_prefix(text) || text.trim_start().starts_with('{') || signed()
}

async fn held(session: &Session, text: &str) -> Result<CardView, Failure> {
    find::one(session.wallet.cards(false).await?, text)
}

fn id(card: &CardView) -> String {
    card.id.clone().unwrap_or_default()
}

/// The worst verdict decides: not verified, then cannot tell, then verified.
pub(super) fn worst(words: impl IntoIterator<Item = VerdictWord>) -> VerdictWord {
    words.into_iter().fold(VerdictWord::Verified, |worst, word| match (worst, word) {
        (VerdictWord::NotVerified, _) | (_, VerdictWord::NotVerified) => VerdictWord::NotVerified,
        (_, VerdictWord::CannotTell) => VerdictWord::CannotTell,
        (worst, VerdictWord::Verified) => worst,
    })
}

/// How the program ends for a verdict.
pub(super) fn ending(word: VerdictWord) -> Exit {
    match word {
        VerdictWord::Verified => Exit::Yes,
        VerdictWord::NotVerified => Exit::No,
        VerdictWord::CannotTell => Exit::CannotTell,
    }
}

#[cfg(test)]
mod tests {
    use super::is_card_text;

    #[test]
    fn a_card_is_told_from_the_name_of_a_file() {
        assert!(
            is_card_text("shc:/567629")
                && is_card_text("SHC:/1/3/5676")
                && is_card_text("{\"verifiableCredential\":[]}")
        );
        assert!(is_card_text(&["ey", &"a".repeat(70), ".b.c"].concat()));
        for file in ["card.smart-health-card", "eye.test.png", "-", "./shc:/1", "shc"] {
            assert!(!is_card_text(file), "{file}");
        }
    }
}
