//! Killed at any moment of a pull, nothing is lost and the next pull completes it.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "tests say plainly what they expect; the stage is shared with other tests"
)]

#[path = "common/stage.rs"]
mod stage;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use sandbox::Options;
use stage::{PASSPHRASE, Stage};
use types::Secret;
use wallet::views::{PullStage, RecordQuery};

/// How often the program is killed.
const KILLS: u64 = 50;

fn options() -> Options {
    let mut options = Options::new(jiff::civil::date(2026, 11, 20));
    options.plan.people = 1;
    options.plan.resources = Some(4000);
    options
}

async fn everything(stage: &Stage) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut offset = 0;
    loop {
        let query = RecordQuery { offset, limit: 500, ..RecordQuery::default() };
        let page = stage.wallet.records(query).await.unwrap();
        for row in &page.rows {
            let item = stage.wallet.item(&row.id).await.unwrap();
            out.insert(item.origin.reference, item.json);
        }
        offset += 500;
        if offset >= page.total {
            return out;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_killed_at_fifty_moments_loses_nothing_and_completes() {
    let clean = Stage::new(options()).await;
    let connection = clean.connect(&clean.sandbox.addresses.valley.clone()).await;
    assert_eq!(clean.pull(&connection).await.stage, PullStage::Done);
    let expected = everything(&clean).await;
    assert!(expected.len() >= 3500, "{}", expected.len());

    let stage = Stage::new(options()).await;
    let connection = stage.connect(&stage.sandbox.addresses.valley.clone()).await;
    stage.wallet.close();
    stage.fault("slow=40");
    let file = stage.home.path().join("passphrase");
    std::fs::write(&file, PASSPHRASE).unwrap();
    let mut came: Vec<usize> = Vec::new();
    for kill in 0..KILLS {
        let mut child = Command::new(tests::program("satchel"))
            .env("SATCHEL_HOME", stage.home.path().join("satchel"))
            .args(["pull", &connection, "--passphrase-file"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over opening, asking and keeping, never twice alike.
        tokio::time::sleep(Duration::from_millis(120 + kill * 6151 % 700)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        if kill % 10 == 9 {
            stage.wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
            let here = everything(&stage).await;
            assert!(here.iter().all(|(name, json)| expected.get(name) == Some(json)), "half an item is here");
            assert!(stage.wallet.verify_trail().await.unwrap().broken_at.is_none());
            came.push(here.len());
            stage.wallet.close();
        }
    }
    assert!(came.is_sorted(), "what came stays: {came:?}");
    stage.sandbox.no_faults();
    stage.wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
    assert_eq!(stage.pull(&connection).await.stage, PullStage::Done);
    let here = everything(&stage).await;
    assert_eq!(here.len(), expected.len());
    assert!(here == expected, "every item is as a pull in one piece brings it");
    println!("items after each ten kills: {came:?}, at the end {}", here.len());
}
