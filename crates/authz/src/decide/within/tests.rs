//! Held against a small model of what permits and exclusions mean.

use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

const TYPES: [&str; 4] = ["Observation", "Condition", "Practitioner", "Consent"];
const ELEMENTS: [&str; 3] = ["code", "note", "status"];
const PAIRS: [&str; 3] = ["_tag=a", "_tag=b", "_security=R"];

/// A resource, as far as selectors look at it.
#[derive(Debug, Clone)]
struct Thing {
    of: &'static str,
    key: Box<str>,
    source: Box<str>,
    code: (&'static str, &'static str),
    topics: Vec<Box<str>>,
    labels: Vec<Box<str>>,
    day: Date,
    pairs: Vec<&'static str>,
}

fn boxed(values: &'static [&'static str]) -> impl Strategy<Value = Vec<Box<str>>> {
    subsequence(values, 0..=values.len()).prop_map(|all| all.into_iter().map(Box::from).collect())
}

fn day() -> impl Strategy<Value = Date> {
    (1_i8..=6).prop_map(|month| Date::constant(2026, month, 1))
}

fn thing() -> impl Strategy<Value = Thing> {
    (
        (select(TYPES.to_vec()), select(vec!["1", "2"]), select(vec!["s1", "s2"])),
        (select(vec!["x", "y"]), select(vec!["1", "2"])),
        (boxed(&["hiv", "billing"]), boxed(&["R", "PSY"]), day(), subsequence(PAIRS.to_vec(), 0..=3)),
    )
        .prop_map(|((of, id, source), code, (topics, labels, day, pairs))| {
            let key = format!("{of}/{id}").into();
            Thing { of, key, source: source.into(), code, topics, labels, day, pairs }
        })
}

fn codes() -> impl Strategy<Value = Vec<CodeFilter>> {
    let one = (select(vec!["x", "y"]), of(select(vec!["1", "2"])))
        .prop_map(|(system, code)| CodeFilter { system: system.into(), code: code.map(Box::from) });
    vec(one, 0..2)
}

fn selector() -> impl Strategy<Value = Selector> {
    (
        (boxed(&TYPES), boxed(&["Observation/1", "Practitioner/1"]), boxed(&["s1", "s2"])),
        (codes(), of(subsequence(PAIRS.to_vec(), 1..=3)), of((of(day()), of(day())))),
        (boxed(&["hiv", "billing"]), boxed(&["R", "PSY"]), boxed(&ELEMENTS)),
        // Most selectors say one or two things.
        any::<[bool; 9]>(),
    )
        .prop_map(|((types, resources, sources), (codes, pairs, dates), (topics, labels, elements), said)| {
            let [a, b, c, d, e, f, g, h, i] = said;
            fn when<T: Default>(said: bool, value: T) -> T {
                if said { value } else { T::default() }
            }
            Selector {
                types: when(a, types),
                resources: when(b && c, resources),
                sources: when(c && d, sources),
                codes: when(d && e, codes),
                query: when(e && f, pairs.map(|pairs| pairs.join("&"))),
                dates: when(f && g, dates.map(|(from, to)| DateRange { from, to })),
                topics: when(g && h, topics),
                labels: when(h && i, labels),
                elements: when(i && a, elements),
                value_sets: Vec::new(),
            }
        })
}

fn permit() -> impl Strategy<Value = Permit> {
    let actions = subsequence(vec!['c', 'r', 's'], 1..=3).prop_map(|letters| Actions {
        create: letters.contains(&'c'),
        read: letters.contains(&'r'),
        search: letters.contains(&'s'),
        ..Actions::default()
    });
    (select(vec![Context::Patient, Context::User]), actions, selector()).prop_map(|(context, actions, select)| Permit {
        context,
        actions,
        select,
    })
}

fn any_of<T: PartialEq>(listed: &[T], values: &[T]) -> bool {
    listed.is_empty() || listed.iter().any(|one| values.contains(one))
}

fn is_plainly(select: &Selector, thing: &Thing) -> bool {
    let code = |one: &CodeFilter| *one.system == *thing.code.0 && one.code.as_deref().is_none_or(|c| c == thing.code.1);
    any_of(&select.types, &[thing.of.into()])
        && any_of(&select.resources, std::slice::from_ref(&thing.key))
        && any_of(&select.sources, std::slice::from_ref(&thing.source))
        && (select.codes.is_empty() || select.codes.iter().any(code))
        && select.query.iter().flat_map(|query| query.split('&')).all(|pair| thing.pairs.contains(&pair))
        && select.dates.is_none_or(|range| {
            range.from.is_none_or(|from| from <= thing.day) && range.to.is_none_or(|to| thing.day <= to)
        })
}

/// Whether an element can be seen by this letter in this context.
fn shows(permits: &[Permit], thing: &Thing, element: &str, letter: Actions, outside: bool) -> bool {
    permits.iter().any(|permit| {
        let select = &permit.select;
        let named = select.types.iter().any(|of| **of == *thing.of) || select.resources.contains(&thing.key);
        permit.actions.covers(letter)
            && !(outside && permit.context == Context::Patient)
            && is_plainly(select, thing)
            && any_of(&select.topics, &thing.topics)
            && any_of(&select.labels, &thing.labels)
            && (named || !needs_its_name(thing.of))
            && any_of(&select.elements, &[element.into()])
    })
}

