//! Random grants: what is permitted, what is excluded, in what mode.

use consent::{
    Actions, CodeFilter, Context, DateRange, Dates, Grant, Mode, Party, Permit, Proof, Record, Selector, Term, What,
};
use jiff::civil::date;
use types::GrantId;

use super::dice::Dice;
use super::shapes::{CODES, SHAPES};

const TOPICS: &[&str] = &[
    "medications",
    "psychotherapy-notes",
    "mental-health",
    "substance-use",
    "hiv",
    "sexual-reproductive",
    "labs",
    "billing",
    "documents",
    "genetic",
];

pub fn grant(dice: &mut Dice, record: &Record) -> Grant {
    let mut permits: Vec<Permit> = (0..1 + dice.below(3)).map(|_| permit(dice, record)).collect();
    if dice.once_in(2) {
        permits.push(permitted(Selector::default(), Context::Patient));
    }
    let exclusions = (0..dice.below(3)).map(|_| exclusion(dice, record)).collect();
    grant_of(
        What { permits, exclusions },
        *dice.pick(&[Mode::Strict, Mode::Usual, Mode::Usual, Mode::Loose]),
        match dice.below(8) {
            0 => Some(Dates::Year),
            1 => Some(Dates::Shifted),
            _ => None,
        },
    )
}

/// The owner's own: nothing is left out.
pub fn everything() -> Grant {
    let mut all = grant_of(
        What { permits: vec![permitted(Selector::default(), Context::User)], exclusions: Vec::new() },
        Mode::Usual,
        None,
    );
    all.who.proof = Proof::Owner;
    all
}

fn grant_of(what: What, mode: Mode, deidentified: Option<Dates>) -> Grant {
    Grant {
        id: GrantId::from_random([7; 16]),
        who: Party { name: "A clinic".into(), proof: Proof::Client("clinic".into()) },
        what,
        mode,
        deidentified,
        purposes: Vec::new(),
        term: Term { start: None, end: None, uses: None },
        decisions: Vec::new(),
        words: Vec::new(),
    }
}

fn permitted(select: Selector, context: Context) -> Permit {
    let actions = Actions { read: true, search: true, ..Actions::default() };
    Permit { context, actions, select }
}

fn permit(dice: &mut Dice, record: &Record) -> Permit {
    let mut select = Selector::default();
    match dice.below(6) {
        0 => select.types = vec![dice.pick(SHAPES).0.into(), dice.pick(SHAPES).0.into()],
        1 => {
            select.types = vec!["Observation".into()];
            select.query = Some(
                (*dice.pick(&["category=laboratory", "category=vital-signs", "date=ge2025", "status=final"])).into(),
            );
        }
        2 => select.topics = vec![(*dice.pick(TOPICS)).into()],
        3 => select.dates = Some(range(dice)),
        4 => select.resources = vec![named(dice, record), named(dice, record)],
        _ => {
            select.types =
                ["Observation", "Condition", "Encounter", "DiagnosticReport", "Provenance"].map(Into::into).into();
        }
    }
    let context = *dice.pick(&[Context::Patient, Context::Patient, Context::User]);
    permitted(select, context)
}

fn exclusion(dice: &mut Dice, record: &Record) -> Selector {
    let mut select = Selector::default();
    match dice.below(9) {
        0 => select.types = vec![dice.pick(SHAPES).0.into()],
        1 => {
            let (system, code, _) = dice.pick(CODES);
            select.codes = vec![CodeFilter { system: (*system).into(), code: Some((*code).into()) }];
        }
        2 => select.dates = Some(range(dice)),
        3 => select.sources = vec![(*dice.pick(&["a", "b"])).into()],
        4 => select.resources = vec![named(dice, record)],
        5 => select.labels = vec![(*dice.pick(&["R", "HIV", "PSY", "ETH"])).into()],
        6 => {
            select.types = vec!["Observation".into()];
            select.elements = vec!["note".into(), "performer".into()];
        }
        _ => select.topics = vec![(*dice.pick(TOPICS)).into()],
    }
    select
}

fn range(dice: &mut Dice) -> DateRange {
    let from = date(2023 + dice.below(3) as i16, 1 + dice.below(12) as i8, 1);
    let to = from.saturating_add(jiff::Span::new().days(200 + dice.below(400) as i64));
    DateRange { from: Some(from), to: (!dice.once_in(3)).then_some(to) }
}

fn named(dice: &mut Dice, record: &Record) -> Box<str> {
    let item = dice.pick(&record.items);
    format!("{}/{}", item.resource_type, item.id).into()
}
