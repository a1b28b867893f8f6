//! How fast a record comes in, beside the least it could cost, and how fast it answers.
//!
//! Prints one JSON object a line; those with `bench` are for the table of `cargo xtask bench`. `--items 100000` sets one
//! size; without it 1,000, 10,000 and 100,000 are measured. `--page 500` sets how many items are one transaction.
//! The floor is a table of the same bytes alone, in the same pages of a pull: once in SQLCipher as it comes, once under
//! the vault's own cipher settings. Ids come in no order; dates do or do not, the worst case for an index.
//! Ratios are given by the clock and by processor time; the second holds on a busy machine, too.
//! The folder is the system's temporary one, or what `SATCHEL_BENCH_DIR` names: it should lie on a real disk.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement fails and reports plainly"
)]

use std::env;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use types::{ConnectionId, PersonId, PullId, Secret};
use vault::{Connected, ItemDraft, ListQuery, Person, Vault};

/// Items of one page, as the wallet asks for them.
const PAGE: usize = 500;
const TESTS: [&str; 12] = [
    "Glucose",
    "Sodium",
    "Potassium",
    "Chloride",
    "Creatinine",
    "Urea nitrogen",
    "Calcium",
    "Hemoglobin A1c",
    "Cholesterol in LDL",
    "Cholesterol in HDL",
    "Triglyceride",
    "Thyrotropin",
];

fn main() {
    let asked: Vec<String> = env::args().collect();
    let number = |name: &str| asked.iter().position(|word| word == name).and_then(|at| asked.get(at + 1)?.parse().ok());
    let page = number("--page").unwrap_or(PAGE);
    for items in number("--items").map_or(vec![1_000, 10_000, 100_000], |items| vec![items]) {
        measure(items, page);
    }
}

fn measure(items: usize, page: usize) {
    let root = env::var_os("SATCHEL_BENCH_DIR").map_or_else(env::temp_dir, Into::into);
    let key = Secret::new([7; 32]);
    for order in [Order::ByDate, Order::None] {
        let folder = tempfile::tempdir_in(&root).unwrap();
        let (drafts, bodies): (Vec<ItemDraft>, Vec<Vec<u8>>) = (0..items).map(|n| draft(n, order)).unzip();
        let bytes: usize = bodies.iter().map(Vec::len).sum();
        let parse = spend(|| {
            for body in &bodies {
                std::hint::black_box(serde_json::from_slice::<Value>(body).unwrap());
            }
        });
        let bare = bare_insert(&folder.path().join("bare"), "", &bodies, page);
        let same = bare_insert(&folder.path().join("same"), OUR_CIPHER, &bodies, page);

        let path = folder.path().join("satchel.vault");
        let mut vault = Vault::create(&path, &key).unwrap();
        let (person, connection) = prepare(&mut vault);
        let intake = spend(|| pull(&mut vault, &person, &connection, (1, page), &drafts));
        let again = spend(|| pull(&mut vault, &person, &connection, (2, page), &drafts));
        let close = time(|| vault.close().unwrap());
        let size = std::fs::metadata(&path).unwrap().len();
        let line = json!({
            "measure": "intake", "items": items, "bytes_each": bytes / items, "order": order.name(),
            "per_second": rate(items, &intake), "again_per_second": rate(items, &again),
            "parse_per_second": rate(items, &parse), "bare_per_second": rate(items, &bare),
            "of_bare": ratio(bare.wall, intake.wall), "of_bare_same_cipher": ratio(same.wall, intake.wall),
            "of_parse": ratio(parse.wall, intake.wall),
            "cpu_us_each": micros(items, intake.cpu), "cpu_us_again": micros(items, again.cpu),
            "cpu_us_bare": micros(items, bare.cpu), "cpu_us_parse": micros(items, parse.cpu),
            "close_ms": millis(close), "file_bytes_per_byte": (size as f64 / bytes as f64 * 100.0).round() / 100.0,
        });
        println!("{line}");
        let (figure, reference) = (rate(items, &intake), rate(items, &bare).min(rate(items, &parse)));
        let figure = json!({
            "bench": format!("vault intake of {items}, dates in order: {}", order.name()), "figure": figure,
            "reference": reference, "ratio": figure as f64 / reference as f64, "unit": "items/s",
            "against": "slower of JSON parse and bare insert",
        });
        println!("{figure}");
        if order == Order::None {
            questions(&path, &key, &person, items);
        }
    }
}

/// In which order the dates of the items come.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    ByDate,
    None,
}

