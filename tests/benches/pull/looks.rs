//! How long the owner waits for a list while a pull goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tests::median;
use wallet::Wallet;
use wallet::views::RecordQuery;

use crate::intake::{Connected, Server, check};

/// Between two looks.
const APART: Duration = Duration::from_millis(100);

/// Looks at the first page of everything, and for a word, during a whole pull and afterwards, and prints how long both
/// took together.
pub(crate) async fn measure(server: &Server, items: usize) {
    let stand = Connected::to(server).await;
    let over = AtomicBool::new(false);
    let pull = async {
        let (pull, _) = stand.pull().await;
        over.store(true, Ordering::Relaxed);
        pull
    };
    let looks = async {
        let mut took = Vec::new();
        while !over.load(Ordering::Relaxed) {
            took.push(look(&stand.wallet).await);
            tokio::time::sleep(APART).await;
        }
        took
    };
    let (pull, meanwhile) = tokio::join!(pull, looks);
    check(&pull, items);
    let mut afterwards = Vec::new();
    for _ in 0..meanwhile.len() {
        afterwards.push(look(&stand.wallet).await);
    }
    let longest = meanwhile.iter().copied().fold(0.0, f64::max);
    let (middle, reference, looks) = (median(meanwhile.clone()), median(afterwards), meanwhile.len());
    println!("  a list and a search during a pull of {items}: {middle:.1} ms, {longest:.0} ms at most, {looks} times");
    let figure = json!({
        "bench": format!("a list and a search during a pull of {items}"), "figure": middle, "reference": reference,
        "ratio": middle / reference, "unit": "ms", "against": "the same afterwards", "longest": longest,
    });
    println!("{figure}");
    stand.wallet.close();
}

/// Milliseconds.
async fn look(wallet: &Wallet) -> f64 {
    let begun = Instant::now();
    for words in ["", "hemoglobin"] {
        let query = RecordQuery { words: words.to_owned(), limit: 50, ..RecordQuery::default() };
        wallet.records(query).await.unwrap();
    }
    begun.elapsed().as_secs_f64() * 1e3
}
