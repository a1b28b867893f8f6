//! How many resources a second.

use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use sandbox::people::Plan;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Kept, median};
use types::Secret;
use wallet::views::{KindOutcome, LaunchStage, PullStage, PullView};
use wallet::{NewProtection, Wallet};

use crate::floor;
use crate::stage::{OWNER, PASSPHRASE, wallet_at};

const TODAY: &str = "2026-11-20";

/// The sandbox with one long record, in a process of its own.
pub(crate) struct Server {
    ready: Value,
    process: Kept,
}

impl Server {
    pub(crate) fn start(items: usize) -> Self {
        let mut command = Command::new(tests::released("sandbox"));
        let items = items.to_string();
        command.args(["--port", "0", "--people", "1", "--today", TODAY, "--resources", &items]).stderr(Stdio::null());
        let (process, ready) =
            Kept::start_until(&mut command, Duration::from_secs(120), |line| serde_json::from_str::<Value>(line).ok());
        Self { ready, process }
    }

    fn word(&self, pointer: &str) -> String {
        self.ready.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
    }
}

/// A wallet under a passphrase that has signed in, and pulled nothing yet.
pub(crate) struct Connected {
    pub(crate) wallet: Wallet,
    pub(crate) connection: String,
    pub(crate) home: TempDir,
}

impl Connected {
    pub(crate) async fn to(server: &Server) -> Self {
        let home = tempfile::tempdir().unwrap();
        let login = Arc::new(Mutex::new(server.word("/logins/0/username")));
        let wallet = wallet_at(home.path().join("satchel"), &login, &Arc::new(Mutex::new(None)));
        let words = || Secret::new(PASSPHRASE.to_owned());
        wallet.make(OWNER.into(), None, NewProtection::Passphrase(words())).await.unwrap();
        wallet.unlock(Some(words())).await.unwrap();
        let mut launch = wallet.launch_start(server.word("/addresses/valley"), None).await.unwrap();
        while matches!(launch.stage, LaunchStage::Discovering | LaunchStage::Waiting | LaunchStage::Exchanging) {
            tokio::time::sleep(Duration::from_millis(20)).await;
            launch = wallet.launch_state(launch.id).await.unwrap();
        }
        let connection = launch.connection.unwrap_or_else(|| panic!("{:?}", launch.error));
        Self { wallet, connection, home }
    }

    /// From being asked for to the end that the wallet itself notes.
    pub(crate) async fn pull(&self) -> (PullView, Duration) {
        let begun = Timestamp::now();
        let mut pull = self.wallet.pull_start(&self.connection).await.unwrap();
        while matches!(pull.stage, PullStage::Running | PullStage::Slowed) {
            tokio::time::sleep(Duration::from_millis(5)).await;
            pull = self.wallet.pull_state(&pull.id).await.unwrap();
        }
        let ended: Timestamp = pull.ended.as_deref().unwrap().parse().unwrap();
        (pull, ended.duration_since(begun).unsigned_abs())
    }
}

/// Pulls `rounds` times into a new wallet, each between the two floors, and prints the middle of each.
pub(crate) async fn measure(server: &Server, items: usize, rounds: usize) {
    let plan = Plan { seed: 1, today: TODAY.parse().unwrap(), people: 1, years: None, resources: Some(items) };
    let pages = floor::pages(&plan);
    let everything = [pages.concat()];
    assert_eq!(everything[0].len(), items);
    let bytes: usize = everything[0].iter().map(Vec::len).sum();
    println!("{items} resources of {} bytes on average, {} pages, {rounds} rounds", bytes / items, pages.len());
    let (mut parse, mut insert, mut at_once, mut pull, mut again) = (vec![], vec![], vec![], vec![], vec![]);
    let mut spent = [vec![], vec![]];
    let rate = |items: usize, took: Duration| items as f64 / took.as_secs_f64();
    for _ in 0..rounds {
        let stand = Connected::to(server).await;
        parse.push(rate(items, floor::parse(&pages)));
        insert.push(rate(items, floor::insert(stand.home.path(), &pages)));
        at_once.push(rate(items, floor::insert(stand.home.path(), &everything)));
        let before = [std::process::id(), server.process.id()].map(processor_time);
        let (first, took) = stand.pull().await;
        let after = [std::process::id(), server.process.id()].map(processor_time);
        for (spent, (from, to)) in spent.iter_mut().zip(before.into_iter().zip(after)) {
            spent.push(micros(to.saturating_sub(from), items));
        }
        check(&first, items);
        pull.push(rate(items, took));
        let (second, took) = stand.pull().await;
        assert!(second.kinds.iter().all(|kind| kind.new + kind.changed + kind.failed == 0), "{second:?}");
        again.push(took.as_secs_f64());
        stand.wallet.close();
    }
    let (parse, insert, at_once) = (median(parse), median(insert), median(at_once));
    let (pull, again) = (median(pull), median(again));
    println!("  JSON parse {parse:.0}/s, bare insert {insert:.0}/s ({at_once:.0}/s in one transaction)");
    println!("  pull {pull:.0}/s; a second pull, which finds nothing new, takes {again:.2} s");
    let [wallet, sandbox] = spent.map(median);
    println!("  processor time of each resource: {wallet:.1} us in the wallet, {sandbox:.1} us in the server");
    let reference = parse.min(insert);
    let figure = json!({
        "bench": format!("pull of {items}"), "figure": pull, "reference": reference, "ratio": pull / reference,
        "unit": "resources/s", "against": if parse < insert { "JSON parse" } else { "bare SQLCipher insert" },
        "parse": parse, "insert": insert, "insertInOneTransaction": at_once, "aim": {"atLeast": 0.4},
    });
    println!("{figure}");
}

/// Processor time that a process has had, in all its threads (`stat`, proc(5)); the kernel counts hundredths of a second.
fn processor_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name of the program is in parentheses and may hold anything.
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

fn micros(time: Duration, items: usize) -> f64 {
    time.as_secs_f64() * 1e6 / items as f64
}

/// Everything came.
pub(crate) fn check(pull: &PullView, items: usize) {
    assert_eq!(pull.stage, PullStage::Done, "{:?}", pull.error);
    let failed: Vec<_> = pull.kinds.iter().filter(|k| k.outcome == KindOutcome::Failed || k.failed > 0).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let came: u32 = pull.kinds.iter().map(|k| k.new).sum();
    assert!(came as usize >= items, "{came} of {items}");
}
