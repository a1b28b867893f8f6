//! Which crate alone may open each door: the network, the file of the record, the key store, the primitives, the window.

use std::collections::{BTreeMap, BTreeSet};

use toml::Value;

use crate::workspace;

/// A foreign crate, and the crates of ours that may use it.
const DOORS: &[(&str, &[&str])] = &[
    // outbound HTTP; the sandbox and the tests speak to themselves only
    ("reqwest", &["fetch", "sandbox"]),
    // inbound HTTP
    ("axum", &["sandbox", "server"]),
    // the file of the record
    ("rusqlite", &["vault"]),
    // the system's key store
    ("keyring-core", &["keychain"]),
    ("zbus-secret-service-keyring-store", &["keychain"]),
    ("apple-native-keyring-store", &["keychain"]),
    ("windows-native-keyring-store", &["keychain"]),
    // cryptographic primitives and randomness
    ("aws-lc-rs", &["crypto"]),
    ("ed25519-dalek", &["crypto"]),
    ("argon2", &["crypto"]),
    // decentralized identifiers
    ("ssi-dids-core", &["did"]),
    ("ssi-jwk", &["did"]),
    ("did-method-key", &["did"]),
    ("did-jwk", &["did"]),
    // foreign pictures and compressed bytes
    ("image", &["credentials"]),
    ("rqrr", &["credentials"]),
    // the window
    ("tauri", &["satchel-desktop"]),
    ("tauri-plugin-opener", &["satchel-desktop"]),
    ("tauri-plugin-dialog", &["satchel-desktop"]),
    ("tauri-plugin-single-instance", &["satchel-desktop"]),
    // the system's notifications, and whether it has a tray
    ("notify-rust", &["satchel-desktop"]),
    ("zbus", &["satchel-desktop", "tests"]),
];

/// Second ways through a door, which nobody of ours may name.
const NOBODY: &[&str] = &[
    "curl",
    "getrandom",
    "hyper",
    "isahc",
    "native-tls",
    "openssl",
    "openssl-sys",
    "p256",
    "p384",
    "rand",
    "ring",
    "sqlx",
    "libsqlite3-sys",
    "surf",
    "ureq",
];

/// Crates without effects: they read no file, no socket, no surroundings and no clock.
const CORES: &[&str] =
    &["types", "crypto", "did", "fhir", "audit", "credentials", "smart", "consent", "authz", "search"];

/// What a core never says. `crypto` alone asks the system for randomness, through its own primitives.
const EFFECTS: &[&str] = &[
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env::",
    "std::process",
    "std::thread",
    "tokio::",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "File::open",
    "println!",
    "eprintln!",
];

#[test]
fn each_door_has_one_keeper() {
    for edge in workspace::edges() {
        if edge.apart || edge.from == "tests" {
            continue;
        }
        if let Some((_, keepers)) = DOORS.iter().find(|(door, _)| *door == edge.to) {
            assert!(keepers.contains(&edge.from.as_str()), "{} may not use {}", edge.from, edge.to);
        }
        assert!(!NOBODY.contains(&edge.to.as_str()), "{} may not use {}", edge.from, edge.to);
    }
}

#[test]
fn each_keeper_uses_its_door() {
    let edges = workspace::edges();
    for (door, keepers) in DOORS {
        for keeper in *keepers {
            let uses = edges.iter().any(|edge| edge.from == *keeper && edge.to == *door && !edge.apart);
            assert!(uses, "{keeper} is said to keep {door} and does not use it");
        }
    }
}

#[test]
fn the_cores_have_no_effects_and_read_no_clock() {
    let mut found = Vec::new();
    for core in CORES {
        for (path, text) in workspace::sources(&format!("crates/{core}")) {
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                if EFFECTS.iter().any(|effect| code.contains(effect)) {
                    found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn deny_toml_guards_the_same_doors() {
    let edges = workspace::edges();
    let deny: Value = toml::from_str(&workspace::text("deny.toml".as_ref()).unwrap()).unwrap();
    let members: BTreeSet<String> =
        workspace::packages().iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect();
    let mut guarded: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for ban in deny["bans"]["deny"].as_array().unwrap() {
        let wrappers = ban.get("wrappers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        guarded.insert(ban["crate"].as_str().unwrap(), wrappers.filter(|name| members.contains(*name)).collect());
    }
    for (door, keepers) in DOORS {
        let guard = guarded.get(door).unwrap_or_else(|| panic!("deny.toml does not guard {door}"));
        let keepers: BTreeSet<&str> = keepers.iter().copied().collect();
        assert!(keepers.is_subset(guard), "deny.toml refuses {door} to its keepers {keepers:?}");
        // A crate may be let in for its tests.
        let tests = |name: &str| edges.iter().any(|edge| edge.from == name && edge.to == *door && edge.apart);
        let more: Vec<_> = guard.difference(&keepers).filter(|name| !tests(name)).collect();
        assert!(more.is_empty(), "deny.toml lets {more:?} use {door}");
    }
}
