//! The demo health ecosystem: invented people, an authorization server, two FHIR servers, cards, a directory, and
//! faults on demand. A program of its own, never linked into the wallet.
//!
//! Everything listens on 127.0.0.1 and holds nothing about anyone. Keys are made from the seed, so that what was issued
//! yesterday still verifies today; they guard invented data and nothing else.
//!
//! ```no_run
//! # async fn example() -> Result<(), sandbox::StartError> {
//! let running = sandbox::Sandbox::start(sandbox::Options::new(jiff::civil::date(2026, 11, 20))).await?;
//! println!("{}", running.addresses.valley);
//! running.fault(sandbox::Setting::parse("too-many=1*2").expect("a fault of the list"));
//! running.stop().await;
//! # Ok(())
//! # }
//! ```

mod authority;
mod cards;
mod clock;
mod console;
mod directory;
mod faults;
mod health;
mod legacy;
mod neighbours;
mod page;
pub mod people;
mod reply;
mod running;
mod scope;
mod store;
mod world;

pub use faults::{FAULTS, Fault, NoSuchFault, Setting};
pub use running::{Options, Ready, Running, Sandbox, StartError};
pub use store::foreign::LoadError;
pub use world::{Addresses, Choice, Login};
