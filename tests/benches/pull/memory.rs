//! How much memory the command-line program has at most while it pulls.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::intake::{Connected, Server};
use crate::stage::PASSPHRASE;

/// What the peak is compared with, in megabytes.
const MEGABYTES: f64 = 250.0;

/// Pulls with `satchel pull` and prints the most it ever had, as the kernel counts it (`VmHWM`, proc(5)).
pub(crate) async fn measure(server: &Server, items: usize) {
    let stand = Connected::to(server).await;
    stand.wallet.close();
    let file = stand.home.path().join("passphrase");
    std::fs::write(&file, PASSPHRASE).unwrap();
    let mut child = Command::new(tests::released("satchel"))
        .env("SATCHEL_HOME", stand.home.path().join("satchel"))
        .args(["pull", &stand.connection, "--json", "--passphrase-file"])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        // It may have ended since; then there is nothing more to read.
        peak = peak.max(high_water(child.id()).unwrap_or(0));
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(status.success(), "satchel pull: {status}");
    let figure = peak as f64 * 1024.0 / 1e6;
    println!(
        "{}",
        json!({
            "bench": format!("peak memory of a pull of {items}"), "figure": figure, "reference": MEGABYTES,
            "ratio": figure / MEGABYTES, "unit": "MB", "against": "the aim itself", "aim": {"atMost": 1.0},
        })
    );
}

/// Kibibytes.
fn high_water(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
