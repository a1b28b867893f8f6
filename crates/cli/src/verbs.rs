//! What each verb does.

mod activity;
mod cards;
mod connect;
mod connections;
mod directory;
mod find;
mod keys;
mod mandates;
mod parties;
mod people;
mod pull;
mod qr_code;
mod record;
mod requests;
mod serve;
mod sharing;
mod show;
mod trail;
mod vault;
mod verify;

use std::future::Future;

use crate::args::{CardsVerb, Verb};
use crate::failure::Failure;
use crate::interrupt;
use crate::session::Session;
use crate::shown::Shown;

/// Does what was asked for.
pub(crate) async fn run(session: &Session, verb: Verb) -> Result<Shown, Failure> {
    match verb {
        // These two stop by themselves, and keep what came.
        Verb::Connect(connect) => connect::connect(session, connect).await,
        Verb::Pull(pull) => pull::pull(session, pull).await,
        Verb::Connections(verb) => connections::run(session, verb).await,
        Verb::Serve(serve) => serve::run(session, serve).await,
        Verb::Mandates(verb) => mandates::run(session, verb).await,
        other => stoppable(plain(session, other)).await,
    }
}

async fn plain(session: &Session, verb: Verb) -> Result<Shown, Failure> {
    match verb {
        Verb::Init(init) => vault::init(session, init).await,
        Verb::Unlock => vault::unlock(session).await,
        Verb::Lock => vault::lock(session).await,
        Verb::Status => vault::status(session).await,
        Verb::Look(change) => vault::look(session, change).await,
        Verb::People(verb) => people::run(session, verb).await,
        Verb::Dids(verb) => keys::run(session, verb).await,
        Verb::List(listing) => record::list(session, listing).await,
        Verb::Search(search) => record::search(session, search).await,
        Verb::Show(show) => show::show(session, show).await,
        Verb::Home => record::home(session).await,
        Verb::Cards(CardsVerb::Verify(check)) => verify::verify(session, check).await,
        Verb::Cards(verb) => cards::run(session, verb).await,
        Verb::Grants(verb) => sharing::grants(session, verb).await,
        Verb::Requests(verb) => requests::run(session, verb).await,
        Verb::Contacts(verb) => parties::contacts(session, verb).await,
        Verb::Clients(verb) => parties::clients(session, verb).await,
        Verb::Issuers(verb) => parties::issuers(session, verb).await,
        Verb::AppPasswords(verb) => parties::app_passwords(session, verb).await,
        Verb::Inbox(verb) => parties::inbox(session, verb).await,
        Verb::Trail(verb) => trail::run(session, verb).await,
        Verb::Fhir(ask) => sharing::fhir(session, ask).await,
        Verb::Directory(verb) => directory::run(session, verb).await,
        Verb::Activity(activity) => activity::run(session, activity).await,
        Verb::Doctor(doctor) => connect::doctor(session, doctor).await,
        Verb::Completions(completions) => Ok(vault::completions(session, &completions)),
        Verb::Connect(_) | Verb::Pull(_) | Verb::Connections(_) | Verb::Serve(_) | Verb::Mandates(_) => {
            Err(Failure::Interrupted)
        }
    }
}

/// Ends early when the person asks to stop; the vault is closed afterwards as always.
pub(crate) async fn stoppable<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        done = work => done,
        asked = interrupt::asked_to_stop() => Err(asked.map_or_else(Failure::System, |()| Failure::Interrupted)),
    }
}
