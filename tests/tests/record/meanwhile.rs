//! What a pull does side by side.

use std::time::Duration;

use sandbox::Options;
use wallet::views::{KindOutcome, PullStage, PullView};

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn files_come_while_the_searches_go_on() {
    let mut options = Options::new(jiff::civil::date(2026, 11, 20));
    options.plan.people = 1;
    options.plan.resources = Some(4000);
    let stage = Stage::new(options).await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.fault("slow=300");
    let begun = stage.wallet.pull_start(&connection).await.unwrap();
    let mut earlier = (0, None);
    loop {
        let now = stage.wallet.pull_state(&begun.id).await.unwrap();
        if !matches!(now.stage, PullStage::Running | PullStage::Slowed) {
            assert_eq!(now.stage, PullStage::Done, "{:?}", now.error);
            break;
        }
        let of = |name: &str| now.kinds.iter().find(|kind| kind.name == name).unwrap();
        if now.kinds.iter().any(|kind| kind.name.starts_with("Observation") && kind.outcome == KindOutcome::Running) {
            earlier = (of("Binary").seen, Some(of("linked").outcome.clone()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(earlier.0 > 0, "files came before the last search ended");
    assert_eq!(earlier.1, Some(KindOutcome::Running), "what resources point to was asked for before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_lies_elsewhere_costs_nothing_but_itself_and_comes_when_it_is_back() {
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.fault("file-elsewhere");
    let files = |pull: &PullView| {
        let files = pull.kinds.iter().find(|kind| kind.name == "Binary").unwrap();
        (files.new, files.failed)
    };
    let first = stage.pull(&connection).await;
    assert_eq!(first.stage, PullStage::Done, "{:?}", first.error);
    let lacking = files(&first).1;
    assert!(lacking > 0 && files(&first).0 == 0, "{:?}", files(&first));
    assert!(first.kinds.iter().all(|kind| kind.name == "Binary" || kind.failed == 0), "{:?}", first.kinds);
    let home = stage.wallet.home().await.unwrap();
    assert_eq!(home.everything, first.items);
    stage.sandbox.no_faults();
    let second = stage.pull(&connection).await;
    assert_eq!(files(&second), (lacking, 0), "{:?}", second.error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_whose_answer_never_comes_whole_costs_itself_and_a_system_that_answers_nothing_stops_the_pull() {
    let stage = Stage::invented().await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.fault("cut-off");
    let nothing = stage.pull(&connection).await;
    assert_eq!((nothing.stage, nothing.error.unwrap().code.as_str()), (PullStage::Stopped, "fetch.broken"));
    stage.sandbox.no_faults();

    stage.fault("cut-off=Condition");
    let conditions = |pull: &PullView| pull.kinds.iter().find(|kind| kind.name == "Condition").cloned().unwrap();
    let first = stage.pull(&connection).await;
    assert_eq!((first.stage.clone(), &first.id), (PullStage::Done, &nothing.id), "{:?}", first.error);
    let failed = conditions(&first);
    assert_eq!((failed.outcome, failed.error.unwrap().code.as_str()), (KindOutcome::Failed, "fetch.broken"));
    let others = first.kinds.iter().filter(|kind| kind.name != "Condition");
    assert!(others.clone().all(|kind| kind.error.as_ref().is_none_or(|e| e.code != "fetch.broken")), "{others:?}");
    stage.sandbox.no_faults();

    let second = stage.pull(&connection).await;
    let came = conditions(&second);
    assert!(came.outcome == KindOutcome::Done && came.new > 0 && came.error.is_none(), "{came:?}");
    let home = stage.wallet.home().await.unwrap();
    let new = [&first, &second].into_iter().flat_map(|pull| &pull.kinds).filter(|kind| kind.counts_items());
    assert_eq!(home.everything, new.map(|kind| kind.new).sum::<u32>());
}