fn hides(exclusions: &[Selector], thing: &Thing, element: &str) -> bool {
    exclusions.iter().any(|select| {
        is_plainly(select, thing)
            && any_of(&select.topics, &thing.topics)
            && any_of(&select.labels, &thing.labels)
            && any_of(&select.elements, &[element.into()])
    })
}

/// The same permit with one thing more said, or a value fewer.
fn narrower(mut permit: Permit, by: usize, more: &Selector) -> Permit {
    let select = &mut permit.select;
    match by % 7 {
        0 if select.types.len() > 1 => drop(select.types.pop()),
        1 if select.topics.is_empty() => select.topics.clone_from(&more.topics),
        2 if select.labels.is_empty() => select.labels.clone_from(&more.labels),
        3 if select.query.is_none() => select.query.clone_from(&more.query),
        4 if select.elements.is_empty() => select.elements.clone_from(&more.elements),
        5 if select.sources.is_empty() => select.sources.clone_from(&more.sources),
        6 if select.dates.is_none() => select.dates = more.dates,
        _ => permit.actions = letters(permit.actions).first().copied().unwrap_or_default(),
    }
    permit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_is_within_shows_nothing_more(
        given in vec(permit(), 1..3), asked in vec(permit(), 1..4), things in vec(thing(), 12),
    ) {
        if permits_within(&given, &asked) {
            for (thing, element) in things.iter().flat_map(|thing| ELEMENTS.iter().map(move |element| (thing, element))) {
                for letter in letters(Actions { update: false, delete: false, ..Actions::ALL }) {
                    for outside in [false, true] {
                        let shown = shows(&given, thing, element, letter, outside);
                        prop_assert!(!shown || shows(&asked, thing, element, letter, outside));
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_made_narrower_is_within(asked in vec(permit(), 1..4), by in vec(any::<usize>(), 1..6), more in selector()) {
        prop_assert!(permits_within(&asked, &asked));
        let narrow = |permit: Permit| by.iter().fold(permit, |permit, by| narrower(permit, *by, &more));
        let given: Vec<Permit> = asked.iter().cloned().map(narrow).collect();
        prop_assert!(permits_within(&given, &asked));
        prop_assert!(permits_within(&given[..1], &asked));
        prop_assert!(permits_within(&[], &asked));
        let things_of_all: Vec<Permit> = asked.iter().flat_map(|permit| parts(permit).collect::<Vec<_>>()).collect();
        prop_assert!(permits_within(&asked, &things_of_all), "scopes are a union");
    }

    #[test]
    fn what_was_to_be_left_out_is_left_out(
        given in vec(selector(), 0..3), asked in vec(selector(), 1..3), things in vec(thing(), 12),
    ) {
        prop_assert!(excludes_all(&asked, &asked));
        if excludes_all(&given, &asked) {
            for (thing, element) in things.iter().flat_map(|thing| ELEMENTS.iter().map(move |element| (thing, element))) {
                prop_assert!(!hides(&asked, thing, element) || hides(&given, thing, element));
            }
        }
    }

    #[test]
    fn rights_that_are_within_allow_nothing_more(given in vec(permit(), 1..3), asked in vec(permit(), 1..4)) {
        use consent::{Interaction, Need, Rights, What};
        let rights = |permits: &[Permit]| Rights::of(&What { permits: permits.to_vec(), exclusions: Vec::new() });
        if permits_within(&given, &asked) {
            let (given, asked) = (rights(&given), rights(&asked));
            for interaction in [Interaction::Create, Interaction::Read, Interaction::Search] {
                for resource_type in TYPES.map(Some).into_iter().chain([None, Some("Patient"), Some("Binary")]) {
                    let need = Need { interaction, resource_type };
                    prop_assert!(!given.allows(need) || asked.allows(need), "{:?}", need);
                }
            }
        }
    }
}

#[test]
fn one_resource_is_not_its_type() {
    let of = |types: &[&str], resources: &[&str]| Permit {
        context: Context::Patient,
        actions: Actions::READ,
        select: Selector {
            types: types.iter().map(|one| (*one).into()).collect(),
            resources: resources.iter().map(|one| (*one).into()).collect(),
            ..Selector::default()
        },
    };
    let single = of(&[], &["Observation/1"]);
    assert!(!permits_within(&[of(&["Observation"], &[])], std::slice::from_ref(&single)));
    assert!(!permits_within(&[of(&[], &["Observation/2"])], std::slice::from_ref(&single)));
    assert!(!permits_within(&[of(&[], &[])], std::slice::from_ref(&single)));
    assert!(permits_within(std::slice::from_ref(&single), &[of(&["Observation"], &[])]));
    assert!(!permits_within(&[single], &[of(&["Condition"], &[])]));
}

#[test]
fn to_name_who_comes_along_is_more_than_everything() {
    let all = Permit { context: Context::Patient, actions: Actions::READ, select: Selector::default() };
    let named = |of: &str| Permit { select: Selector { types: vec![of.into()], ..Selector::default() }, ..all.clone() };
    assert!(permits_within(&[named("Observation")], std::slice::from_ref(&all)));
    for of in ["Practitioner", "Organization", "Consent", "Medication"] {
        assert!(!permits_within(&[named(of)], std::slice::from_ref(&all)), "{of}");
    }
}
