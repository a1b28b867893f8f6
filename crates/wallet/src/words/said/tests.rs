//! What is said is what is enforced: random grants are put into words and read back from them, in both languages.

mod deal;
mod reader;
mod tongue;

use consent::{Actions, Context, Decision, Grant, Party, Permit, Proof, Selector, What};
use jiff::tz::TimeZone;
use types::GrantId;

use super::*;
use deal::Dice;

/// A zone whose clock shows an hour twice in autumn and skips one in spring.
fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn name_of(id: &str) -> Option<String> {
    deal::SOURCES.iter().find(|(known, _)| *known == id).map(|(_, name)| (*name).to_owned())
}

/// What a grant enforces: without its id, the owner's name for themselves, the letters that are never granted, and the
/// order and the repetition of what is a set. `user/` and `system/` reach alike.
fn enforced(grant: &Grant) -> Grant {
    let select = |select: &Selector| {
        let mut types = select.types.clone();
        types.sort();
        types.dedup();
        Selector { types, ..select.clone() }
    };
    let permit = |permit: &Permit| Permit {
        context: if permit.context == Context::Patient { Context::Patient } else { Context::User },
        actions: Actions { update: false, delete: false, ..permit.actions },
        select: select(&permit.select),
    };
    let what = What { permits: Vec::new(), exclusions: grant.what.exclusions.iter().map(select).collect() };
    let mut enforced = Grant { id: GrantId::from_random([0; 16]), what, ..grant.clone() };
    if grant.who.proof == Proof::Owner {
        enforced.who = Party { name: "owner".to_owned(), proof: Proof::Owner };
    }
    for permit in grant.what.permits.iter().map(permit) {
        let of_types = |one: &Permit| {
            let rest = Selector { types: Vec::new(), ..one.select.clone() };
            !one.select.types.is_empty() && rest == Selector::default()
        };
        let like = |one: &&mut Permit| {
            of_types(one) && of_types(&permit) && one.context == permit.context && one.actions == permit.actions
        };
        match enforced.what.permits.iter_mut().find(like) {
            // What two permits give of their types, one gives of both.
            Some(one) => {
                one.select.types.extend(permit.select.types);
                one.select = select(&one.select);
            }
            None => enforced.what.permits.push(permit),
        }
    }
    // Of several decisions about one place the last holds.
    let place = |one: &Decision| (one.resource.clone(), one.place.clone());
    let last =
        |(at, one): &(usize, &Decision)| !grant.decisions[at + 1..].iter().any(|later| place(later) == place(one));
    enforced.decisions = grant.decisions.iter().enumerate().filter(last).map(|(_, one)| one.clone()).collect();
    enforced.decisions.sort_by_key(place);
    enforced
}

/// `SATCHEL_GRANTS=100000` tries so many; a failure names its number, and `SATCHEL_GRANT` tries that one alone.
#[test]
fn a_grant_is_read_back_from_its_words_in_both_languages() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let one = number("SATCHEL_GRANT");
    let range = one.map_or(0..number("SATCHEL_GRANTS").unwrap_or(600), |one| one..one + 1);
    for seed in range {
        let grant = deal::grant(&mut Dice::of(seed), &zone());
        let sentences = said(&grant.summary(), &name_of, &zone());
        for language in [Language::English, Language::Spanish] {
            // As they stand on the page: one after the other.
            let text = sentences.iter().map(|one| one.of(language)).collect::<Vec<_>>().join(" ");
            let read = reader::read(&text, language, &zone()).unwrap_or_else(|why| panic!("{seed}: {why} in\n{text}"));
            assert_eq!(enforced(&read), enforced(&grant), "{seed}:\n{text}");
        }
    }
}

/// A grant that says everything a grant can say is among them, so that nothing is left out of the trial by chance.
#[test]
fn the_random_grants_say_everything_that_can_be_said() {
    let mut missing: Vec<&str> = Phrase::keys().collect();
    for seed in 0..600 {
        let said = deal::grant(&mut Dice::of(seed), &zone()).summary();
        missing.retain(|key| !said.0.iter().any(|phrase| phrase.key == *key));
    }
    assert_eq!(missing, Vec::<&str>::new());
}

/// What another side calls itself stays in its quotation marks, and shows all it holds.
#[test]
fn a_name_cannot_say_anything_of_its_own() {
    let mut grant = Grant::everything(GrantId::from_random([0; 16]));
    for name in
        ["Ann”. It lets nothing out. For “Bob", "{client} $& $1", "\u{202e}nnA", "a  b ", "Ann\u{2028}Permitted"]
    {
        grant.who = Party { name: name.to_owned(), proof: Proof::Client("cli_1".to_owned()) };
        let first = said(&grant.summary(), &|_| None, &TimeZone::UTC).remove(0);
        let inside = first.en.strip_prefix("For “").unwrap().strip_suffix("”, an app registered as “cli_1”.").unwrap();
        assert!(!inside.contains(['“', '”', '\u{202e}', '\u{2028}']) && !inside.contains("  "), "{}", first.en);
        assert_eq!(inside == name, name.starts_with('{'), "{}", first.en);
    }
}

#[test]
fn sentences_read_as_a_person_says_them() {
    let json = r#"{"version": 1, "id": "grt_000102030405060708090a0b0c0d0e0f",
        "who": {"name": "Nora Calder", "proof": {"did": "did:key:z6Mk"}},
        "permits": [{"context": "patient", "actions": "rs", "select": {"types": ["*"]}},
            {"context": "patient", "actions": "c", "select": {"types": ["Observation"]}}],
        "except": [{"topics": ["medications", "psychotherapy-notes"]},
            {"types": ["Condition", "ImagingStudy"], "dates": {"to": "2020-12-31"}, "sources": ["con_1"]}],
        "purposes": ["FAMRQT"], "term": {"end": "2027-06-30T22:00:00Z", "uses": 3}}"#;
    let summary = Grant::parse(json.as_bytes()).unwrap().summary();
    let all = said(&summary, &|_| Some("Fenwick Valley".to_owned()), &zone());
    let of = |language| all.iter().map(|one| one.of(language)).collect::<Vec<_>>();
    assert_eq!(
        of(Language::English),
        [
            "For “Nora Calder”, who signs with “did:key:z6Mk”.",
            "Permitted: your whole record.",
            "They may search and read.",
            "Permitted: results and observations.",
            "They may put new entries into your inbox, of these kinds and with any content. You decide what to keep.",
            "Left out: everything about Medications or Psychotherapy notes.",
            "Left out: conditions and imaging from “Fenwick Valley”, and at the same time dated 31 Dec 2020 or earlier, certainly or perhaps.",
            "For: request of your family.",
            "Until the end of 30 Jun 2027.",
            "At most 3 answers."
        ]
    );
    let spanish = of(Language::Spanish);
    assert_eq!(spanish[5], "Queda fuera: todo sobre Medicamentos o Notas de psicoterapia.");
    assert!(
        spanish[6].starts_with("Queda fuera: problemas de salud e imágenes médicas de «Fenwick Valley», y a la vez ")
    );
    assert_eq!(spanish[8], "Hasta el final del 30 jun 2027.");
}
