//! The view: what a grant shows of a record.
//!
//! # What a change of something hidden can change
//!
//! Under one grant, at one instant, nothing of the view but what follows. Nothing is shown because of something hidden:
//! what a permit finds only through a reference stands only while the other end is in the view. Texts are searched for
//! the words of the grant and no others ([`Grant::words`]), and a reference is cut alike whether its end is hidden or was
//! never there. Only by these rules can something hidden take away more, each of which is there to hide it well:
//!
//! - A topic is excluded and its rule looks through a reference: a note by the kind of its visit or author
//!   (psychotherapy-notes-008), a panel by its members (substance-use-027 to -032), a visit by its place, a result by its
//!   report (labs-006). Days are excluded or permitted and a specimen dates the result.
//! - With a panel that is excluded go the members that nothing else shows (topics.md §2.2).
//! - With a visit that a topic hides go its notes, and old versions of notes that belonged to it (topics.md §2.3).
//! - De-identification keeps out whatever names the person or their kin, from `Patient` and `RelatedPerson` resources,
//!   shown or not; it holds back everything where one of these is found in what was to stay.
//!
//! When a grant learns the name of a newly hidden drug ([`Grant::with_words`]) it is another grant: the wallet does that,
//! and it can only take words out of texts.

mod around;
mod entry;
mod everything;
mod facts;
mod form;
mod kinds;
mod make;
mod many;
mod names;
mod query;
mod reference;
mod referrers;
mod rows;
mod select;
mod shape;
mod solve;
mod steady;
mod survey;
mod told;
mod update;
mod versions;
mod words;
mod workings;

use std::collections::BTreeSet;
use std::fmt;

pub(crate) use kinds::comes_along;
pub use kinds::needs_its_name;
pub use survey::{Survey, Surveyed};

use fhir::Held;
use jiff::Timestamp;
use types::Secret;

use crate::{Counts, Grant, Record, Report, Rules};
use update::differences;
use workings::{Terms, Workings};

/// A grant applied to a record. Whoever holds what it [holds](View::held) can answer from it, and can learn nothing else.
///
/// ```
/// # use consent::*;
/// # use types::{GrantId, Secret};
/// let json = |text: &str| Version { received: jiff::Timestamp::UNIX_EPOCH, json: text.into() };
/// let item = |of: &str, id: &str, text: &str| Item {
///     resource_type: of.into(), id: id.into(), source: "con_1".into(), seed: [0; 16], versions: vec![json(text)],
/// };
/// let record = Record { patients: vec!["p".into()], zone: jiff::tz::TimeZone::UTC, items: vec![
///     item("Condition", "c", r#"{"resourceType":"Condition","id":"c","code":{"text":"Knee pain"},
///         "subject":{"reference":"Patient/p"}, "encounter":{"reference":"Encounter/e"}}"#),
///     item("Encounter", "e", r#"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"}}"#),
/// ]};
/// let select = Selector { types: vec!["Condition".into()], ..Selector::default() };
/// let grant = Grant {
///     id: GrantId::from_random([1; 16]),
///     who: Party { name: "Dr Lee".into(), proof: Proof::Did("did:key:z6Mk".into()) },
///     what: What { permits: vec![Permit { context: Context::Patient, actions: Actions::READ, select }], exclusions: vec![] },
///     mode: Mode::Usual, deidentified: None, purposes: vec![],
///     term: Term { start: None, end: None, uses: None }, decisions: vec![], words: vec![],
/// };
/// let key = ViewKey::new(Secret::new([7; 32]));
/// let view = View::build(&record, &grant, &Rules::builtin()?, jiff::Timestamp::UNIX_EPOCH, &key);
/// assert_eq!(view.held().len(), 1);
/// assert!(!view.held()[0].current().unwrap().json.contains("Encounter/e"));
/// # Ok::<(), RulesError>(())
/// ```
#[derive(Clone, Default)]
pub struct View {
    held: Vec<Held>,
    workings: Workings,
}

/// Never prints what it remembers: that names what is hidden.
impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

/// What the pseudonyms and dates of one grant's view are made from: drawn when the grant is approved, kept with it.
#[derive(Debug)]
pub struct ViewKey(Secret<[u8; 32]>);

impl ViewKey {
    /// From bytes that were drawn for this grant and nothing else.
    pub fn new(bytes: Secret<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

/// How a view differs from what it was before a change of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delta {
    /// New, or changed.
    Put(Held),
    /// No longer in the view.
    Removed {
        /// Resource type.
        resource_type: Box<str>,
        /// Id in the view.
        id: Box<str>,
    },
}

impl View {
    /// Applies a grant to a record. A grant that does not hold at `now` shows nothing.
    pub fn build(record: &Record, grant: &Grant, rules: &Rules, now: Timestamp, key: &ViewKey) -> Self {
        let terms = Terms { record, grant, rules, now, key };
        if !terms.hold() {
            return Self::default();
        }
        if terms.are_everything() {
            return Self { held: everything::held(record), workings: Workings::all(terms) };
        }
        let (workings, held) = Workings::build(terms);
        Self { held, workings }
    }

    /// Follows a change of the record; `changed` are the resources (`Type/id` of the record) that are new, different or
    /// gone in it. The view is then what [`View::build`] would give. Returns how it differs from before.
    pub fn update(
        &mut self,
        changed: &[&str],
        record: &Record,
        grant: &Grant,
        rules: &Rules,
        now: Timestamp,
        key: &ViewKey,
    ) -> Vec<Delta> {
        let terms = Terms { record, grant, rules, now, key };
        if self.can_follow(terms) {
            return self.follow(terms, changed);
        }
        let before = std::mem::replace(self, Self::build(record, grant, rules, now, key));
        differences(&before.held, &self.held)
    }

    /// What is in it, by type and id.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// The words of the grant, and the names of the drugs that are hidden now, in order: what
    /// [`Grant::with_words`] takes in when the owner approves.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let known = self.workings.words.iter().map(|word| &**word);
        known.chain(words::hidden(&self.workings.entries)).collect::<BTreeSet<&str>>().into_iter()
    }

    /// Names of drugs that are hidden now and that the grant does not have among its words: the texts of this view were
    /// not searched for them. Where there are any, the wallet gives [`View::words`] to [`Grant::with_words`] and
    /// [updates](View::update) the view before it answers from it.
    pub fn unheard(&self) -> impl Iterator<Item = &str> {
        let heard = |word: &&str| self.workings.words.contains(*word);
        words::hidden(&self.workings.entries).filter(move |word| !heard(word)).collect::<BTreeSet<&str>>().into_iter()
    }

    /// What became of the record, in numbers, for the owner.
    pub fn counts(&self) -> Counts {
        told::counts(&self.workings, &self.held, None)
    }

    /// What became of the record, for the owner. It names what was left out and never leaves.
    pub fn report(&self) -> Report {
        told::report(&self.workings, &self.held)
    }
}
