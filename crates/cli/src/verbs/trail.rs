use wallet::TrailFormat;

use crate::args::{FormatOfTrail, TrailVerb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// Who asked what, who had what, and when.
pub(super) async fn run(session: &Session, verb: TrailVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    match verb {
        TrailVerb::List { grant, offset, limit } => {
            session.show(&wallet.trail(grant.as_deref(), offset, limit).await?, render::trail_page)
        }
        TrailVerb::Verify => {
            let trail = wallet.verify_trail().await?;
            let exit = if trail.broken_at.is_none() { Exit::Yes } else { Exit::No };
            Ok(session.show(&trail, render::trail)?.ending(exit))
        }
        TrailVerb::Export { format } => {
            let format = match format {
                FormatOfTrail::Ndjson => TrailFormat::Ndjson,
                FormatOfTrail::AuditEvent => TrailFormat::AuditEvent,
            };
            Ok(Shown::document(wallet.export_trail(format).await?))
        }
        TrailVerb::Seen { on } => session.show(&wallet.seen(&on).await?, |words, all| render::seen(words, all)),
    }
}
