use wallet::views::{Kind, RecordQuery};

use super::find;
use crate::args::{Filters, Listing, Search};
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// Lists the record.
pub(super) async fn list(session: &Session, listing: Listing) -> Result<Shown, Failure> {
    page(session, listing.words, listing.kind.map(|kind| kind.0), listing.filters).await
}

/// Searches the record.
pub(super) async fn search(session: &Session, search: Search) -> Result<Shown, Failure> {
    page(session, search.words.join(" "), search.kind.map(|kind| kind.0), search.filters).await
}

/// The home page.
pub(super) async fn home(session: &Session) -> Result<Shown, Failure> {
    session.open().await?;
    session.show(&session.wallet.home().await?, render::home)
}

async fn page(session: &Session, words: String, kind: Option<Kind>, filters: Filters) -> Result<Shown, Failure> {
    session.open().await?;
    let source = match filters.source {
        Some(source) => Some(find::connection(session, &source).await?.id),
        None => None,
    };
    let query = RecordQuery {
        words,
        kind,
        source,
        from: filters.from,
        to: filters.to,
        newest_of_each: filters.newest_of_each,
        offset: filters.offset,
        limit: filters.limit,
    };
    session.show(&session.wallet.records(query).await?, render::record)
}
