//! What no file may be or contain.

use std::path::{Path, PathBuf};

use crate::workspace;

/// Files that may be longer than 400 lines, each with its reason.
const LONG: &[(&str, &str)] = &[("ui/src/ipc/bindings.ts", "generated")];

fn with(ends: &[&str]) -> impl Iterator<Item = (PathBuf, String)> {
    let ends: Vec<String> = ends.iter().map(|end| (*end).to_owned()).collect();
    workspace::files()
        .into_iter()
        .filter(move |path| path.extension().is_some_and(|end| ends.iter().any(|wanted| end == wanted.as_str())))
        .filter_map(|path| workspace::text(&path).map(|text| (path, text)))
}

/// The lines of the window's own sources that contain one of `words`.
fn lines_of_the_window(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in with(&["svelte", "ts", "html"]).filter(|(path, _)| path.starts_with("ui/src")) {
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn a_module_is_named_by_its_file() {
    let found: Vec<_> = workspace::files().into_iter().filter(|path| path.ends_with("mod.rs")).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_file_has_at_most_400_lines() {
    let listed = |path: &Path| LONG.iter().any(|(name, _)| path == Path::new(name));
    let long: Vec<String> = with(&["rs", "ts", "svelte", "css", "mjs", "js"])
        .filter(|(path, _)| !listed(path))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("{}: {lines}", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_window_never_renders_foreign_html() {
    let found =
        lines_of_the_window(&["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc", "document.write"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_window_has_no_inline_style_or_script() {
    let mut found = lines_of_the_window(&[" style=", "javascript:", "eval(", "new Function"]);
    let directive = |line: &String| line.split(" style:").skip(1).any(|rest| rest.starts_with(|c: char| c != ' '));
    found.extend(lines_of_the_window(&[" style:"]).into_iter().filter(directive));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_window_has_one_door() {
    let network = lines_of_the_window(&[
        "XMLHttpRequest",
        "new WebSocket",
        "EventSource(",
        "sendBeacon",
        "window.fetch",
        "globalThis.fetch",
        "fetch('",
        "fetch(\"",
        "fetch(`",
        "fetch(new",
    ]);
    assert!(network.is_empty(), "{network:#?}");
    let calls: Vec<_> =
        lines_of_the_window(&["@tauri-apps/"]).into_iter().filter(|line| !line.starts_with("ui/src/ipc/")).collect();
    assert!(calls.is_empty(), "{calls:#?}");
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // Put together here, so that this file passes its own test.
    let paths = ["root", "work", "Users", "home"].map(|folder| format!("/{folder}/"));
    let before = |text: &str, at: usize| text.get(..at).and_then(|start| start.chars().next_back());
    let mut found = Vec::new();
    for (path, text) in with(&["rs", "ts", "svelte", "toml", "md", "json", "yml", "mjs", "js", "sh", "css", "html"]) {
        for wanted in &paths {
            for (at, _) in text.match_indices(wanted.as_str()) {
                // A path of a machine begins a word; `https://example.org/home/` does not.
                if before(&text, at).is_none_or(|before| before.is_whitespace() || "\"'`(=:".contains(before)) {
                    let line = text.get(..at).unwrap_or_default().lines().count().max(1);
                    found.push(format!("{}:{line}: {wanted}", path.display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
