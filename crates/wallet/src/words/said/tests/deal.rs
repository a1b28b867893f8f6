//! Random grants, as attackers and careless people would make them.

use consent::Grant;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

/// Sources that the owner has a name for, as the wallet gives names: two of one name bear their ids.
pub(super) const SOURCES: [(&str, &str); 3] = [
    ("con_00000000000000000000000000000001", "Fenwick Valley"),
    ("con_00000000000000000000000000000002", "Clinic (con_00000000000000000000000000000002)"),
    ("con_00000000000000000000000000000003", "from 1 Jan 2020 or “con_00000000000000000000000000000001”"),
];

/// Foreign texts: names, codes, addresses that say more than they should.
const TEXTS: [&str; 16] = [
    "Nora Calder",
    "O’Brien & Sons",
    "Ann”. It lets nothing out. For “Bob",
    "Ann», que firma con «did:key:z",
    "{did}",
    "{name} $& {issuer}",
    "a  b",
    " a",
    "a ",
    " ",
    "\u{202e}nnA",
    "zero\u{200b}width \u{feff}",
    "⟨U+202E⟩",
    "no\u{a0}break\u{3000}",
    "x or y, and at the same time z",
    "José Ångström 王 🩺",
];

/// Xorshift: the same numbers for the same seed, everywhere.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..8).for_each(|_| _ = dice.roll());
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.roll() >> 11).unwrap() % count
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn happens(&mut self, times: usize, of: usize) -> bool {
        self.below(of) < times
    }

    fn some(&mut self, of: &[&str], most: usize) -> Vec<String> {
        let mut all: Vec<String> = (0..1 + self.below(most)).map(|_| self.one(of).to_owned()).collect();
        all.dedup();
        all
    }

    fn text(&mut self) -> String {
        let mut text = self.one(&TEXTS).to_owned();
        if self.happens(1, 3) {
            text.push_str(self.one(&TEXTS));
        }
        text
    }
}

pub(super) fn grant(dice: &mut Dice, zone: &TimeZone) -> Grant {
    let permits: Vec<Value> = (0..dice.below(4)).map(|_| permit(dice)).collect();
    let except: Vec<Value> = (0..dice.below(4)).map(|_| select(dice)).collect();
    let mut grant = json!({
        "version": 1, "id": format!("grt_{:032x}", dice.roll()),
        "who": {"name": dice.text(), "proof": proof(dice)},
        "permits": permits, "except": except, "term": {},
    });
    let members = [
        ("mode", json!(dice.one(&["strict", "usual", "loose"]))),
        ("deidentified", json!(dice.one(&["year", "shifted"]))),
        ("purposes", json!(dice.some(&["TREAT", "HRESCH", "FAMRQT", "XRAY9", "PATRQT"], 3))),
        ("words", json!((0..1 + dice.below(3)).map(|_| dice.text()).collect::<Vec<_>>())),
        ("decisions", json!((0..1 + dice.below(4)).map(|_| decision(dice)).collect::<Vec<_>>())),
    ];
    for (name, value) in members {
        if dice.happens(1, 2) {
            grant[name] = value;
        }
    }
    let (start, end) = (instant(dice, zone), instant(dice, zone));
    if dice.happens(1, 2) {
        grant["term"]["start"] = json!(start.min(end).to_string());
    }
    if start != end && dice.happens(2, 3) {
        grant["term"]["end"] = json!(start.max(end).to_string());
    }
    if dice.happens(1, 3) {
        grant["term"]["uses"] = json!(1 + dice.below(2_000));
    }
    Grant::parse(grant.to_string().as_bytes()).unwrap_or_else(|why| panic!("{why}: {grant:#}"))
}

fn proof(dice: &mut Dice) -> Value {
    match dice.below(5) {
        0 => json!("owner"),
        1 => json!({"did": format!("did:{}", dice.text())}),
        2 => json!({"idToken": {"issuer": dice.text(), "subject": dice.text()}}),
        3 => json!({"credential": {"type": dice.text(), "issuer": dice.text()}}),
        _ => json!({"client": dice.text()}),
    }
}

