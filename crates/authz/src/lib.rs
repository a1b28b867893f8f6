//! The owner's authorization server, one for many resource servers: OAuth 2 with PKCE and PAR, SMART App Launch,
//! UMA 2.0 grant and federation, backend services, introspection, revocation.
//!
//! A [`Step`] is one request handled: it reads and changes the [`Ledger`], and answers with a value or a [`Stop`]. The
//! caller brings the instant and a random seed, keeps the ledger's changes in one transaction with the trail, and does
//! what only it can do: bring keys from an address a step asks for ([`Stop::Bring`]), show a request to the owner.
//!
//! No I/O, no clock, no randomness of its own. Nobody but the owner approves: registering, asking and proving who one is
//! make a [`Request`] at most, and [`Step::approve`] is called by the owner's window and command line alone.

mod backend;
mod client;
mod decide;
mod dpop;
mod draw;
mod error;
mod federation;
mod form;
mod jwt;
mod keys;
mod launch;
mod ledger;
mod mandate;
mod metadata;
mod request;
mod setting;
#[cfg(test)]
mod stage;
mod step;
#[cfg(test)]
mod testing;
mod token;
mod uma;

pub use decide::{AskedBack, DecideError, Decided, MAX_MESSAGE, Receipt};
pub use dpop::DpopProof;
pub use draw::Draw;
pub use error::{ErrorCode, OAuthError, Stop, Wanted};
pub use federation::Protector;
pub use form::Form;
pub use keys::Keys;
pub use launch::{AuthorizeStop, Wait, WaitState};
pub use ledger::{
    Answered, AppPassword, Approved, Asked, Brought, Claim, Client, ClientKeys, ClientKind, Code, Contact, Door, Ended,
    Erase, Erasure, Event, Issuer, Ledger, LedgerError, Once, Pct, Permission, Pushed, Request, RequestState, Resource,
    Row, Stored, Table, Ticket, Token, TokenFormat, TokenKind, Upgrade, Where, WhyEnded, proof_text,
};
pub use mandate::{MESSAGE as MANDATES_MESSAGE, News, Standing};
pub use request::{Ask, MAX_A_DAY, MAX_A_DAY_OF_CLIENT, MAX_OPEN, MAX_OPEN_OF_CLIENT, Reading, ReadingError};
pub use setting::Setting;
pub use step::Step;
use step::fingerprint;
pub use token::{Access, Issued, Mint, Presented, Refresh};
pub use uma::{CLAIM_TOKEN_FORMATS, DID_JWT, GatherStop, Gathered, Gathering, ID_TOKEN, UMA_TICKET};
