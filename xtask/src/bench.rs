mod figure;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use self::figure::Figure;
use crate::setup::{self, For};
use crate::shell::{self, Done, call, cargo, npm};

/// Runs every bench program of the workspace, after building the programs they measure.
///
/// Each prints one JSON object a line for each figure, which [`Figure`] describes; other lines are for reading. One that
/// fails stops no other. Figures depend on the machine, so none of them decides whether this command succeeds: the table
/// says which aims are met.
pub(crate) fn bench() -> Done {
    setup::setup(For::Tests)?;
    call(npm(&["run", "--silent", "build"]))?;
    // All of cargo's calls choose the same packages, so that nothing is built twice.
    call(cargo(&["build", "--release", "--workspace", "--exclude", "xtask", "--bins", "--example", "empty"]))?;
    let (mut figures, mut failed) = (Vec::new(), Vec::new());
    for name in benches()? {
        println!("\n── {name} ──");
        let words = ["bench", "--quiet", "--workspace", "--exclude", "xtask", "--bench", &name];
        let mut running =
            cargo(&words).stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo does not start: {error}"))?;
        let output = running.stdout.take();
        for line in output.into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok) {
            match Figure::read(&line) {
                Some(figure) => figures.push(figure),
                None => println!("{line}"),
            }
        }
        if !running.wait().is_ok_and(|status| status.success()) {
            failed.push(name);
        }
    }
    figure::table(&figures);
    let path = shell::root().join("out/bench.json");
    fs::create_dir_all(shell::root().join("out")).map_err(|error| error.to_string())?;
    let all = Value::Array(figures.into_iter().map(Figure::into_value).collect());
    fs::write(&path, format!("{all:#}\n")).map_err(|error| error.to_string())?;
    println!("\nKept in {}", path.display());
    if failed.is_empty() { Ok(()) } else { Err(format!("not measured to the end: {}", failed.join(", "))) }
}

/// Name of each bench program, as cargo knows them.
fn benches() -> Result<Vec<String>, String> {
    let metadata =
        shell::output(cargo(&["metadata", "--format-version", "1", "--no-deps"])).ok_or("cargo metadata failed")?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for target in list(&metadata, "packages").iter().flat_map(|package| list(package, "targets")) {
        if list(&target, "kind").iter().any(|kind| kind == "bench") {
            found.extend(target.get("name").and_then(Value::as_str).map(str::to_owned));
        }
    }
    Ok(found)
}
