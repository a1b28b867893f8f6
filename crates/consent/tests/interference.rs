//! What a grant leaves out changes no answer under it: the invariant of the whole product, asked as an attacker would.
//!
//! A few thousand cases run with all other tests; `cargo xtask leaks 1000000` runs a million.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "tests say plainly what they expect"
)]

#[path = "interference/ask.rs"]
mod ask;
#[path = "interference/dice.rs"]
mod dice;
#[path = "interference/leak.rs"]
mod leak;
#[path = "interference/life.rs"]
mod life;
#[path = "interference/shapes.rs"]
mod shapes;
#[path = "interference/wish.rs"]
mod wish;
#[path = "interference/world.rs"]
mod world;

use consent::Survey;
use dice::Dice;
use leak::Leak;
use world::World;

/// Requests that are asked of one pair of records.
const QUESTIONS: usize = 25;

/// How many requests in all: `SATCHEL_CASES`, or a few thousand.
fn cases() -> usize {
    std::env::var("SATCHEL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4_000)
}

/// Number of the first pair, so that a failure can be told again: `SATCHEL_SEED`.
fn first() -> u64 {
    std::env::var("SATCHEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

#[test]
fn what_a_grant_leaves_out_changes_no_answer() {
    let pairs = cases().div_ceil(QUESTIONS) as u64;
    for seed in first()..first() + pairs {
        let mut dice = Dice::new(seed);
        let world = World::new(&mut dice);
        let same = world.view.held() == world.twins_view.held();
        let (one, two) = (world::engine(&world.view), world::engine(&world.twins_view));
        let found = world::differences(&world, &mut dice, QUESTIONS, &one, &two);
        assert!(
            same && found.is_none(),
            "seed {seed}, twin with {}, views {}\n{:#?}\n{}\n{}",
            world.made,
            if same { "alike" } else { "differ" },
            world.grant.what,
            unlike(&world),
            found.unwrap_or_default()
        );
    }
}

#[test]
fn a_view_is_all_that_the_owner_of_such_a_record_would_see() {
    for seed in first()..first() + cases().div_ceil(4 * QUESTIONS) as u64 {
        let mut dice = Dice::new(seed);
        let world = World::new(&mut dice);
        let whole = world::view_of(&world::record_of(&world.view), &wish::everything());
        assert_eq!(whole.held(), world.view.held(), "seed {seed}");
    }
}

#[test]
fn a_record_read_once_tells_of_any_grant_what_its_view_does() {
    for seed in first()..first() + cases().div_ceil(8 * QUESTIONS) as u64 {
        let mut dice = Dice::new(seed);
        let record = life::record(&mut dice);
        let mut survey = Survey::new(&record, &world::RULES, world::now());
        for time in 0..6 {
            let grant = wish::grant(&mut dice, &record);
            let told = survey.under(grant.clone(), world::now()).unwrap();
            assert_eq!(told.is_none(), grant.deidentified.is_some());
            let Some(told) = told else { continue };
            let heard = grant.clone().with_words(world::view_of(&record, &grant).words()).unwrap();
            let view = world::view_of(&record, &heard);
            assert_eq!(told.grant, heard, "seed {seed}, {time}");
            assert_eq!(survey.report(), view.report(), "seed {seed}, {time}: {:#?}", grant.what);
            let (mut one, mut other) = (told.counts, view.counts());
            for counts in [&mut one, &mut other] {
                counts.reasons.sort_by_key(|reason| format!("{reason:?}"));
            }
            assert_eq!(one, other, "seed {seed}, {time}: {:#?}", grant.what);
        }
    }
}

#[test]
fn no_id_of_what_is_hidden_is_in_any_answer() {
    for seed in first()..first() + cases().div_ceil(4 * QUESTIONS) as u64 {
        let mut dice = Dice::new(seed);
        let world = World::new(&mut dice);
        let engine = world::engine(&world.view);
        let heard = world.heard(&mut dice);
        for _ in 0..QUESTIONS {
            let request = ask::request(&mut dice, &heard);
            let asked = format!("{request:?}{}", String::from_utf8_lossy(&request.body));
            for answer in world::answers(&engine, &request) {
                let text = format!("{:?}{}", answer.headers, String::from_utf8_lossy(&answer.body));
                for hidden in &world.hidden {
                    let id = hidden.split('/').nth(1).unwrap_or_default();
                    // What was asked is said again in links; only what was not asked can leak.
                    let leaks = id != life::PATIENT && text.contains(id) && !asked.contains(id);
                    assert!(!leaks, "seed {seed}: {hidden} in the answer to {asked}\n{text}");
                }
            }
        }
    }
}

#[test]
fn each_planted_leak_is_found() {
    let mut unfound = Vec::new();
    for leak in Leak::ALL {
        let found = (0..150).any(|seed| {
            let mut dice = Dice::new(seed);
            let world = World::new(&mut dice);
            let one = leak::Leaky::new(*leak, &world.record, &world.view);
            let two = leak::Leaky::new(*leak, &world.twin, &world.twins_view);
            let heard = world.heard(&mut dice);
            (0..QUESTIONS).any(|_| {
                let request = ask::request(&mut dice, &heard);
                one.answers(&request) != two.answers(&request)
            })
        });
        if !found {
            unfound.push(leak);
        }
    }
    assert!(unfound.is_empty(), "planted and not found: {unfound:?}");
}

/// What differs between the two views, and why each left out what the other shows.
fn unlike(world: &World) -> String {
    let (one, two) = (world.view.held(), world.twins_view.held());
    let lost = one.iter().find(|held| !two.contains(held));
    let won = two.iter().find(|held| !one.contains(held));
    let why = |view: &consent::View, shown: &std::collections::BTreeSet<String>| -> Vec<String> {
        let out = view.report().left_out;
        out.iter().filter(|left| !shown.contains(&*left.resource)).map(|left| format!("{left:?}")).collect()
    };
    let item = lost.or(won).and_then(|held| {
        world.record.items.iter().find(|item| item.resource_type == held.resource_type && item.id == held.id)
    });
    format!(
        "one: {lost:?}\ntwo: {won:?}\nfrom: {item:?}\nout of one: {:?}\nout of two: {:?}",
        why(&world.view, &world.hidden),
        why(&world.twins_view, &world.hidden)
    )
}
