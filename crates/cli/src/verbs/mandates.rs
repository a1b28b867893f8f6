//! Mandates: given to contacts, taken from them, brought in under, let go.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use wallet::MandateFrom;
use wallet::views::{HeldMandateView, Mandate, MandateStart, MandateState};

use super::pull::ending;
use super::{find, pull, sharing, stoppable};
use crate::args::MandatesVerb;
use crate::failure::Failure;
use crate::session::{Session, aside};
use crate::shown::Shown;
use crate::{input, render};

/// Largest file that is read as a mandate: it may be a picture of its code.
const MAX_MANDATE: u64 = 8 << 20;

pub(super) async fn run(session: &Session, verb: MandatesVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let held = match verb {
        MandatesVerb::Give { contact, until, except, only, purpose, out } => {
            let contact = find::one(wallet.contacts().await?, &contact)?.id;
            let (start, topics) = match only.is_empty() {
                true => (MandateStart::Except, except),
                false => (MandateStart::Only, only),
            };
            let mandate = Mandate { start, topics, until, purpose };
            let considered = wallet.mandate_consider(&contact, mandate).await?;
            let share = wallet.mandate_give(&contact, considered.grant.into_bytes(), None).await?;
            return written(session, &share.id, out).await;
        }
        MandatesVerb::Write { grant, out } => return written(session, &grant, out).await,
        MandatesVerb::Pull { mandate } => {
            let begun = wallet.mandate_pull(&id(session, &mandate).await?).await?;
            let pulled = pull::followed(session, begun).await?;
            let exit = ending(&pulled);
            return Ok(session.show(&pulled, render::report)?.ending(exit));
        }
        MandatesVerb::List => wallet.mandates().await?,
        MandatesVerb::Check => stoppable(async { Ok(wallet.mandates_check().await?) }).await?,
        MandatesVerb::Take { file, from, person } => {
            let person = find::one(wallet.status().await.people, &person)?.id;
            let from = match (file, from) {
                (Some(path), _) => MandateFrom::Text(sharing::file(&path, MAX_MANDATE).await?),
                (None, from) => {
                    MandateFrom::Contact(find::one(wallet.contacts().await?, &from.unwrap_or_default())?.id)
                }
            };
            vec![stoppable(async { Ok(wallet.mandate_take(from, &person).await?) }).await?]
        }
        MandatesVerb::Ask { contact, address, person, wait } => {
            let contact = find::one(wallet.contacts().await?, &contact)?.id;
            let person = find::one(wallet.status().await.people, &person)?.id;
            stoppable(async {
                let asked = wallet.mandate_ask(&contact, address.as_deref(), &person).await?;
                Ok(vec![if wait { decided(session, asked).await? } else { asked }])
            })
            .await?
        }
        MandatesVerb::Look { mandate } => vec![wallet.mandate_look(&id(session, &mandate).await?).await?],
        MandatesVerb::Erase { mandate } => vec![wallet.mandate_erase(&id(session, &mandate).await?).await?],
        MandatesVerb::Keep { mandate } => vec![wallet.mandate_keep(&id(session, &mandate).await?).await?],
    };
    session.show(&held, |words, held| render::mandates(words, held))
}

/// By id, or by the beginning of it, or by the name of its giver when there is one alone.
async fn id(session: &Session, text: &str) -> Result<String, Failure> {
    Ok(find::one(session.wallet.mandates().await?, text)?.id)
}

/// Looks as often as the other side says, until it has decided.
async fn decided(session: &Session, mut asked: HeldMandateView) -> Result<HeldMandateView, Failure> {
    while asked.state == MandateState::Asking {
        tokio::time::sleep(Duration::from_secs(u64::from(asked.interval) + 1)).await;
        asked = session.wallet.mandate_look(&asked.id).await?;
    }
    Ok(asked)
}

/// The credential of a grant, to a file or to standard output.
async fn written(session: &Session, grant: &str, out: Option<PathBuf>) -> Result<Shown, Failure> {
    let mandate = session.wallet.mandate_credential(grant).await?;
    let file = out.as_ref().map(|path| path.display().to_string());
    if let Some(path) = out {
        let bytes = format!("{mandate}\n").into_bytes();
        aside(move || Ok(input::write_new(&path, &bytes)?)).await?;
    }
    match (session.wants_json(), file) {
        (true, _) => Shown::json(&json!({ "grant": grant, "mandate": mandate })),
        (false, Some(file)) => {
            Ok(Shown::text(session.words.fill("mandates.written", &[("file", &file), ("grant", grant)])))
        }
        (false, None) => Ok(Shown::document(mandate)),
    }
}
