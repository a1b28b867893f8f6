use wallet::{Approval, Until};

use super::find;
use super::sharing::{MAX_GRANT, file};
use crate::args::RequestsVerb;
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// What others ask, and what the owner decides.
pub(super) async fn run(session: &Session, verb: RequestsVerb) -> Result<Shown, Failure> {
    let wallet = &session.wallet;
    match verb {
        RequestsVerb::List => {
            session.open().await?;
            session.show(&wallet.requests().await?, |words, all| render::requests(words, all))
        }
        RequestsVerb::Show { request } => {
            session.open().await?;
            session.show(&wallet.request(&request).await?, render::request)
        }
        RequestsVerb::Approve { request, grant, days, endless, person, without, signed_tokens } => {
            let grant = match grant {
                Some(path) => Some(file(&path, MAX_GRANT).await?),
                None => None,
            };
            session.open().await?;
            let person = match person {
                Some(text) => Some(find::one(wallet.status().await.people, &text)?.id),
                None => None,
            };
            let until = match (days, endless) {
                (Some(days), _) => Until::Days(days),
                (None, true) => Until::Ended,
                (None, false) => Until::Usual,
            };
            let approval = Approval { grant, person, until, without, signed_tokens };
            session.show(&wallet.approve(&request, approval).await?, render::share)
        }
        RequestsVerb::AskBack { request, text } => {
            session.open().await?;
            session.show(&wallet.ask_back(&request, text.trim()).await?, render::request)
        }
        RequestsVerb::Refuse { request } => {
            session.open().await?;
            session.show(&wallet.refuse(&request).await?, render::request)
        }
    }
}
