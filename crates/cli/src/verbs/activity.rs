use crate::args::Activity;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// What happened here; or whether the trail of it is whole.
pub(super) async fn run(session: &Session, activity: Activity) -> Result<Shown, Failure> {
    session.open().await?;
    if activity.verify {
        let trail = session.wallet.verify_trail().await?;
        let exit = if trail.broken_at.is_none() { Exit::Yes } else { Exit::No };
        return Ok(session.show(&trail, render::trail)?.ending(exit));
    }
    let page = session.wallet.activity(activity.offset, activity.limit).await?;
    session.show(&page, render::activity)
}
