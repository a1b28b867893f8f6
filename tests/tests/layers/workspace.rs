//! What cargo and git know of this project.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// One line of a crate's list of dependencies.
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Lies in this workspace.
    pub(crate) ours: bool,
    /// Only for tests and benches, or for a build script.
    pub(crate) apart: bool,
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

pub(crate) fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

pub(crate) fn edges() -> Vec<Edge> {
    let mut all = Vec::new();
    for package in packages() {
        for dependency in package["dependencies"].as_array().unwrap() {
            all.push(Edge {
                from: package["name"].as_str().unwrap().to_owned(),
                to: dependency["name"].as_str().unwrap().to_owned(),
                ours: dependency["path"].is_string(),
                apart: dependency["kind"].is_string(),
            });
        }
    }
    all
}

/// Every file that belongs to the project, from its root: known to git or about to be.
pub(crate) fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    let mut files: Vec<PathBuf> =
        listed.split('\0').filter(|path| !path.is_empty() && root().join(path).is_file()).map(PathBuf::from).collect();
    files.sort();
    files.dedup();
    files
}

pub(crate) fn text(path: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(path)).unwrap()).ok()
}

/// A Rust file without its tests: everything before the first `#[cfg(test)]`.
pub(crate) fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

/// The Rust files of a crate's `src`, tests left out.
pub(crate) fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let inside = Path::new(folder).join("src");
    files()
        .into_iter()
        .filter(|path| path.starts_with(&inside) && path.extension().is_some_and(|end| end == "rs"))
        .filter(|path| {
            let below = path.strip_prefix(&inside).unwrap();
            !below.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
        })
        .map(|path| {
            let whole = text(&path).unwrap();
            (path, without_tests(&whole).to_owned())
        })
        .collect()
}
