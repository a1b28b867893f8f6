use std::collections::BTreeSet;
use std::time::Duration;

use wallet::views::RequestStanding;
use wallet::{Beyond, ServiceSetting};

use crate::args::Serve;
use crate::failure::Failure;
use crate::session::Session;
use crate::shown::Shown;
use crate::{interrupt, print, render};

/// How often it is looked what waits for the owner.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Opens the door, says where it is and what comes, and closes it when the person stops it or the vault is locked.
pub(super) async fn run(session: &Session, serve: Serve) -> Result<Shown, Failure> {
    session.open().await?;
    let beyond = match (serve.address, serve.tls_cert, serve.tls_key) {
        (Some(address), Some(certificate), Some(key)) => Some(Beyond { address, certificate, key }),
        _ => None,
    };
    let setting = ServiceSetting { port: serve.port, beyond, public: serve.public_url };
    let opened = session.wallet.open_service(setting).await?;
    // Said at once: who started this waits for the address, and standard output stays for the end.
    if session.wants_json() {
        let line = serde_json::to_string(&opened).map_err(|error| Failure::Output(error.into()))?;
        print::out(&line).map_err(Failure::Output)?;
    } else {
        print::err(&render::service(session.words, &opened));
    }
    let ended = tokio::select! {
        asked = interrupt::asked_to_stop() => asked.map_err(Failure::System),
        over = watch(session) => over,
    };
    let closed = session.wallet.close_service().await;
    ended?;
    let closed = closed?;
    if session.wants_json() {
        let line = serde_json::to_string(&closed).map_err(|error| Failure::Output(error.into()))?;
        return Ok(Shown::document(line));
    }
    session.show(&closed, render::service)
}

/// Says what comes in; returns when the vault is locked.
async fn watch(session: &Session) -> Result<(), Failure> {
    let mut told = BTreeSet::new();
    loop {
        // Serving is what the owner asked for: it is no idleness.
        session.wallet.touch();
        for request in session.wallet.requests().await? {
            if request.standing == RequestStanding::Asked && told.insert(request.id.clone()) && !session.wants_json() {
                let name = request.contact.map_or(request.client.name, |contact| contact.name);
                print::err(&session.words.fill("serve.asked", &[("name", &name), ("id", &request.id)]));
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
