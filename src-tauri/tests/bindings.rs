//! The window's types and rights are what the repository says they are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use std::fs;

use serde_json::{Value, json};
use specta_typescript::Typescript;

const COMMANDS: &[&str] = &include!("../src/command_names.rs");

fn file(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Run with `UPDATE=1` after a command or a view changed.
#[test]
fn the_generated_typescript_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/ipc/bindings.ts");
    let made = std::env::temp_dir().join(format!("satchel-bindings-{}.ts", std::process::id()));
    satchel_desktop::bindings().export(Typescript::default(), &made).unwrap();
    let fresh = fs::read_to_string(&made).unwrap();
    fs::remove_file(&made).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &fresh).unwrap();
    }
    let stored = fs::read_to_string(path).unwrap_or_default();
    assert!(stored == fresh, "ui/src/ipc/bindings.ts is stale: UPDATE=1 cargo test -p satchel-desktop --test bindings");
}

#[test]
fn the_window_may_call_the_apps_own_commands_and_nothing_else() {
    let capability: Value = serde_json::from_str(&file("capabilities/main.json")).unwrap();
    let own = COMMANDS.iter().map(|c| json!(format!("allow-{}", c.replace('_', "-"))));
    let expected: Vec<Value> = own.collect();
    assert_eq!(capability["permissions"], Value::Array(expected));
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability.get("remote"), None);
    let count = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/capabilities")).unwrap().count();
    assert_eq!(count, 1);
}

#[test]
fn every_named_command_is_bound() {
    let bindings = file("../ui/src/ipc/bindings.ts");
    for command in COMMANDS {
        assert!(bindings.contains(&format!("\"{command}\"")), "{command}");
    }
}

#[test]
fn the_content_security_policy_begins_from_nothing() {
    let config: Value = serde_json::from_str(&file("tauri.conf.json")).unwrap();
    assert_eq!(
        config["app"]["security"]["csp"],
        json!({
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data: blob:",
            "font-src": "'self'",
            "connect-src": "ipc: http://ipc.localhost",
            "form-action": "'none'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'"
        })
    );
    assert_eq!(config["app"].get("withGlobalTauri"), None);
    assert_eq!(config["app"]["security"].get("assetProtocol"), None);
}
