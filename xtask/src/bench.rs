use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::shell::{self, Done, cargo};

/// Runs every bench program of the workspace. Each prints one JSON object a line:
/// `{"bench": name, "figure": number, "reference": number, "ratio": number, "unit": word}`, where the reference is a
/// bare library doing the same work on the same machine; other lines are for reading.
pub(crate) fn bench() -> Done {
    let mut figures = Vec::new();
    for (package, bench) in benches()? {
        println!("\n── {package}: {bench} ──");
        let mut command = cargo(&["bench", "--quiet", "--package", &package, "--bench", &bench]);
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            return Err(format!("{package}: {bench} failed\n{text}"));
        }
        for line in text.lines() {
            match serde_json::from_str::<Value>(line) {
                Ok(figure) if figure.get("bench").is_some() => figures.push(figure),
                _ => println!("{line}"),
            }
        }
    }
    table(&figures);
    let path = shell::root().join("out/bench.json");
    fs::create_dir_all(shell::root().join("out")).map_err(|error| error.to_string())?;
    fs::write(&path, format!("{:#}\n", Value::Array(figures))).map_err(|error| error.to_string())?;
    println!("\nKept in {}", path.display());
    Ok(())
}

/// Package and name of each bench program, as cargo knows them.
fn benches() -> Result<Vec<(String, String)>, String> {
    let metadata =
        shell::output(cargo(&["metadata", "--format-version", "1", "--no-deps"])).ok_or("cargo metadata failed")?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let word = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for package in list(&metadata, "packages") {
        for target in list(&package, "targets") {
            if list(&target, "kind").iter().any(|kind| kind == "bench") {
                found.push((word(&package, "name"), word(&target, "name")));
            }
        }
    }
    Ok(found)
}

fn table(figures: &[Value]) {
    let shown = |figure: &Value, name: &str| match figure.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.as_f64().map_or_else(|| number.to_string(), rounded),
        _ => String::new(),
    };
    println!("\n  {:44} {:>12} {:>12} {:>7}  unit", "bench", "figure", "reference", "ratio");
    for figure in figures {
        println!(
            "  {:44} {:>12} {:>12} {:>7}  {}",
            shown(figure, "bench"),
            shown(figure, "figure"),
            shown(figure, "reference"),
            shown(figure, "ratio"),
            shown(figure, "unit")
        );
    }
}

/// A figure with as many digits as it deserves.
fn rounded(number: f64) -> String {
    if number.abs() >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}