fn permit(dice: &mut Dice) -> Value {
    if dice.happens(1, 3) {
        let select = json!({"types": dice.some(&["Observation", "Condition", "Goal"], 2)});
        return json!({"context": "patient", "actions": dice.one(&["rs", "rs", "rds", "c"]), "select": select});
    }
    let actions = dice.one(&["rs", "rs", "r", "s", "c", "crs", "cr", "cruds", "ud", "cs"]);
    json!({"context": dice.one(&["patient", "patient", "user", "system"]), "actions": actions, "select": select(dice)})
}

fn select(dice: &mut Dice) -> Value {
    let types = fhir::definitions::codes("resource-types").unwrap();
    let types: Vec<&str> =
        types.iter().map(|name| &**name).filter(|name| !matches!(*name, "Resource" | "DomainResource")).collect();
    let topics: Vec<&str> = crate::grants::rules().unwrap().topics().iter().map(|topic| &*topic.id).collect();
    let queries = ["_id=a,b", "_security=R", "_lastUpdated=ge2020&_tag=x", "_id:not=or"];
    let codes: Vec<Value> = (0..1 + dice.below(3))
        .map(|_| {
            let system = dice.one(&["http://loinc.org", "urn:oid:2.16", "http://x/“of»", "http://x/?a|b"]);
            let code = dice.text();
            if dice.happens(1, 3) { json!({"system": system}) } else { json!({"system": system, "code": code}) }
        })
        .collect();
    let sources: Vec<&str> =
        SOURCES.iter().map(|(id, _)| *id).chain(["con_0000000000000000000000000000000f", "Fenwick Valley"]).collect();
    let members = [
        ("types", json!(dice.some(&types, 4))),
        ("query", json!(dice.one(&queries))),
        ("codes", json!(codes)),
        ("valueSets", json!(dice.some(&["http://x/ValueSet/a", "http://x/ValueSet/“b”"], 2))),
        ("topics", json!(dice.some(&topics, 4))),
        ("labels", json!(dice.some(&["HIV", "PSY", "R", "V", "or", "and"], 3))),
        ("dates", dates(dice)),
        ("sources", json!(dice.some(&sources, 3))),
        ("resources", json!(dice.some(&["Observation/a", "Patient/b.c-d", "Condition/or"], 3))),
        ("elements", json!(dice.some(&["Observation.note", "Observation.value[x]", "Patient.address"], 3))),
    ];
    let mut select = json!({});
    for (name, value) in members {
        if dice.happens(1, 4) {
            select[name] = value;
        }
    }
    if select == json!({}) {
        select["types"] = json!(["*"]);
    }
    select
}

fn dates(dice: &mut Dice) -> Value {
    let day =
        |dice: &mut Dice| format!("{:04}-{:02}-{:02}", 1900 + dice.below(200), 1 + dice.below(12), 1 + dice.below(28));
    let (one, two) = (day(dice), day(dice));
    let (from, to) = if one < two { (one, two) } else { (two, one) };
    match dice.below(3) {
        0 => json!({"from": from}),
        1 => json!({"to": to}),
        _ => json!({"from": from, "to": to}),
    }
}

/// Any instant; often the first or last of a day, in the hour that comes twice, or with a part of a second.
fn instant(dice: &mut Dice, zone: &TimeZone) -> Timestamp {
    let at = Timestamp::from_second(i64::try_from(dice.below(4_000_000_000)).unwrap()).unwrap();
    let day = at.to_zoned(zone.clone()).start_of_day().unwrap();
    match dice.below(6) {
        0 => day.timestamp(),
        1 => day.timestamp() - 1.second(),
        2 => at + dice.one(&[1_i64, 500_000_000, 123_456_789]).nanoseconds(),
        3 => at - at.as_second().rem_euclid(60).seconds(),
        4 => {
            // 2026-10-25, 03:00 in summer time is 02:00 in winter time.
            let fold: Timestamp = "2026-10-25T00:00:00Z".parse().unwrap();
            fold + i64::try_from(dice.below(7_200)).unwrap().seconds()
        }
        _ => at,
    }
}

fn decision(dice: &mut Dice) -> Value {
    let choice = dice.one(&["keep", "takeOut", "leaveOut"]);
    let resource = dice.one(&["Observation/a", "DocumentReference/b"]);
    match dice.one(&["", "/note/0/text", "/a or “b”, /c"]) {
        "" => json!({"resource": resource, "choice": choice}),
        place => json!({"resource": resource, "place": place, "choice": choice}),
    }
}
