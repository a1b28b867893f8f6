//! Consent: what a grant says, and the view it gives of a record.
//!
//! A [`View`] is the grant applied to the record: some resources left out, some changed, and nothing else. It is a pure
//! function of record, grant, instant and the grant's key; whoever answers a third party answers from the view alone and
//! has no path to the record. Exclusions win, silence denies, doubt denies.
//!
//! No I/O, no clock, no storage.

mod grant;
mod record;
mod report;
mod view;

pub use grant::{
    Actions, Choice, CodeFilter, Context, DateRange, Dates, Decision, Grant, Mode, Party, Permit, Proof, Selector,
    Term, What,
};
pub use record::{Item, Record, Version};
pub use report::{Change, LeftOut, NotUnderstood, Report, Review, WhyOut};
pub use view::{Delta, View};
