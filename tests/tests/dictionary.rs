//! The dictionary that the vault squeezes resources with: made here once, and never again, because what was written with
//! it is read with it for ever.
#![allow(clippy::unwrap_used, reason = "tests say plainly what they expect")]

use std::path::PathBuf;

use sandbox::people::{Plan, invent};

/// Bytes of the dictionary: more gains little, and whoever opens a vault carries it.
const SIZE: usize = 32 << 10;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/vault/src/packed/first.dictionary")
}

/// Resources as the sandbox sends them, of people of all ages.
fn samples() -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    for seed in 1..=4 {
        let plan = Plan { seed, today: "2026-11-20".parse().unwrap(), people: 24, years: None, resources: None };
        for record in invent(&plan).into_iter().flat_map(|life| life.records) {
            samples.extend(record.resources.iter().map(|resource| resource.json.to_string().into_bytes()));
        }
    }
    samples
}

#[test]
#[ignore = "writes the dictionary, once"]
fn write_the_dictionary() {
    assert!(!file().exists(), "a dictionary is never written again");
    let dictionary = zstd::dict::from_samples(&samples(), SIZE).unwrap();
    std::fs::create_dir_all(file().parent().unwrap()).unwrap();
    std::fs::write(file(), dictionary).unwrap();
}
