//! The table of attacks in SECURITY.md: every attack that the design lists has a row, and every row names tests that there are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use std::collections::BTreeSet;
use std::path::Path;

/// What the table must have a row for.
const ATTACKS: &[&str] = &[
    "code injection",
    "PKCE downgrade",
    "mix-up of servers",
    "redirect tricks",
    "a browser sent on to a stranger (open redirect)",
    "forged request of a browser (CSRF)",
    "clickjacking",
    "somebody else's wait in another browser",
    "replay of a code",
    "replay of a refresh token",
    "replay of a ticket",
    "a spent ticket that a power cut brings back",
    "replay of an assertion",
    "replay of a DPoP proof",
    "replay of a pushed request",
    "replay of a claim token",
    "`alg` none and key confusion",
    "audience confusion",
    "client impersonation",
    "issuer that is not trusted",
    "somebody else's credential, or one that is over",
    "a forged contact card",
    "a forged mandate, or one for somebody else",
    "ticket substitution",
    "a ticket for one resource opening its whole type",
    "ownership checked on the first of a list only",
    "a disabled feature whose endpoint stays open",
    "a check on PUT and DELETE but not on POST",
    "race of approve against end",
    "brute force of passwords and codes",
    "more than was asked, or than the grant says",
    "another client's or person's token for an upgrade",
    "outliving the grant",
    "a clock that is set back",
    "learning from introspection",
    "learning what was left out",
    "learning whether something exists",
    "linking one person across clients",
    "burying the owner in requests",
    "exhausting the machine",
    "DNS rebinding",
    "a foreign page reads answers (CORS)",
    "a request that reads two ways",
    "fetching an address for somebody else",
    "a name that speaks for the wallet",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Attack and tests of each row.
fn table() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (_, after) = text.split_once("## Attacks, and what fails when one works").expect("the table is there");
    let section = after.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.filter(|(attack, _)| *attack != "attack")
        .map(|(attack, tests)| {
            let named = tests.split(", ").map(|test| test.trim_matches('`').to_owned()).collect();
            (attack.to_owned(), named)
        })
        .collect()
}

/// Names of all tests: functions that stand right below `#[test]` or its like, and are not ignored.
fn tests(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules") {
            tests(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let mut marked = false;
            for line in text.lines().map(str::trim) {
                if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                    marked = true;
                } else if let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) {
                    if marked {
                        into.insert(rest.split(['(', '<']).next().unwrap().to_owned());
                    }
                    marked = false;
                } else if line.starts_with("#[ignore") {
                    marked = false;
                }
            }
        }
    }
}

#[test]
fn every_attack_has_its_row_and_every_row_its_tests() {
    let table = table();
    let rows: Vec<&str> = table.iter().map(|(attack, _)| attack.as_str()).collect();
    assert_eq!(rows, ATTACKS);
    let mut there = BTreeSet::new();
    tests(&root().join("crates"), &mut there);
    tests(&root().join("tests"), &mut there);
    let missing: Vec<(&str, &str)> = table
        .iter()
        .flat_map(|(attack, named)| named.iter().map(move |test| (attack.as_str(), test.as_str())))
        .filter(|(_, test)| !there.contains(*test))
        .collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
    assert!(table.iter().all(|(_, named)| !named.is_empty()));
}
