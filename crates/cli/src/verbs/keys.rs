use wallet::views::DidMethod;

use super::find;
use crate::args::{DidsVerb, MethodChoice};
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// The keys of the person shown.
pub(super) async fn run(session: &Session, verb: DidsVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let meant = |text: String| async move {
        let all = wallet.dids().await?;
        find::one(all, &text).map(|did| did.id)
    };
    let dids = match verb {
        DidsVerb::List => wallet.dids().await?,
        DidsVerb::Make { name, method } => {
            let method = match method {
                MethodChoice::Key => DidMethod::Key,
                MethodChoice::Jwk => DidMethod::Jwk,
            };
            wallet.did_make(name, method).await?
        }
        DidsVerb::Rename { key, name } => wallet.did_rename(&meant(key).await?, name).await?,
        DidsVerb::Rotate { key } => wallet.did_rotate(&meant(key).await?).await?,
        DidsVerb::Retire { key } => wallet.did_retire(&meant(key).await?).await?,
    };
    session.show(&dids, render::dids)
}
