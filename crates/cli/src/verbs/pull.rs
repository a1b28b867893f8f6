use wallet::views::{ConnectionState, KindOutcome, PullStage, PullView};

use super::{find, stoppable};
use crate::args::Pull;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::{LOOK_EVERY, Pulling};
use crate::session::Session;
use crate::shown::Shown;
use crate::{print, render};

/// Looks at a pull that is to stop, at most this often: ten seconds.
const LOOKS_WHILE_STOPPING: u32 = 66;

/// Brings in what is new from one connection, or from all of them.
pub(super) async fn pull(session: &Session, pull: Pull) -> Result<Shown, Failure> {
    session.open().await?;
    if let Some(connection) = pull.connection {
        let connection = find::connection(session, &connection).await?;
        let pulled = follow(session, &connection.id).await?;
        let exit = ending(&pulled);
        return Ok(session.show(&pulled, render::report)?.ending(exit));
    }
    let connections = session.wallet.connections().await?;
    let mut connections: Vec<_> =
        connections.into_iter().filter(|connection| connection.state != ConnectionState::Disconnected).collect();
    if connections.is_empty() {
        return Err(Failure::NoConnection);
    }
    if connections.iter().any(|connection| connection.state == ConnectionState::Ready) {
        // Those that wait for their owner are named by `home`; they hold up nobody else.
        connections.retain(|connection| connection.state == ConnectionState::Ready);
    }
    let mut all = Vec::new();
    let mut exit = Exit::Yes;
    for connection in connections {
        let pulled = follow(session, &connection.id).await?;
        if ending(&pulled) != Exit::Yes {
            exit = Exit::No;
        }
        let stopped = pulled.stage == PullStage::Paused;
        all.push(pulled);
        if stopped {
            break;
        }
    }
    let text =
        |words, all: &Vec<PullView>| all.iter().map(|pull| render::report(words, pull)).collect::<Vec<_>>().join("\n");
    Ok(session.show(&all, text)?.ending(exit))
}

/// Pulls from a connection and follows to the end. Stopped with Ctrl-C, what came stays, and the view says so.
pub(super) async fn follow(session: &Session, connection: &str) -> Result<PullView, Failure> {
    let begun = session.wallet.pull_start(connection).await?;
    followed(session, begun).await
}

/// Follows a pull that was begun.
pub(super) async fn followed(session: &Session, begun: PullView) -> Result<PullView, Failure> {
    let bars = Pulling::new(session.words);
    let followed = stoppable(async {
        let mut pull = begun.clone();
        while is_running(&pull) {
            bars.show(&pull);
            tokio::time::sleep(LOOK_EVERY).await;
            pull = session.wallet.pull_state(&begun.id).await?;
        }
        Ok(pull)
    })
    .await;
    drop(bars);
    match followed {
        Err(Failure::Interrupted) => stop(session, &begun.id).await,
        other => other,
    }
}

async fn stop(session: &Session, id: &str) -> Result<PullView, Failure> {
    print::err(session.words.text("pull.stopping"));
    let mut pull = session.wallet.pull_stop(id).await?;
    for _ in 0..LOOKS_WHILE_STOPPING {
        if !is_running(&pull) {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
        pull = session.wallet.pull_state(id).await?;
    }
    Ok(pull)
}

/// Yes, when every kind came or the system said why not.
pub(super) fn ending(pull: &PullView) -> Exit {
    let whole = pull.stage == PullStage::Done && pull.kinds.iter().all(|kind| kind.outcome != KindOutcome::Failed);
    if whole { Exit::Yes } else { Exit::No }
}

fn is_running(pull: &PullView) -> bool {
    matches!(pull.stage, PullStage::Running | PullStage::Slowed)
}
