//! What a grant leaves out changes no answer under it, asked over HTTP with a token: status, headers and body, of
//! wallets that differ in nothing but what the grant hides.
//!
//! Some hundred requests run with all other tests; `SATCHEL_HTTP_CASES` says how many otherwise.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "tests say plainly what they expect; makers and helpers are shared with other tests"
)]

#[path = "common/app.rs"]
mod app;
#[path = "../../crates/consent/tests/interference/ask.rs"]
mod ask;
#[path = "../../crates/consent/tests/interference/dice.rs"]
mod dice;
#[path = "../../crates/consent/tests/interference/life.rs"]
mod life;
#[path = "common/serve.rs"]
mod serve;
#[path = "../../crates/consent/tests/interference/shapes.rs"]
mod shapes;
#[path = "leaks/twin.rs"]
mod twin;
#[path = "../../crates/consent/tests/interference/wish.rs"]
mod wish;
#[path = "../../crates/consent/tests/interference/world.rs"]
mod world;

use dice::Dice;
use twin::{Answer, Base, Case};

/// Requests that are asked of one pair.
const QUESTIONS: usize = 50;

fn cases() -> usize {
    std::env::var("SATCHEL_HTTP_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

/// Number of the first pair, so that a failure can be told again: `SATCHEL_SEED`.
fn first() -> u64 {
    std::env::var("SATCHEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_grant_leaves_out_changes_no_answer_over_http() {
    let base = Base::make().await;
    let (mut seed, mut asked, mut with_data, mut pairs, mut noticed) = (first(), 0, 0, 0, 0);
    while asked < cases() {
        let mut dice = Dice::new(seed);
        let case = Case::new(&mut dice);
        seed += 1;
        let Some(case) = case else { continue };
        let grown = base.grow(&case).await;
        let questions = grown.questions(&case, &mut dice, QUESTIONS).await;
        let one = grown.one(&questions).await;
        let two = grown.two(&questions).await;
        for ((question, one), two) in questions.iter().zip(&one).zip(&two) {
            assert!(one == two, "seed {}: {question:?}\n── one ──\n{one:#?}\n── two ──\n{two:#?}", seed - 1);
        }
        asked += questions.len();
        pairs += 1;
        with_data += one.iter().flatten().filter(|answer| answer.has_data()).count();
        // The same questions tell apart what the grant shows: they would have told the rest.
        noticed += usize::from(grown.changed(&base, &case, &questions).await != one);
    }
    println!("{asked} requests of {pairs} pairs, {with_data} answers with data, {noticed} changes noticed");
    assert!(with_data * 10 > asked, "{with_data} of {asked} answers hold something");
    assert!(noticed > 0, "a change of what is shown is noticed");
}

#[test]
fn an_answer_is_compared_in_all_but_its_clock_its_number_and_its_ticket() {
    let answer = |name: &str, value: &str| Answer::new(200, [(name.into(), value.into())].into(), b"{}".to_vec());
    assert_eq!(answer("date", "Sat, 21 Nov 2026 15:00:00 GMT"), answer("date", "Sat, 21 Nov 2026 15:00:01 GMT"));
    assert_eq!(answer("x-request-id", "1"), answer("x-request-id", "2"));
    let ticket = |ticket: &str| answer("www-authenticate", &format!("UMA realm=\"record\", ticket=\"{ticket}\""));
    assert_eq!(ticket("aaaa"), ticket("bbbb"));
    assert_ne!(ticket("aaaa"), ticket("aaa"));
    assert_ne!(answer("etag", "W/\"1\""), answer("etag", "W/\"2\""));
}
