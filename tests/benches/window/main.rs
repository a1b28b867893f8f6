//! The real window beside an empty one of the same framework: until something is painted, until the whole page stands,
//! and how much memory.
//!
//! Both are release builds, started in turns on the same screen, bus and key store. The clock is the X server's own frame:
//! it runs from starting the program to the first frame that shows more than the bare ground.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and prints its figures"
)]

#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod start;

/// Starts of each window that count; one more of each comes before them and warms what the system keeps.
#[cfg(target_os = "linux")]
const ROUNDS: usize = 9;

#[cfg(target_os = "linux")]
fn main() {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let stand = start::Stand::new(home.path());
    let (mut first, mut whole, mut memory) = (Pair::default(), Pair::default(), Pair::default());
    for round in 0..=ROUNDS {
        let ours = stand.open(&tests::released("satchel-desktop"));
        let empty = stand.open(&tests::released("examples/empty"));
        println!("{round}: ours {ours}, empty {empty}{}", if round == 0 { " (not counted)" } else { "" });
        if round > 0 {
            first.add(ours.first.as_secs_f64() * 1000.0, empty.first.as_secs_f64() * 1000.0);
            whole.add(ours.whole.as_secs_f64() * 1000.0, empty.whole.as_secs_f64() * 1000.0);
            memory.add(ours.megabytes, empty.megabytes);
        }
    }
    first.report("window: first paint", "ms");
    whole.report("window: whole page", "ms");
    memory.report("window: memory", "MB");
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The window is measured on Linux only.");
}

/// Figures of both windows.
#[cfg(target_os = "linux")]
#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    empty: Vec<f64>,
}

#[cfg(target_os = "linux")]
impl Pair {
    fn add(&mut self, ours: f64, empty: f64) {
        self.ours.push(ours);
        self.empty.push(empty);
    }

    fn report(self, bench: &str, unit: &str) {
        let (figure, reference) = (tests::median(self.ours), tests::median(self.empty));
        let line = serde_json::json!({
            "bench": bench, "figure": figure, "reference": reference, "ratio": figure / reference, "unit": unit,
            "against": "empty Tauri window", "aim": {"atMost": 1.3},
        });
        println!("{line}");
    }
}
