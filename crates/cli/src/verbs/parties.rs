//! Whom the owner knows and trusts, which programs registered, and what comes from them.

use std::io::IsTerminal;
use std::path::PathBuf;

use serde_json::json;
use wallet::views::{PairState, PairView};
use wallet::{Compared, ServerAddress};

use super::find;
use crate::args::{AppPasswordsVerb, ClientsVerb, ComparedChoice, ContactsVerb, InboxVerb, IssuersVerb};
use crate::failure::Failure;
use crate::input;
use crate::render;
use crate::session::{Session, aside};
use crate::shown::Shown;

/// Largest file that is read as a contact card: it may be a picture of its code.
const MAX_CARD: u64 = 8 << 20;

/// People and organizations the owner knows.
pub(super) async fn contacts(session: &Session, verb: ContactsVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let meant = |text: String| async move { find::one(wallet.contacts().await?, &text).map(|contact| contact.id) };
    let verb = match verb {
        ContactsVerb::Card { name, without_address, out, qr } => {
            let address = if without_address { ServerAddress::Kept } else { ServerAddress::Told };
            return contact_card(session, &name, address, out, qr).await;
        }
        ContactsVerb::Read { file, name, answers } => {
            let card = super::sharing::file(&file, MAX_CARD).await?;
            let pair = wallet.read_contact_card(&card, name.as_deref(), answers.as_deref()).await?;
            return session.show(&vec![pair], |words, all| render::pair_read(words, all));
        }
        ContactsVerb::Cards => {
            return session.show(&wallet.pairs().await?, |words, all| render::pairs(words, all));
        }
        ContactsVerb::Compare { card, result } => {
            let id = find::one(wallet.pairs().await?, &card)?.id;
            let compared = match result {
                ComparedChoice::Same => Compared::Same,
                ComparedChoice::Different => Compared::Different,
            };
            let pair = wallet.compare_contact(&id, compared).await?;
            return session.show(&vec![pair], |words, all| render::pairs(words, all));
        }
        other => other,
    };
    let all = match verb {
        ContactsVerb::Card { .. } | ContactsVerb::Read { .. } | ContactsVerb::Cards | ContactsVerb::Compare { .. } => {
            Vec::new()
        }
        ContactsVerb::List => wallet.contacts().await?,
        ContactsVerb::Add { name, proof } => vec![wallet.add_contact(&name, proof).await?],
        ContactsVerb::Remove { contact } => wallet.remove_contact(&meant(contact).await?).await?,
        ContactsVerb::Block { contact } => wallet.block_contact(&meant(contact).await?).await?,
    };
    session.show(&all, |words, all| render::contacts(words, all))
}

/// A card to give away: made, or written again for a card that was made before.
async fn contact_card(
    session: &Session,
    name: &str,
    address: ServerAddress,
    out: Option<PathBuf>,
    qr: bool,
) -> Result<Shown, Failure> {
    let wallet = &session.wallet;
    let known = match name.starts_with("par_") {
        true => Some(name.to_owned()),
        false => unmet(wallet.pairs().await?, name),
    };
    let made = match known {
        Some(id) => wallet.contact_card(&id, address).await?,
        None => wallet.make_contact_card(name, address).await?,
    };
    let file = out.as_ref().map(|path| path.display().to_string());
    if let Some(path) = out {
        let bytes = format!("{}\n", made.card).into_bytes();
        aside(move || Ok(input::write_new(&path, &bytes)?)).await?;
    }
    if session.wants_json() {
        return Shown::json(&made);
    }
    Ok(match (qr, file) {
        (true, _) => Shown::drawing(crate::qr::drawn(&made.qr, std::io::stdout().is_terminal())),
        (false, Some(file)) => Shown::text(session.words.fill("pairs.written", &[("file", &file)])),
        (false, None) => Shown::document(made.card),
    })
}

/// The one card that was exchanged under this name and not compared yet: it is written again, or given in answer to
/// theirs, so that nobody ends up with two.
fn unmet(pairs: Vec<PairView>, name: &str) -> Option<String> {
    let open = |pair: &PairView| matches!(pair.state, PairState::Waiting | PairState::ToCompare);
    let mut named = pairs.into_iter().filter(|pair| pair.name == name && open(pair));
    let one = named.next()?;
    named.next().is_none().then_some(one.id)
}

/// Programs that registered.
pub(super) async fn clients(session: &Session, verb: ClientsVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let meant = |text: String| async move { find::one(wallet.clients().await?, &text).map(|client| client.id) };
    let all = match verb {
        ClientsVerb::List => wallet.clients().await?,
        ClientsVerb::Show { client } => vec![wallet.client(&meant(client).await?).await?],
        ClientsVerb::Block { client } => wallet.block_client(&meant(client).await?).await?,
        ClientsVerb::Remove { client } => wallet.remove_client(&meant(client).await?).await?,
    };
    session.show(&all, |words, all| render::clients(words, all))
}

/// Whom the owner trusts to say who somebody is.
pub(super) async fn issuers(session: &Session, verb: IssuersVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let all = match verb {
        IssuersVerb::List => wallet.trusted_issuers().await?,
        IssuersVerb::Add { issuer, name } => wallet.trust_issuer(&issuer, &name).await?,
        IssuersVerb::Remove { issuer } => wallet.distrust_issuer(&issuer).await?,
    };
    session.show(&all, |words, all| render::issuers(words, all))
}

/// Passwords of the owner's own tools.
pub(super) async fn app_passwords(session: &Session, verb: AppPasswordsVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let all = match verb {
        AppPasswordsVerb::List => wallet.app_passwords().await?,
        AppPasswordsVerb::Add { name, grant } => {
            let (made, password) = wallet.make_app_password(&name, grant.as_deref()).await?;
            if session.wants_json() {
                return Shown::json(&json!({ "made": made, "password": password.expose() }));
            }
            let said = [("user", made.id.as_str()), ("password", password.expose())];
            return Ok(Shown::text(session.words.fill("appPasswords.made", &said)));
        }
        AppPasswordsVerb::Remove { password } => {
            let id = find::one(wallet.app_passwords().await?, &password)?.id;
            wallet.remove_app_password(&id).await?
        }
    };
    session.show(&all, |words, all| render::app_passwords(words, all))
}

/// What others want to have in the record.
pub(super) async fn inbox(session: &Session, verb: InboxVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let all = match verb {
        InboxVerb::List => wallet.inbox().await?,
        InboxVerb::Accept { id } => wallet.accept_offer(&id).await?,
        InboxVerb::Discard { id } => wallet.discard_offer(&id).await?,
    };
    session.show(&all, |words, all| render::inbox(words, all))
}
