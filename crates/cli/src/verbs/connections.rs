use super::{connect, find, stoppable};
use crate::args::ConnectionsVerb;
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// The connections of the person shown.
pub(super) async fn run(session: &Session, verb: ConnectionsVerb) -> Result<Shown, Failure> {
    session.open().await?;
    if let ConnectionsVerb::SignIn { connection, no_browser, no_pull } = verb {
        if no_browser {
            session.do_without_browser();
        }
        let connection = find::connection(session, &connection).await?;
        return connect::sign_in(session, &connection.id, no_pull).await;
    }
    stoppable(plain(session, verb)).await
}

async fn plain(session: &Session, verb: ConnectionsVerb) -> Result<Shown, Failure> {
    let wallet = &session.wallet;
    match verb {
        ConnectionsVerb::List => session.show(&wallet.connections().await?, render::connections),
        ConnectionsVerb::Rename { connection, name } => {
            let connection = find::connection(session, &connection).await?;
            session.show(&wallet.rename_connection(&connection.id, name).await?, render::connections)
        }
        ConnectionsVerb::Disconnect { connection } => {
            let connection = find::connection(session, &connection).await?;
            session.show(&wallet.disconnect(&connection.id).await?, render::disconnected)
        }
        ConnectionsVerb::Report { connection } => {
            let connection = find::connection(session, &connection).await?;
            let last = wallet.last_pull(&connection.id).await?;
            session.show(&last, |words, last| match last {
                Some(pull) => render::report(words, pull),
                None => words.text("pull.never").to_owned(),
            })
        }
        ConnectionsVerb::SignIn { .. } => Err(Failure::Interrupted),
    }
}
