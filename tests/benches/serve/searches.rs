//! Searches of an approved client.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use authz::Presented;
use search::Request;
use serde_json::Value;
use server::Owner;
use types::Secret;

use crate::floor::{self, Floor};
use crate::open::Opened;
use crate::times::{at, report};
use crate::tokens::token;

/// How many are asked; the first of each record build the view and are not counted.
const TIMES: usize = 600;
const WARM: usize = 24;
const AGAINST: &str = "the same search in process and empty handler over the same HTTP";
const AIM: f64 = 1.5;
/// So many resources the aim is about: with few, all that is not the search weighs more.
const AIMED_AT: usize = 100_000;

pub(crate) async fn measure(opened: &Opened, floor: &Floor, items: usize) {
    let engine = floor::engine(&opened.wallet).await;
    let questions = questions(opened).await;
    let bearer = format!("Bearer {}", token(opened).await);
    let begun = Instant::now();
    ask(opened, &bearer, &questions[0]).await;
    println!("{items}: the first answer, with the building of the view, takes {:.2} s", begun.elapsed().as_secs_f64());
    let (mut ours, mut least, mut alone, mut handler, mut within, mut bytes) =
        (vec![], vec![], vec![], vec![], vec![], 0);
    for question in questions.iter().cycle().take(WARM + TIMES) {
        let begun = Instant::now();
        let body = ask(opened, &bearer, question).await;
        ours.push(begun.elapsed());
        bytes += body.len();
        let (took, found) = floor::search(&engine, question);
        let empty = floor.get(&bearer).await;
        let told: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&told["total"], told["entry"].as_array().map(Vec::len)),
            (&found["total"], found["entry"].as_array().map(Vec::len)),
            "{question}"
        );
        least.push(took + empty);
        alone.push(took);
        handler.push(empty);
        within.push(answer(opened, &bearer, question).await);
    }
    println!(
        "{items}: {} bytes an answer on average; at the median the engine alone {:.0} µs, the empty handler {:.0} µs, the \
         wallet without HTTP {:.0} µs",
        bytes / ours.len(),
        at(&alone[WARM..], 50),
        at(&handler[WARM..], 50),
        at(&within[WARM..], 50)
    );
    for percent in [50, 99] {
        let figures = (at(&ours[WARM..], percent), at(&least[WARM..], percent));
        report(
            &format!("authorized search of {items}, p{percent}"),
            figures,
            AGAINST,
            (items >= AIMED_AT).then_some(AIM),
        );
    }
}

async fn ask(opened: &Opened, bearer: &str, question: &str) -> Vec<u8> {
    let get = opened.http.get(format!("{}/fhir/{question}", opened.base)).header("authorization", bearer);
    let answer = get.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{question}");
    answer.bytes().await.unwrap().to_vec()
}

/// The same without HTTP: from the token to the entry in the trail.
async fn answer(opened: &Opened, bearer: &str, question: &str) -> Duration {
    let presented = Presented {
        authorization: vec![Secret::new(bearer.to_owned())],
        dpop: None,
        method: "GET".into(),
        url: format!("{}/fhir/Observation", opened.base),
    };
    let begun = Instant::now();
    assert_eq!(opened.wallet.answer(presented, Request::get(question)).await.unwrap().status, 200);
    begun.elapsed()
}

/// Searches by code, by date, by both, and the newest of a code, of what is in the record.
async fn questions(opened: &Opened) -> Vec<String> {
    let page = floor::ask(&opened.wallet, "Observation?_count=500".into()).await;
    let (mut codes, mut years) = (BTreeSet::new(), BTreeSet::new());
    for entry in page["entry"].as_array().unwrap() {
        let coding = &entry["resource"]["code"]["coding"][0];
        if let (Some(system), Some(code)) = (coding["system"].as_str(), coding["code"].as_str()) {
            codes.insert(format!("{system}%7C{code}"));
        }
        years.extend(entry["resource"]["effectiveDateTime"].as_str().map(|date| date[..4].to_owned()));
    }
    assert!(!codes.is_empty() && !years.is_empty());
    let mut questions = Vec::new();
    for (code, year) in codes.iter().cycle().zip(years.iter().cycle()).take(codes.len().max(years.len())) {
        let dates = format!("date=ge{year}-01-01&date=lt{year}-07-01");
        questions.push(format!("Observation?code={code}"));
        questions.push(format!("Observation?{dates}"));
        questions.push(format!("Observation?code={code}&{dates}"));
        questions.push(format!("Observation?code={code}&_sort=-date&_count=10"));
    }
    questions
}
