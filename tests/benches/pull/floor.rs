//! The least the bytes of a record could cost.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use sandbox::people::{Plan, System, invent};
use serde_json::Value;

/// Resources of one page, as the wallet asks for them.
const PAGE: usize = 500;

/// The resources that the sandbox serves, to the byte, in pages as the wallet asks for them: of one kind each.
pub(crate) fn pages(plan: &Plan) -> Vec<Vec<Vec<u8>>> {
    let mut lives = invent(plan);
    let record = lives.remove(0).records.into_iter().find(|record| record.system == System::Valley).unwrap();
    let mut kinds: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    for resource in record.resources {
        kinds.entry(resource.kind).or_default().push(resource.json.to_string().into_bytes());
    }
    kinds.into_values().flat_map(|kind| kind.chunks(PAGE).map(<[Vec<u8>]>::to_vec).collect::<Vec<_>>()).collect()
}

/// Each resource as a tree.
pub(crate) fn parse(pages: &[Vec<Vec<u8>>]) -> Duration {
    time(|| {
        for bytes in pages.iter().flatten() {
            black_box(serde_json::from_slice::<Value>(bytes).unwrap());
        }
    })
}

/// The bytes alone, each part on the disk before the next begins.
pub(crate) fn insert(folder: &Path, parts: &[Vec<Vec<u8>>]) -> Duration {
    let path = folder.join("bare.db");
    let mut connection = rusqlite::Connection::open(&path).unwrap();
    let key = "07".repeat(32);
    let start = format!(
        "PRAGMA key = \"x'{key}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE bare (n INTEGER PRIMARY KEY, json BLOB NOT NULL) STRICT;"
    );
    connection.execute_batch(&start).unwrap();
    let took = time(|| {
        for page in parts {
            let transaction = connection.transaction().unwrap();
            {
                let mut insert = transaction.prepare_cached("INSERT INTO bare (json) VALUES (?1)").unwrap();
                for bytes in page {
                    insert.execute([bytes]).unwrap();
                }
            }
            transaction.commit().unwrap();
        }
    });
    drop(connection);
    std::fs::remove_file(path).unwrap();
    took
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}
