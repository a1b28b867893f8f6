//! The vault: one encrypted file that holds everything Satchel keeps.
//!
//! The only crate that touches SQLite. The file is a SQLCipher database under a random 256-bit key that the caller
//! brings; what stands in it is one module per table. Nothing here decides, reads a clock or talks to a network:
//! instants and ids are given by the caller. Calls block; the caller runs them where blocking is allowed.
//!
//! **Never mixed.** Every table of a person's record is read through a [`PersonId`](types::PersonId); an id of
//! somebody else's row answers [`VaultError::Unknown`]. The search words of each person lie in a table of their own.
//!
//! **Never lost.** Every write is one transaction, in WAL mode with `synchronous = FULL`. A page of a pull, its
//! counts and the address of the next page are committed together, so a killed pull goes on where it stood; pages that
//! come side by side share a transaction. Three things are only [`Lasting::Logged`]: they outlast this process, and a
//! power cut from the next settled write on. Entries of answers to third parties; what a pull notes about itself; and
//! the files it fetched, until it ends: what is lacking comes again.
//!
//! **Several processes.** The window and the command line may have the vault open at once: SQLite's own locks order
//! their writes, each waits up to [`BUSY_WAIT`] for the other and then answers `InUse`. No transaction here spans
//! more than one call or one [`Writing`], so the wait is one page long at most. What the authorization server knows is
//! read by what is new since a stamp, so that both decide on the same.
//!
//! ```
//! use types::{PersonId, Secret};
//! use vault::{Person, Vault};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("satchel.vault");
//! let key = Secret::new([7; 32]);
//! let mut vault = Vault::create(&path, &key)?;
//! let person = Person {
//!     id: PersonId::from_random([1; 16]),
//!     name: "Ana".into(),
//!     relation: "me".into(),
//!     birth_date: None,
//!     created: "2027-05-03T18:04:00Z".parse()?,
//! };
//! vault.add_person(&person)?;
//! assert_eq!(vault.people()?, [person]);
//! vault.close()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attachments;
mod audit_trail;
mod authority;
mod cards;
mod checkpoints;
mod connections;
mod counts;
mod dids;
mod erase;
mod error;
mod file;
mod filing;
mod inbox;
mod intake;
mod issuers;
mod item_id;
mod items;
mod lapsed;
mod list;
mod mandates;
mod migrations;
mod notes;
mod open;
mod packed;
mod pairs;
mod people;
mod pulls;
mod row;
mod settings;
mod spelling;
mod whole;
mod words;
mod writing;

pub use attachments::{Attachment, AttachmentFacts, FileDraft};
pub use audit_trail::TrailPage;
pub use authority::{AuthorityNews, AuthorityRow, News};
pub use cards::CardRow;
pub use connections::{Connected, Tokens};
pub use counts::{KindCount, SourceCount, StatusCount};
pub use dids::DidRow;
pub use erase::ErasedPerson;
pub use error::{OpenError, VaultError};
pub use inbox::OfferRow;
pub use intake::{Body, ItemDraft, PageDraft, PageResult};
pub use issuers::{IssuerKeys, IssuerList};
pub use items::{Item, ItemRow, ItemVersion};
pub use list::{ListPage, ListQuery};
pub use mandates::MandateRow;
pub use migrations::SCHEMA_VERSION;
pub use notes::Note;
pub use open::{BUSY_WAIT, Vault};
pub use pairs::{PairRow, TheirCard};
pub use people::Person;
pub use pulls::{KindChange, Pull, PullKind};
pub use whole::{Marks, WholeFile, WholeItem, WholeVersion};
pub use writing::{Lasting, Writing};
