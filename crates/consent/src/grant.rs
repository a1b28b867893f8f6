use jiff::Timestamp;
use jiff::civil::Date;
use types::{Actions, Context, GrantId};

mod file;
mod selector;

pub use file::{GRANT_VERSION, GrantError, MAX_GRANT_BYTES, MAX_PARTS};
pub(crate) use file::{WireDeidentified, WireMode, WirePermit, purpose};
pub use selector::{MAX_VALUES, SelectorError};
pub(crate) use selector::{WireSelector, given, is_plain, is_resource, is_type, whole_day};

/// What an owner approved: who, what, how, why, until when. The words on the screen, the details of a token, the FHIR
/// `Consent` and the view all come from this one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which grant.
    pub id: GrantId,
    /// Who may.
    pub who: Party,
    /// What of the record, and what may be done with it.
    pub what: What,
    /// How much doubt hides.
    pub mode: Mode,
    /// Set: the view is de-identified.
    pub deidentified: Option<Dates>,
    /// Codes of HL7 v3 PurposeOfUse, such as `CAREMGT`.
    pub purposes: Vec<Box<str>>,
    /// From when, until when, how often.
    pub term: Term,
    /// What the owner decided about single findings of the review list.
    pub decisions: Vec<Decision>,
    /// Words that go from free text where a topic is excluded: names of the drugs that were hidden when the owner
    /// approved, and the owner's own. Nothing else is searched for, so that a drug that comes or goes behind the view
    /// changes no text in it; see [`Grant::with_words`].
    pub words: Vec<Box<str>>,
}

impl Grant {
    /// The owner's own: everything, to read and to search, without end.
    pub fn everything(id: GrantId) -> Self {
        let permit = Permit { context: Context::Patient, actions: Actions::READ, select: Selector::default() };
        Self {
            id,
            who: Party { name: "owner".to_owned(), proof: Proof::Owner },
            what: What { permits: vec![permit], exclusions: Vec::new() },
            mode: Mode::default(),
            deidentified: None,
            purposes: Vec::new(),
            term: Term { start: None, end: None, uses: None },
            decisions: Vec::new(),
            words: Vec::new(),
        }
    }

    /// The same grant with these words too, each once and in order: [`View::words`](crate::View::words) of the record,
    /// when the owner approves, and again whenever [`View::unheard`](crate::View::unheard) names any. Words are added and
    /// never taken back, so that a drug that leaves the record does not come back in a note.
    ///
    /// # Errors
    /// [`GrantError`] where the grant would have more words, or be longer, than one that can be read.
    pub fn with_words<'w>(mut self, words: impl IntoIterator<Item = &'w str>) -> Result<Self, GrantError> {
        self.words.extend(words.into_iter().map(Box::from));
        self.words.sort_unstable();
        self.words.dedup();
        file::fits(&self)?;
        Ok(self)
    }
}

/// A person or an organization that the owner knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What the owner calls them.
    pub name: String,
    /// What they prove themselves with.
    pub proof: Proof,
}

/// What binds a [`Party`] to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The owner's own window and command line.
    Owner,
    /// A DID that signs.
    Did(String),
    /// An `id_token` of this issuer with this subject.
    IdToken {
        /// `iss`.
        issuer: String,
        /// `sub`.
        subject: String,
    },
    /// A verifiable credential of this type by this issuer.
    Credential {
        /// Its type.
        kind: String,
        /// Who issued it.
        issuer: String,
    },
    /// A client registered under this id, with its key.
    Client(String),
}

/// Permits and exclusions. Exclusions win; what no permit names is not in the view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct What {
    /// Each adds to the view.
    pub permits: Vec<Permit>,
    /// Each takes from it, whatever the permits say.
    pub exclusions: Vec<Selector>,
}

/// Some part of the record, and what may be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// `patient/`, `user/` or `system/`.
    pub context: Context,
    /// What may be done. `u` and `d` are never granted by this wallet; they are kept so that a scope reads back as it
    /// was asked.
    pub actions: Actions,
    /// Which part.
    pub select: Selector,
}

impl Permit {
    /// Whether it lets anything be seen. One that only lets entries be put in shows none that are there: a count, a chain
    /// or an include would tell of them.
    pub(crate) fn shows(&self) -> bool {
        self.actions.read || self.actions.search
    }
}

/// A part of a record. All members that are set must hold (and); of the values of one member any (or). Nothing set:
/// everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// Resource types.
    pub types: Vec<Box<str>>,
    /// A FHIR search query, such as `category=laboratory`: the constraint of a SMART v2 scope.
    pub query: Option<String>,
    /// Codes anywhere in the resource.
    pub codes: Vec<CodeFilter>,
    /// Canonical addresses of value sets that the wallet knows.
    pub value_sets: Vec<String>,
    /// Topics, by the id of the topic rules.
    pub topics: Vec<Box<str>>,
    /// Codes of security labels, from the source or computed.
    pub labels: Vec<Box<str>>,
    /// Whole days in the owner's time zone. A date that may lie outside is outside.
    pub dates: Option<DateRange>,
    /// Sources, by the id that [`Item::source`](crate::Item::source) bears.
    pub sources: Vec<Box<str>>,
    /// Single resources, `Type/id` of the record.
    pub resources: Vec<Box<str>>,
    /// Element paths, such as `Patient.address` or `note`. In a permit: these, and what FHIR makes mandatory. In an
    /// exclusion: these elements go, the resource stays.
    pub elements: Vec<Box<str>>,
}

/// A code, or every code of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFilter {
    /// Code system.
    pub system: Box<str>,
    /// `None`: any code of the system.
    pub code: Option<Box<str>>,
}

/// From the first day to the last, both whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// How much doubt hides under an exclusion by topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Hints hide too.
    Strict,
    /// Definite and likely rules hide; hints go to the review list.
    #[default]
    Usual,
    /// Definite rules only.
    Loose,
}

/// What becomes of dates in a de-identified view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// The year: HIPAA Safe Harbor.
    Year,
    /// Shifted by one secret number of days. Not Safe Harbor, and tagged so.
    Shifted,
}

/// When a grant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Not before.
    pub start: Option<Timestamp>,
    /// Not from here on.
    pub end: Option<Timestamp>,
    /// Number of answers with data.
    pub uses: Option<u32>,
}

impl Term {
    /// Whether a grant holds at this instant. How often it was used is for whoever counts it.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= now) && self.end.is_none_or(|end| now < end)
    }
}

/// What the owner decided about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// `Type/id` of the record.
    pub resource: Box<str>,
    /// JSON pointer of the element in the version it was decided for; empty for the whole resource.
    pub place: Box<str>,
    /// What to do.
    pub choice: Choice,
}

/// The three choices of the review list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It stays as it is.
    Keep,
    /// The element goes.
    TakeOut,
    /// The whole resource goes.
    LeaveOut,
}
