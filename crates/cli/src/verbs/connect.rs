//! Connecting: the browser signs in, this program waits for it to come back.

use serde::Serialize;
use wallet::views::{ConnectionView, DoctorView, LaunchStage, LaunchView, PullView};

use super::{find, pull, stoppable};
use crate::args::{Connect, Doctor, server};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::{LOOK_EVERY, Waiting};
use crate::session::Session;
use crate::shown::Shown;
use crate::{print, render};

/// A new connection, and what came through it.
#[derive(Debug, Serialize)]
struct Connected {
    connection: ConnectionView,
    /// `null` when nothing was to be brought in yet.
    pull: Option<PullView>,
}

/// Connects a health system and brings the record in.
pub(super) async fn connect(session: &Session, connect: Connect) -> Result<Shown, Failure> {
    session.open().await?;
    if connect.no_browser {
        session.do_without_browser();
    }
    let launch = session.wallet.launch_as(server(&connect.address), connect.name, connect.client_id).await?;
    let connection = follow(session, launch).await?;
    and_pull(session, connection, !connect.no_pull).await
}

/// Signs in again to a connection, and brings in what is new.
pub(super) async fn sign_in(session: &Session, id: &str, no_pull: bool) -> Result<Shown, Failure> {
    let launch = session.wallet.sign_in_again(id).await?;
    let connection = follow(session, launch).await?;
    and_pull(session, connection, !no_pull).await
}

/// Checks an address step by step.
pub(super) async fn doctor(session: &Session, doctor: Doctor) -> Result<Shown, Failure> {
    let waiting = Waiting::new(session.words.text("doctor.looking"));
    let found: DoctorView = session.wallet.doctor(server(&doctor.address)).await?;
    drop(waiting);
    let exit = if found.finding.is_none() { Exit::Yes } else { Exit::No };
    Ok(session.show(&found, render::doctor)?.ending(exit))
}

async fn and_pull(session: &Session, connection: String, wanted: bool) -> Result<Shown, Failure> {
    let pulled = if wanted { Some(pull::follow(session, &connection).await?) } else { None };
    let exit = pulled.as_ref().map_or(Exit::Yes, pull::ending);
    let connection = find::connection(session, &connection).await?;
    let done = Connected { connection, pull: pulled };
    let shown = session.show(&done, |words, done| {
        let connected = words.fill("connect.done", &[("name", &done.connection.name), ("id", &done.connection.id)]);
        let report = done.pull.as_ref().map(|pull| render::report(words, pull));
        [connected, report.unwrap_or_default()].join("\n")
    })?;
    Ok(shown.ending(exit))
}

/// Follows a launch to its end and gives the id of the connection. Given up with Ctrl-C, it leaves nothing.
async fn follow(session: &Session, launch: LaunchView) -> Result<String, Failure> {
    let id = launch.id;
    let followed = stoppable(async { wait(session, launch).await }).await;
    if let Err(Failure::Interrupted) = &followed {
        session.wallet.launch_cancel(id).await?;
    }
    followed
}

async fn wait(session: &Session, launch: LaunchView) -> Result<String, Failure> {
    let words = session.words;
    let mut launch = launch;
    let waiting = Waiting::new(&words.fill("connect.discovering", &[("name", &launch.name)]));
    let mut told = false;
    loop {
        match launch.stage {
            LaunchStage::Discovering => {}
            LaunchStage::Waiting if !told => {
                told = true;
                tell(session, &launch, &waiting);
            }
            LaunchStage::Waiting => {}
            LaunchStage::Exchanging => waiting.say(&words.fill("connect.exchanging", &[("name", &launch.name)])),
            LaunchStage::Connected => return launch.connection.ok_or(Failure::Interrupted),
            LaunchStage::Cancelled => return Err(Failure::Interrupted),
            LaunchStage::Failed => return Err(launch.error.map_or(Failure::Interrupted, Failure::Told)),
        }
        tokio::time::sleep(LOOK_EVERY).await;
        launch = session.wallet.launch_state(launch.id).await?;
    }
}

/// Says what is asked for and which page to sign in on; the address stands alone on its line, for copying.
fn tell(session: &Session, launch: &LaunchView, waiting: &Waiting) {
    let words = session.words;
    let kinds: Vec<&str> = launch.asks.iter().map(|kind| words.kind(*kind)).collect();
    let address = launch.authorize_url.as_deref().unwrap_or_default();
    let lead = match session.browser_is_away() {
        true => words.text("connect.openByHand"),
        false => words.text("connect.opened"),
    };
    waiting.pausing(|| {
        print::err(&words.fill("connect.asks", &[("name", &launch.name), ("kinds", &kinds.join(", "))]));
        print::err(lead);
        print::err(address);
    });
    let minutes = words.count("minutes", launch.seconds_left.div_ceil(60));
    waiting.say(&words.fill("connect.waiting", &[("left", &minutes)]));
}