impl Order {
    fn name(self) -> &'static str {
        match self {
            Self::ByDate => "by date",
            Self::None => "none",
        }
    }
}

const OUR_CIPHER: &str = "PRAGMA cipher_page_size = 8192; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;";

/// The same bytes, one row each, as durable and in the same pages: the floor.
fn bare_insert(path: &Path, cipher: &str, bodies: &[Vec<u8>], page: usize) -> Spent {
    let mut connection = rusqlite::Connection::open(path).unwrap();
    let hex = "07".repeat(32);
    connection
        .execute_batch(&format!(
            "PRAGMA key = \"x'{hex}'\"; {cipher} PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 2000;
             CREATE TABLE bare (n INTEGER PRIMARY KEY, json BLOB NOT NULL) STRICT;"
        ))
        .unwrap();
    spend(|| {
        for page in bodies.chunks(page) {
            let transaction = connection.transaction().unwrap();
            {
                let mut insert = transaction.prepare_cached("INSERT INTO bare (json) VALUES (?1)").unwrap();
                for body in page {
                    insert.execute([body]).unwrap();
                }
            }
            transaction.commit().unwrap();
        }
    })
}

fn prepare(vault: &mut Vault) -> (PersonId, ConnectionId) {
    let (person, connection) = (PersonId::from_random([1; 16]), ConnectionId::from_random([1; 16]));
    let created = Timestamp::UNIX_EPOCH;
    let (name, relation) = ("Ana".to_owned(), "me".to_owned());
    vault.add_person(&Person { id: person.clone(), name, relation, birth_date: None, created }).unwrap();
    let row = Connected {
        id: connection.clone(),
        name: "Clinic".into(),
        address: "https://ehr.example.org/fhir".into(),
        state: "ready".into(),
        scopes: "patient/*.rs".into(),
        details: "{}".into(),
        created,
        last_pull: None,
    };
    vault.add_connection(&person, &row).unwrap();
    (person, connection)
}

fn pull(vault: &mut Vault, person: &PersonId, connection: &ConnectionId, (n, page): (u8, usize), drafts: &[ItemDraft]) {
    let id = PullId::from_random([n; 16]);
    let now = Timestamp::UNIX_EPOCH;
    vault.begin_pull(person, connection, &id, &[("Observation".into(), "lab".into())], now).unwrap();
    for page in drafts.chunks(page) {
        vault.store_page(&id, "Observation", page, Some("https://ehr.example.org/fhir?page=2"), now).unwrap();
    }
    vault.end_pull(person, &id, "done", None, now).unwrap();
}

/// Latencies of what a page of the window asks for; the first question meets a cold cache.
fn questions(path: &Path, key: &Secret<[u8; 32]>, person: &PersonId, items: usize) {
    let begun = Instant::now();
    let vault = Vault::open(path, key).unwrap();
    println!("{}", json!({"measure": "open", "items": items, "ms": millis(begun.elapsed())}));
    let list = |query: ListQuery| {
        let vault = &vault;
        move || std::hint::black_box(vault.list(person, &query).unwrap()).total
    };
    let search = |words: &str| ListQuery { words: words.into(), limit: 50, ..ListQuery::default() };
    let middle = (items / 2) as u32;
    let row =
        vault.list(person, &ListQuery { offset: middle, limit: 1, ..ListQuery::default() }).unwrap().rows.remove(0);
    report("first page", items, list(ListQuery { limit: 50, ..ListQuery::default() }));
    report("page in the middle", items, list(ListQuery { limit: 50, offset: middle, ..ListQuery::default() }));
    report("one kind", items, list(ListQuery { kind: Some("lab".into()), limit: 50, ..ListQuery::default() }));
    report("newest of each", items, list(ListQuery { newest_of_each: true, limit: 50, ..ListQuery::default() }));
    report("search, one hit", items, list(search(&format!("specimen{middle}"))));
    report("search, a twelfth", items, list(search("gluc")));
    report("search, two words", items, list(search("chol hdl")));
    report("search, every item", items, list(search("serum")));
    report("search, nothing", items, list(search("xyzzyx")));
    report("did you mean", items, || u32::from(vault.did_you_mean(person, "hemoglobyn").unwrap().is_some()));
    report("item by id", items, || vault.item(person, &row.id).unwrap().json.len() as u32);
    report("test history", items, || vault.test_history(person, "Glucose").unwrap().len() as u32);
    report("counts by kind", items, || vault.kind_counts(person).unwrap().len() as u32);
    report("counts by source", items, || vault.source_counts(person).unwrap().len() as u32);
    report("news", items, || vault.news(person, &PullId::from_random([1; 16]), 6).unwrap().len() as u32);
}

