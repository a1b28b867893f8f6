use std::error::Error;

use authz::{News, OAuthError, Presented, Step, Wanted};
use jiff::Timestamp;
use search::{Request, Response};
use thiserror::Error;

/// What the server needs of the wallet. The server itself holds no ledger, no view and no key.
pub trait Owner: Send + Sync + 'static {
    /// Takes a step of the authorization server: on the ledger as it is now, its changes and the trail kept in one
    /// transaction, whatever the step answers. A request that now waits for the owner is seen in those changes.
    fn step<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Step<'_>) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, OwnerError>> + Send;

    /// Fetches a document that a step needs and puts it into the ledger, or that it could not be had.
    fn bring(&self, wanted: Wanted) -> impl Future<Output = Result<(), OwnerError>> + Send;

    /// Answers a FHIR request of whoever presented this: from token to grant, from grant to view, from view to answer.
    /// Rights are judged here, of a batch entry by entry. The entry of the trail is kept before the answer is given back,
    /// also of a refusal; without it there is no answer.
    fn answer(
        &self,
        presented: Presented,
        request: Request,
    ) -> impl Future<Output = Result<Response, AnswerError>> + Send;

    /// Puts a resource that somebody wants to create into the owner's inbox, when what was presented allows it. Nothing
    /// of it is in the record until the owner accepts it.
    fn offered(&self, presented: Presented, offer: Offer) -> impl Future<Output = Result<(), AnswerError>> + Send;

    /// Takes a step of an export, for a client that acts for itself. Lines come from the view of what was presented, and
    /// the entry of the trail is kept before they are given back.
    fn export(
        &self,
        presented: Presented,
        export: Export,
    ) -> impl Future<Output = Result<Exported, AnswerError>> + Send;

    /// Signs the news for a holder of mandates with the key that the holder knows the owner by, and puts each mandate
    /// that holds along. `None` when the owner never compared that holder's key.
    fn vouch(&self, news: News) -> impl Future<Output = Result<Option<String>, OwnerError>> + Send;
}

/// A step of an export (Bulk Data Access 2.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Export {
    /// Kick-off.
    Begin {
        /// Of what.
        of: ExportOf,
        /// `_type`; `None`: all that may be had.
        types: Option<Vec<String>>,
        /// `_since`.
        since: Option<Timestamp>,
        /// The whole address that was asked, for the manifest.
        request: String,
    },
    /// What there is to fetch.
    Manifest {
        /// Which export.
        id: String,
    },
    /// One file.
    File {
        /// Which export.
        id: String,
        /// Which file of it.
        name: String,
    },
    /// It is not needed any more.
    End {
        /// Which export.
        id: String,
    },
}

/// Which part of the view is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportOf {
    /// All of it (`$export`).
    Everything,
    /// What belongs to the patients in it (`Patient/$export`).
    Patients,
    /// What belongs to the patients that this Group of the view names (`Group/[id]/$export`).
    Group(String),
}

/// What came of a step of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// It can be asked for under this id.
    Begun {
        /// Names it; cannot be guessed.
        id: String,
    },
    /// What there is to fetch.
    Manifest(Manifest),
    /// NDJSON.
    File(Vec<u8>),
    /// It is gone.
    Ended,
    /// This client has no such export, or it is over.
    Unknown,
    /// It has too many at once.
    TooMany,
}

/// What there is to fetch of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// As of when the files tell.
    pub at: Timestamp,
    /// Until when they can be fetched.
    pub until: Timestamp,
    /// The address it began with.
    pub request: String,
    /// The files.
    pub files: Vec<ExportFile>,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name in the export.
    pub name: String,
    /// Of which type its lines are.
    pub resource_type: String,
    /// How many lines there are.
    pub count: usize,
}

/// A resource that somebody wants to create.
#[derive(Debug)]
pub struct Offer {
    /// The type in the address, one of R4's.
    pub resource_type: String,
    /// The resource: a JSON object of that type, within the server's limits of size and depth.
    pub json: Vec<u8>,
}

/// Why a FHIR request was not answered.
#[derive(Debug, Error)]
pub enum AnswerError {
    /// What was presented opens nothing (`invalid_token`, 401), or not enough (`insufficient_scope`, 403).
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// The wallet could not.
    #[error(transparent)]
    Owner(#[from] OwnerError),
}

/// Why the wallet could not do what the server asked.
#[derive(Debug, Error)]
pub enum OwnerError {
    /// It is locked: nothing can be read until the owner unlocks it.
    #[error("the wallet is locked")]
    Locked,
    /// It has too much to do at once.
    #[error("the wallet is busy")]
    Busy,
    /// It failed; nothing was answered and nothing half kept.
    #[error("the wallet failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}
