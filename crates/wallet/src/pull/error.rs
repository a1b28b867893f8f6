use fetch::FetchError;
use thiserror::Error;
use types::Whose;

/// Why a pull, or one kind of it, did not go to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PullError {
    /// There is no leave any more: the owner must sign in again.
    #[error("the connection needs signing in again")]
    SignIn,
    /// The token was not renewed.
    #[error("the token was not renewed")]
    Refresh(#[source] smart::RefreshError),
    /// The owner stopped it.
    #[error("the pull was stopped")]
    Stopped,
    /// The system's answer, after all patience.
    #[error("the system does not give it")]
    GaveUp(#[source] smart::plan::GiveUp),
    /// What came is not a page.
    #[error("the answer is not a page of a search")]
    Page(#[source] fhir::PageError),
    /// The next page lies elsewhere, or is one that came before.
    #[error("the next page cannot be followed")]
    NextLink(#[source] smart::plan::NextLinkError),
    /// One question has no answer that can be read; others have theirs.
    #[error("the answer does not arrive")]
    Alone(#[source] FetchError),
    /// An answer to a read that is not the resource asked for.
    #[error("the answer is not the resource that was asked for")]
    NotTheResource,
}

impl PullError {
    /// The code of the texts in the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "pull.signIn",
            Self::Refresh(error) => error.code(),
            Self::Stopped => "pull.stopped",
            Self::GaveUp(why) => why.code(),
            Self::Page(fhir::PageError::NotJson) => "pull.notJson",
            Self::Page(_) => "pull.notABundle",
            Self::NextLink(error) => error.code(),
            Self::Alone(error) => error.code(),
            Self::NotTheResource => "pull.notTheResource",
        }
    }

    /// Who erred.
    pub fn whose(&self) -> Whose {
        match self {
            Self::SignIn | Self::Stopped => Whose::You,
            Self::Refresh(error) => error.whose(),
            Self::GaveUp(why) => why.whose(),
            Self::Alone(error) => error.whose(),
            _ => Whose::Them,
        }
    }
}
