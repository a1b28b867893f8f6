//! Grants as they come, for property tests.

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use types::{Actions, Context, GrantId};

use crate::{Choice, CodeFilter, DateRange, Dates, Decision, Grant, Mode, Party, Permit, Proof, Selector, Term, What};

const TYPES: [&str; 6] = ["Condition", "DocumentReference", "MedicationRequest", "Observation", "Patient", "Procedure"];
const TOPICS: [&str; 4] = ["billing", "hiv", "medications", "psychotherapy-notes"];

pub(crate) fn actions() -> impl Strategy<Value = Actions> {
    any::<[bool; 5]>()
        .prop_filter("says something", |letters| letters.contains(&true))
        .prop_map(|[create, read, update, delete, search]| Actions { create, read, update, delete, search })
}

pub(crate) fn context() -> impl Strategy<Value = Context> {
    select(vec![Context::Patient, Context::User, Context::System])
}

/// Of parameters that every type has.
pub(crate) fn query() -> impl Strategy<Value = String> {
    "(_id(:not)?=[a-zA-Z0-9-]{1,6}(,[a-z]{1,3})?|_security=[A-Z]{1,4}|_lastUpdated=ge20[0-9]{2})(&_tag=[a-z]{1,5})?"
}

fn boxed(values: &'static [&'static str]) -> impl Strategy<Value = Vec<Box<str>>> {
    subsequence(values, 0..=values.len()).prop_map(|all| all.into_iter().map(Box::from).collect())
}

fn day() -> impl Strategy<Value = Date> {
    (1900_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn dates() -> impl Strategy<Value = DateRange> {
    (of(day()), of(day())).prop_filter_map("a range", |(from, to)| {
        let range = DateRange { from, to };
        range.is_range().then_some(range)
    })
}

pub(crate) fn selector() -> impl Strategy<Value = Selector> {
    let code = ("(http://loinc\\.org|urn:oid:2\\.16)", of("[A-Z0-9.-]{1,8}"))
        .prop_map(|(system, code)| CodeFilter { system: system.into(), code: code.map(Box::from) });
    (
        boxed(&TYPES),
        of(query()),
        vec(code, 0..3),
        vec("http://example\\.org/ValueSet/[a-z]{1,5}", 0..2),
        boxed(&TOPICS),
        boxed(&["HIV", "PSY", "R"]),
        of(dates()),
        vec("con_[0-9a-f]{32}".prop_map(Box::from), 0..2),
        vec("(Observation|Patient)/[A-Za-z0-9.-]{1,8}".prop_map(Box::from), 0..3),
        boxed(&["Observation.note", "Observation.value[x]", "Patient.address"]),
    )
        .prop_map(|(types, query, codes, value_sets, topics, labels, dates, sources, resources, elements)| {
            Selector { types, query, codes, value_sets, topics, labels, dates, sources, resources, elements }
        })
}

pub(crate) fn permit() -> impl Strategy<Value = Permit> {
    (context(), actions(), selector()).prop_map(|(context, actions, select)| Permit { context, actions, select })
}

fn proof() -> impl Strategy<Value = Proof> {
    let text = "[ -~]{1,20}";
    prop_oneof![
        Just(Proof::Owner),
        "did:[a-z]{3}:[a-zA-Z0-9]{1,20}".prop_map(Proof::Did),
        (text, text).prop_map(|(issuer, subject)| Proof::IdToken { issuer, subject }),
        (text, text).prop_map(|(kind, issuer)| Proof::Credential { kind, issuer }),
        text.prop_map(Proof::Client),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    let instant = || (0_i64..4_000_000_000).prop_map(|second| Timestamp::from_second(second).unwrap());
    (of(instant()), of(instant()), of(1_u32..)).prop_filter_map("holds", |(start, end, uses)| {
        let backward = start.zip(end).is_some_and(|(start, end)| end <= start);
        (!backward).then_some(Term { start, end, uses })
    })
}

fn decision() -> impl Strategy<Value = Decision> {
    (
        "Observation/[a-z0-9]{1,8}",
        "(/[a-z]{1,8}(/[0-9])?)?",
        select(vec![Choice::Keep, Choice::TakeOut, Choice::LeaveOut]),
    )
        .prop_map(|(resource, place, choice)| Decision { resource: resource.into(), place: place.into(), choice })
}

pub(crate) fn grant() -> impl Strategy<Value = Grant> {
    (
        any::<[u8; 16]>(),
        ("\\PC{1,20}", proof()),
        (vec(permit(), 0..4), vec(selector(), 0..3)),
        select(vec![Mode::Strict, Mode::Usual, Mode::Loose]),
        of(select(vec![Dates::Year, Dates::Shifted])),
        boxed(&["CAREMGT", "HRESCH", "TREAT"]),
        term(),
        (vec(decision(), 0..3), boxed(&["warfarin", "Zoloft"])),
    )
        .prop_map(
            |(id, (name, proof), (permits, exclusions), mode, deidentified, purposes, term, (decisions, words))| {
                Grant {
                    id: GrantId::from_random(id),
                    who: Party { name, proof },
                    what: What { permits, exclusions },
                    mode,
                    deidentified,
                    purposes,
                    term,
                    decisions,
                    words,
                }
            },
        )
}
