//! Which of our crates may use which. Edges point downward only.

use std::collections::BTreeSet;

use crate::workspace::{self, Edge};

/// A crate and what it may use, from the bottom up.
const ALLOWED: &[(&str, &[&str])] = &[
    // 0: values
    ("types", &[]),
    ("crypto", &["types"]),
    ("did", &["crypto"]),
    ("fhir", &[]),
    ("audit", &["types", "crypto"]),
    // 1: cores, no I/O
    ("credentials", &["types", "crypto"]),
    ("smart", &["types", "crypto", "fhir"]),
    ("consent", &["fhir", "types", "crypto"]),
    ("authz", &["types", "crypto", "did", "consent"]),
    // 2: effects
    ("search", &["types", "crypto", "fhir"]),
    ("server", &["types", "authz", "search"]),
    ("fetch", &["types"]),
    ("keychain", &["types", "crypto"]),
    ("vault", &["types", "crypto", "audit"]),
    // 3: what a person does
    (
        "wallet",
        &[
            "types",
            "crypto",
            "did",
            "fhir",
            "audit",
            "credentials",
            "smart",
            "consent",
            "authz",
            "search",
            "fetch",
            "keychain",
            "vault",
            "server",
        ],
    ),
    // 4: shells
    ("cli", &["types", "wallet"]),
    ("satchel-desktop", &["types", "wallet"]),
    // apart: nothing that is shipped may use these
    ("sandbox", &["types", "crypto"]),
    ("testkit", &[]),
    ("tests", &["testkit"]),
    ("xtask", &[]),
];

/// Programs and helpers of the tests; a shipped crate may name them for its tests only.
const NEVER_SHIPPED: &[&str] = &["sandbox", "testkit", "tests", "xtask"];

fn ours(edges: Vec<Edge>) -> impl Iterator<Item = Edge> {
    edges.into_iter().filter(|edge| edge.ours)
}

#[test]
fn no_crate_uses_one_that_the_plan_does_not_let_it_use() {
    let allowed = |edge: &Edge| ALLOWED.iter().any(|(from, to)| *from == edge.from && to.contains(&edge.to.as_str()));
    let unknown: Vec<String> = ours(workspace::edges())
        .filter(|edge| !edge.apart && !allowed(edge))
        .map(|edge| format!("{} → {}", edge.from, edge.to))
        .collect();
    assert!(unknown.is_empty(), "not in the plan: {unknown:#?}");
}

#[test]
fn the_plan_names_every_crate_and_no_edge_that_is_gone() {
    let found: BTreeSet<(String, String)> =
        ours(workspace::edges()).filter(|edge| !edge.apart).map(|edge| (edge.from, edge.to)).collect();
    let mut gone = Vec::new();
    for (from, all) in ALLOWED {
        for to in *all {
            if !found.contains(&((*from).to_owned(), (*to).to_owned())) {
                gone.push(format!("{from} → {to}"));
            }
        }
    }
    assert!(gone.is_empty(), "in the plan, but not in the house: {gone:#?}");

    let planned: BTreeSet<String> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let built: BTreeSet<String> =
        workspace::packages().iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(planned, built);
}

#[test]
fn every_edge_of_the_plan_points_downward() {
    for (at, (from, all)) in ALLOWED.iter().enumerate() {
        for to in *all {
            let below = ALLOWED.iter().take(at).any(|(name, _)| name == to);
            assert!(below, "{from} → {to} does not point downward");
        }
    }
}

#[test]
fn what_is_only_for_tests_is_never_shipped() {
    for edge in ours(workspace::edges()) {
        let shipped = !NEVER_SHIPPED.contains(&edge.from.as_str());
        let foreign = NEVER_SHIPPED.contains(&edge.to.as_str());
        assert!(!(shipped && foreign) || edge.apart, "{} would ship {}", edge.from, edge.to);
    }
}

#[test]
fn every_declared_dependency_is_used() {
    let mut unused = Vec::new();
    for package in workspace::packages() {
        let name = package["name"].as_str().unwrap();
        let manifest = package["manifest_path"].as_str().unwrap();
        let folder = std::path::Path::new(manifest).parent().unwrap().strip_prefix(workspace::root()).unwrap();
        let sources = workspace::sources(folder.to_str().unwrap());
        for dependency in package["dependencies"].as_array().unwrap() {
            if dependency["kind"].is_string() {
                continue;
            }
            let called = dependency["rename"].as_str().or(dependency["name"].as_str()).unwrap().replace('-', "_");
            let known = |text: &String| text.contains(&format!("{called}::")) || text.contains(&format!("{called};"));
            if !sources.iter().any(|(_, text)| known(text)) {
                unused.push(format!("{name}: {called}"));
            }
        }
    }
    assert!(unused.is_empty(), "declared and never used: {unused:#?}");
}
