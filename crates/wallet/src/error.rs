use std::collections::BTreeMap;
use std::error::Error as StdError;

use thiserror::Error;
use types::Whose;

use crate::directory::DirectoryError;
use crate::documents::DocumentError;
use crate::launch::LaunchError;
use crate::mandates::MandateError;
use crate::pairs::MeetError;
use crate::pull::PullError;
use crate::service::ServiceError;
use crate::views::{self, ErrorView, KeychainFault};

mod codes;

pub use codes::CODES;

/// Why a call of the wallet failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WalletError {
    /// There is no vault yet.
    #[error("there is no vault yet")]
    Absent,
    /// There is a vault already.
    #[error("there is a vault already")]
    AlreadyMade,
    /// The vault is locked.
    #[error("the vault is locked")]
    Locked,
    /// The passphrase was wrong too often; it can be tried again after some seconds.
    #[error("the passphrase must not be tried yet")]
    Wait {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The call was interrupted: the program is closing, or a part of it failed.
    #[error("the call was interrupted")]
    Interrupted,
    /// What the person gave cannot be used.
    #[error("the input cannot be used")]
    Input(#[from] InputError),
    /// The key store.
    #[error("the key store failed")]
    Keychain(#[from] keychain::KeychainError),
    /// The vault did not open.
    #[error("the vault did not open")]
    Open(#[from] vault::OpenError),
    /// The vault failed.
    #[error("the vault failed")]
    Vault(#[from] vault::VaultError),
    /// A file beside the vault.
    #[error("a file cannot be read or written")]
    Disk(#[source] std::io::Error),
    /// No random bytes.
    #[error("the system gave no random bytes")]
    Random(#[from] crypto::RandomError),
    /// The network.
    #[error("the network failed")]
    Fetch(#[from] fetch::FetchError),
    /// A directory file.
    #[error("the directory was not taken in")]
    Directory(#[from] DirectoryError),
    /// A document.
    #[error("the document cannot be shown")]
    Document(#[from] DocumentError),
    /// A launch.
    #[error("the launch failed")]
    Launch(#[from] LaunchError),
    /// A pull.
    #[error("the pull failed")]
    Pull(#[from] PullError),
    /// A card that cannot be read.
    #[error("the card cannot be read")]
    Card(#[from] credentials::ReadError),
    /// A QR code that cannot be drawn.
    #[error("the code cannot be drawn")]
    Qr(#[from] credentials::qr::DrawError),
    /// A DID that cannot be made.
    #[error("the key cannot be named")]
    Did(#[from] did::MakeError),
    /// A grant that is not fully understood.
    #[error("the grant cannot be used")]
    Grant(#[from] consent::GrantError),
    /// A decision that does not take place.
    #[error("the decision does not take place")]
    Decide(#[from] authz::DecideError),
    /// What a third party asks cannot be read.
    #[error("what is asked cannot be read")]
    Reading(#[from] authz::ReadingError),
    /// The authorization server's own rows.
    #[error("the authorization server's rows cannot be read")]
    Ledger(#[from] authz::LedgerError),
    /// The door that others come through.
    #[error("the server was not opened")]
    Service(#[from] ServiceError),
    /// A contact card.
    #[error("the contact was not taken in")]
    Meet(#[from] MeetError),
    /// A mandate.
    #[error("the mandate cannot be used")]
    Mandate(#[from] MandateError),
    /// An answer of our own, made from a view.
    #[error("an answer of our own cannot be read")]
    Answer(#[source] serde_json::Error),
    /// The topic rules, which ship with the program.
    #[error("the topic rules cannot be read")]
    Rules(#[from] consent::RulesError),
}

/// What a person gave that cannot be used.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum InputError {
    /// No name.
    #[error("the name is empty")]
    NameEmpty,
    /// Too long, or with characters that are no letters.
    #[error("the name is too long")]
    NameTooLong,
    /// Not a day of the calendar.
    #[error("this is not a date")]
    NotADate,
    /// A passphrase of fewer than twelve characters.
    #[error("the passphrase is too short")]
    PassphraseTooShort,
    /// No passphrase where one is needed.
    #[error("the passphrase is missing")]
    PassphraseMissing,
    /// An id of nothing here.
    #[error("there is no such entry")]
    UnknownId,
    /// A choice that is not offered.
    #[error("this choice is not offered")]
    NotOffered,
    /// Not a proof of who somebody is.
    #[error("this does not prove who somebody is")]
    NotAProof,
    /// The owner, whom the wallet cannot be without.
    #[error("the owner cannot be erased")]
    Owner,
    /// Another name than the one to be confirmed.
    #[error("this is another name")]
    OtherName,
    /// Not a resource that can be taken in.
    #[error("this is not a resource")]
    NotAResource,
    /// Not an address of a server.
    #[error("this is not the address of a server")]
    Address(#[source] types::ServerUrlError),
}

impl WalletError {
    /// The code of the texts in the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent => "vault.absent",
            Self::AlreadyMade => "vault.alreadyMade",
            Self::Locked => "vault.locked",
            Self::Wait { .. } => "passphrase.wait",
            Self::Interrupted | Self::Answer(_) => "interrupted",
            Self::Input(error) => error.code(),
            Self::Keychain(error) => keychain_code(error),
            Self::Open(error) => open_code(error),
            Self::Vault(error) => vault_code(error),
            Self::Disk(_) => "disk.failed",
            Self::Random(_) => "random",
            Self::Fetch(error) => error.code(),
            Self::Directory(DirectoryError::TooLarge) => "directory.tooLarge",
            Self::Directory(DirectoryError::NotADirectory) => "directory.notADirectory",
            Self::Directory(DirectoryError::Empty) => "directory.empty",
            Self::Document(DocumentError::NotHere) => "document.notHere",
            Self::Document(DocumentError::NoSuchFile) => "document.noSuchFile",
            Self::Launch(error) => error.code(),
            Self::Pull(error) => error.code(),
            Self::Card(error) => error.code(),
            Self::Qr(_) => "card.qrTooLarge",
            Self::Did(_) => "did.failed",
            Self::Grant(error) => grant_code(error),
            Self::Decide(error) => decide_code(*error),
            Self::Reading(_) => "request.unread",
            Self::Ledger(_) => "vault.damaged",
            Self::Service(ServiceError::Running) => "service.running",
            Self::Service(ServiceError::Start(server::StartError::Listen(_))) => "service.port",
            Self::Service(_) => "service.setting",
            Self::Rules(_) => "grant.rules",
            Self::Meet(error) => error.code(),
            Self::Mandate(error) => error.code(),
        }
    }

    /// Who erred.
    pub fn whose(&self) -> Whose {
        match self {
            Self::Absent
            | Self::AlreadyMade
            | Self::Locked
            | Self::Wait { .. }
            | Self::Input(_)
            | Self::Grant(_)
            | Self::Decide(_)
            | Self::Service(_) => Whose::You,
            Self::Interrupted | Self::Answer(_) | Self::Did(_) | Self::Qr(_) | Self::Rules(_) => Whose::Us,
            Self::Keychain(_) | Self::Open(_) | Self::Vault(_) | Self::Disk(_) | Self::Random(_) | Self::Ledger(_) => {
                Whose::Computer
            }
            Self::Fetch(error) => error.whose(),
            Self::Directory(_) | Self::Document(_) | Self::Card(_) | Self::Reading(_) => Whose::Them,
            Self::Launch(error) => error.whose(),
            Self::Pull(error) => error.whose(),
            Self::Meet(error) => error.whose(),
            Self::Mandate(error) => error.whose(),
        }
    }

    /// The error as a person is told of it.
    pub fn view(&self) -> ErrorView {
        let mut evidence = self.to_string();
        let mut cause = self.source();
        while let Some(below) = cause {
            let text = below.to_string();
            if !evidence.ends_with(&text) {
                evidence.push_str(": ");
                evidence.push_str(&text);
            }
            cause = below.source();
        }
        ErrorView { code: self.code().to_owned(), whose: self.whose().into(), details: self.details(), evidence }
    }

    fn details(&self) -> BTreeMap<String, String> {
        match self {
            Self::Wait { seconds } => BTreeMap::from([("seconds".to_owned(), seconds.to_string())]),
            Self::Fetch(error) | Self::Pull(PullError::Alone(error)) => {
                error.host().map(|host| ("host".to_owned(), host.to_owned())).into_iter().collect()
            }
            Self::Launch(error) => error.details(),
            Self::Mandate(MandateError::Protocol { code }) => BTreeMap::from([("code".to_owned(), code.clone())]),
            _ => BTreeMap::new(),
        }
    }

    /// The fault of the key store behind this error, when it is one.
    pub(crate) fn fault(&self) -> Option<KeychainFault> {
        match self {
            Self::Keychain(error) => fault(error),
            _ => None,
        }
    }
}

impl From<Whose> for views::Whose {
    fn from(whose: Whose) -> Self {
        match whose {
            Whose::Us => Self::Us,
            Whose::Them => Self::Them,
            Whose::You => Self::You,
            Whose::Computer => Self::Computer,
            Whose::Unknown => Self::Unknown,
        }
    }
}

fn fault(error: &keychain::KeychainError) -> Option<KeychainFault> {
    use keychain::KeychainError as E;
    match error {
        E::Missing | E::Timeout => Some(KeychainFault::Missing),
        E::Locked => Some(KeychainFault::Locked),
        E::Refused => Some(KeychainFault::Refused),
        E::NoEntry => Some(KeychainFault::KeyGone),
        _ => None,
    }
}

fn open_code(error: &vault::OpenError) -> &'static str {
    use vault::OpenError as E;
    match error {
        E::Absent => "vault.gone",
        E::Present => "vault.alreadyMade",
        E::WrongKey => "vault.wrongKey",
        E::Damaged => "vault.damaged",
        E::Newer { .. } => "vault.newer",
        E::InUse => "vault.inUse",
        E::DiskFull => "disk.full",
        E::Disk(_) => "disk.failed",
        E::Random(_) => "random",
        _ => "vault.failed",
    }
}

fn keychain_code(error: &keychain::KeychainError) -> &'static str {
    use keychain::KeychainError as E;
    match error {
        E::Missing => "keychain.missing",
        E::Locked => "keychain.locked",
        E::Refused => "keychain.refused",
        E::NoEntry => "keychain.noEntry",
        E::Timeout => "keychain.timeout",
        E::PassphraseWrong => "keychain.passphraseWrong",
        E::RolledBack => "keychain.rolledBack",
        E::Newer => "vault.newer",
        E::Disk(_) => "keychain.disk",
        _ => "keychain.damaged",
    }
}

fn vault_code(error: &vault::VaultError) -> &'static str {
    use vault::VaultError as E;
    match error {
        E::Unknown => "id.unknown",
        E::InUse => "vault.inUse",
        E::DiskFull => "disk.full",
        E::Damaged(_) => "vault.damaged",
        _ => "vault.failed",
    }
}

fn grant_code(error: &consent::GrantError) -> &'static str {
    use consent::GrantError as E;
    match error {
        E::TooLarge | E::TooManyParts => "grant.tooLarge",
        E::Version => "grant.version",
        E::Selector(_) => "grant.selector",
        E::Term => "grant.term",
        _ => "grant.form",
    }
}

fn decide_code(error: authz::DecideError) -> &'static str {
    use authz::DecideError as E;
    match error {
        E::NoRequest | E::NoGrant => "id.unknown",
        E::Decided => "request.decided",
        E::TooOld => "request.tooOld",
        E::Client => "request.client",
        E::Unread => "request.unread",
        E::Wider => "request.wider",
        E::Party => "request.party",
        E::Contact => "request.contact",
        E::Grant => "grant.term",
        E::Ended => "grant.ended",
        E::Holds => "grant.holds",
        E::Signature => "grant.signature",
        E::Message => "request.message",
    }
}

impl InputError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameEmpty => "name.empty",
            Self::NameTooLong => "name.tooLong",
            Self::NotADate => "date.notADate",
            Self::PassphraseTooShort => "passphrase.tooShort",
            Self::PassphraseMissing => "passphrase.missing",
            Self::UnknownId => "id.unknown",
            Self::NotOffered => "choice.notOffered",
            Self::NotAProof => "contact.notAProof",
            Self::Owner => "person.owner",
            Self::OtherName => "person.otherName",
            Self::NotAResource => "inbox.notAResource",
            Self::Address(types::ServerUrlError::NotAnAddress) => "address.notAnAddress",
            Self::Address(types::ServerUrlError::NotHttps) => "address.notHttps",
            Self::Address(_) => "address.extra",
        }
    }
}
