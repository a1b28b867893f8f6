//! The four grants of the golden record.

use consent::{Actions, Context, DateRange, Dates, Grant, Permit, Selector};
use jiff::civil::date;

use crate::make;

/// Words that the text scan looks for.
pub(crate) const WORDS: [&str; 11] = [
    "sertraline",
    "Zoloft",
    "lithium",
    "Lithobid",
    "methotrexate",
    "warfarin",
    "Coumadin",
    "buprenorphine",
    "Suboxone",
    "metformin",
    "amoxicillin",
];

/// Which grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letter {
    /// Everything, except medications and psychotherapy notes.
    A,
    /// Labs of one year.
    B,
    /// One document.
    C,
    /// De-identified.
    D,
}

impl Letter {
    pub(crate) const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
            Self::D => "d",
        }
    }

    pub(crate) fn grant(self) -> Grant {
        match self {
            Self::A => Grant {
                words: WORDS.map(Box::from).to_vec(),
                ..make::grant(
                    vec![permit(Selector::default())],
                    vec![make::excluding(&["medications", "psychotherapy-notes"])],
                )
            },
            Self::B => {
                let types = ["Observation", "DiagnosticReport"].map(Box::from).to_vec();
                let dates = DateRange { from: Some(date(2025, 11, 20)), to: Some(date(2026, 11, 20)) };
                let select = Selector { types, topics: vec!["labs".into()], dates: Some(dates), ..Selector::default() };
                make::grant(vec![permit(select)], vec![])
            }
            Self::C => {
                let resources = vec!["DocumentReference/doc-discharge".into()];
                make::grant(vec![permit(Selector { resources, ..Selector::default() })], vec![])
            }
            Self::D => {
                Grant { deidentified: Some(Dates::Year), ..make::grant(vec![permit(Selector::default())], vec![]) }
            }
        }
    }
}

fn permit(select: Selector) -> Permit {
    Permit { context: Context::Patient, actions: Actions { read: true, search: true, ..Actions::default() }, select }
}