fn report(what: &str, items: usize, ask: impl Fn() -> u32) {
    let begun = Instant::now();
    let answer = ask();
    let first = begun.elapsed();
    let mut times: Vec<Duration> = (0..9).map(|_| time(|| _ = std::hint::black_box(ask()))).collect();
    times.sort();
    let line = json!({
        "measure": what, "items": items, "answer": answer, "first_ms": millis(first), "median_ms": millis(times[4]),
    });
    println!("{line}");
}

fn draft(n: usize, order: Order) -> (ItemDraft, Vec<u8>) {
    let test = TESTS[n % TESTS.len()];
    let id = format!("{:08x}-5d6f-4a6b-9c1e-{:012x}", n.wrapping_mul(0x9e37_79b1) as u32, n * 7_919);
    let day = match order {
        Order::ByDate => (n / 12) as i64 % 9_000,
        Order::None => (n.wrapping_mul(2_654_435_761) % 9_000) as i64,
    };
    let date = format!("20{:02}-{:02}-{:02}T08:30:00-06:00", day / 365, day / 31 % 12 + 1, day % 28 + 1);
    let number = format!("{}.{}", n % 300, n % 10);
    let mut resource = json!({
        "resourceType": "Observation", "id": id,
        "meta": {"versionId": "1", "lastUpdated": "2026-05-01T10:00:00Z",
            "profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"]},
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "laboratory", "display": "Laboratory"}], "text": "Laboratory"}],
        "code": {"coding": [{"system": "http://loinc.org", "code": format!("{}-7", 1_000 + n % 12),
            "display": format!("{test} [Mass/volume] in Serum or Plasma")}], "text": test},
        "subject": {"reference": "Patient/8c1e5d6f"}, "encounter": {"reference": format!("Encounter/{}", n / 20)},
        "effectiveDateTime": date, "issued": date,
        "performer": [{"reference": format!("Organization/{}", n % 5), "display": "Lakeside Laboratory"}],
        "valueQuantity": {"value": n % 300, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
        "referenceRange": [{"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 99, "unit": "mg/dL"}}],
        "interpretation": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
            "code": "N", "display": "Normal"}]}],
        "identifier": [{"system": "https://ehr.example.org/orders", "value": format!("{n:08}")}],
        "note": [{"text": ""}],
    });
    let missing = 1_500usize.saturating_sub(resource.to_string().len());
    resource["note"][0]["text"] = Value::from("seen ".repeat(missing / 5));
    let body = serde_json::to_vec(&resource).unwrap();
    let draft = ItemDraft {
        resource_type: "Observation".into(),
        source_id: id,
        version_id: Some("1".into()),
        last_updated: Some("2026-05-01T10:00:00Z".into()),
        kind: if n % 4 == 3 { "vital".into() } else { "lab".into() },
        title: Some(test.into()),
        date: Some(date),
        date_sort: Some(day * 86_400),
        status: Some("final".into()),
        test_key: Some(test.into()),
        value_json: Some(json!({"number": number, "unit": "mg/dL", "against": "within", "parts": []}).to_string()),
        text: format!("{test} Mass volume in Serum or Plasma {number} mg dL final Lakeside Laboratory specimen{n}"),
        references: vec![format!("Encounter/{}", n / 20), format!("Organization/{}", n % 5)],
        json: body.as_slice().into(),
        ..ItemDraft::default()
    };
    (draft, body)
}

fn time(act: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    act();
    begun.elapsed()
}

/// What something cost, by the clock and by processor time of this thread.
struct Spent {
    wall: Duration,
    cpu: Duration,
}

fn spend(act: impl FnOnce()) -> Spent {
    let before = processor_time();
    let wall = time(act);
    Spent { wall, cpu: processor_time().saturating_sub(before) }
}

/// Zero where the system does not tell (anything but Linux).
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}

fn rate(items: usize, took: &Spent) -> u64 {
    (items as f64 / took.wall.as_secs_f64()) as u64
}

fn micros(items: usize, took: Duration) -> f64 {
    (took.as_secs_f64() * 1e7 / items as f64).round() / 10.0
}

fn ratio(least: Duration, took: Duration) -> f64 {
    (least.as_secs_f64() / took.as_secs_f64() * 100.0).round() / 100.0
}

fn millis(took: Duration) -> f64 {
    (took.as_secs_f64() * 100_000.0).round() / 100.0
}
