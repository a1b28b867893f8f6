//! Durations as figures.

use std::time::Duration;

use serde_json::json;

/// The figure at a percentile.
pub(crate) fn at(times: &[Duration], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    micros(times[(times.len() * percent / 100).min(times.len() - 1)])
}

pub(crate) fn micros(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e7).round() / 10.0
}

/// Prints one line of the table.
pub(crate) fn report(bench: &str, figures: (f64, f64), against: &str, aim: Option<f64>) {
    let (figure, reference) = figures;
    let aim = aim.map(|most| json!({"atMost": most}));
    println!(
        "{}",
        json!({
            "bench": bench, "figure": figure, "reference": reference,
            "ratio": (figure / reference * 100.0).round() / 100.0, "unit": "µs", "against": against, "aim": aim,
        })
    );
}
