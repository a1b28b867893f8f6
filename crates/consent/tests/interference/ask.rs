//! Random requests: whatever a curious client can say, with the ids and words of what it must not see.

use search::{Method, Request};

use super::dice::Dice;
use super::life::PATIENT;
use super::shapes::{CODES, SHAPES, WORDS};

/// Parameters by type: name, and what its value looks like.
const PARAMETERS: &[(&str, &[(&str, Like)])] = &[
    (
        "Observation",
        &[
            ("code", Code),
            ("date", Day),
            ("status", Word),
            ("category", Word),
            ("value-quantity", Amount),
            ("subject", Who),
            ("patient", Who),
            ("encounter", Any),
            ("performer", Any),
            ("has-member", Any),
            ("derived-from", Any),
            ("specimen", Any),
            ("identifier", Id),
            ("code-value-quantity", Pair),
        ],
    ),
    (
        "Condition",
        &[
            ("code", Code),
            ("onset-date", Day),
            ("subject", Who),
            ("encounter", Any),
            ("evidence-detail", Any),
            ("asserter", Any),
            ("identifier", Id),
        ],
    ),
    (
        "MedicationRequest",
        &[
            ("code", Code),
            ("medication", Any),
            ("authoredon", Day),
            ("requester", Any),
            ("subject", Who),
            ("identifier", Id),
        ],
    ),
    (
        "Encounter",
        &[
            ("date", Day),
            ("diagnosis", Any),
            ("service-provider", Any),
            ("part-of", Any),
            ("participant", Any),
            ("location", Any),
            ("type", Code),
            ("identifier", Id),
        ],
    ),
    (
        "DiagnosticReport",
        &[("result", Any), ("code", Code), ("date", Day), ("performer", Any), ("identifier", Id), ("conclusion", Code)],
    ),
    (
        "DocumentReference",
        &[
            ("type", Code),
            ("date", Day),
            ("encounter", Any),
            ("related", Any),
            ("relatesto", Any),
            ("author", Any),
            ("description", Text),
        ],
    ),
    ("Provenance", &[("target", Any), ("agent", Any), ("entity", Any), ("recorded", Day)]),
    ("List", &[("item", Any), ("title", Text), ("code", Code), ("date", Day)]),
    ("CarePlan", &[("condition", Any), ("activity-reference", Any), ("date", Day)]),
    ("Procedure", &[("code", Code), ("date", Day), ("reason-reference", Any)]),
    ("Practitioner", &[("name", Text), ("family", Text), ("identifier", Id)]),
    ("Organization", &[("name", Text), ("partof", Any)]),
    ("Location", &[("name", Text), ("organization", Any)]),
    ("Medication", &[("code", Code), ("manufacturer", Any)]),
    ("Task", &[("focus", Any), ("patient", Who)]),
    ("Goal", &[("subject", Who), ("target-date", Day)]),
    ("Patient", &[("name", Text), ("family", Text), ("birthdate", Day), ("identifier", Id), ("address-city", Text)]),
    ("Immunization", &[("vaccine-code", Code), ("date", Day), ("lot-number", Text)]),
];

#[derive(Clone, Copy)]
enum Like {
    Code,
    Day,
    Word,
    Amount,
    Who,
    Any,
    Id,
    Text,
    Pair,
}

use Like::*;

/// What the asking client has heard of: ids of both kinds, `Type/id`.
pub struct Heard {
    pub references: Vec<String>,
}

pub fn request(dice: &mut Dice, heard: &Heard) -> Request {
    let (path, query) = match dice.below(20) {
        0 => (some(dice, heard), String::new()),
        1 => (format!("{}/_history/{}", some(dice, heard), 1 + dice.below(3)), String::new()),
        2 => (format!("{}/_history", some(dice, heard)), String::new()),
        3 => (format!("{}/_history", dice.pick(PARAMETERS).0), page(dice)),
        4 => ("_history".into(), page(dice)),
        5 => (format!("Patient/{PATIENT}/$everything"), everything(dice)),
        6 => (String::new(), format!("_type={},{}&{}", dice.pick(SHAPES).0, dice.pick(SHAPES).0, control(dice))),
        7 => return batch(dice, heard),
        _ => search(dice, heard),
    };
    let mut headers = Vec::new();
    if dice.once_in(4) {
        headers.push(("prefer".into(), format!("handling={}", dice.pick(&["strict", "lenient"]))));
    }
    if dice.once_in(10) {
        headers.push(("if-none-match".into(), format!("W/\"{}\"", 1 + dice.below(3))));
    }
    if dice.once_in(12) {
        headers.push(("if-modified-since".into(), "Sat, 04 Jan 2025 00:00:00 GMT".into()));
    }
    let method = if dice.once_in(15) { Method::Head } else { Method::Get };
    if dice.once_in(8) && path.chars().all(char::is_alphabetic) && !path.is_empty() {
        headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
        return Request {
            method: Method::Post,
            path: format!("{path}/_search"),
            query: String::new(),
            headers,
            body: query.into_bytes(),
        };
    }
    Request { method, path, query, headers, body: Vec::new() }
}

fn search(dice: &mut Dice, heard: &Heard) -> (String, String) {
    let (kind, parameters) = dice.pick(PARAMETERS);
    let mut parts = Vec::new();
    for _ in 0..dice.below(3) {
        let (name, like) = dice.pick(parameters);
        parts.push(criterion(dice, name, *like, heard));
    }
    match dice.below(9) {
        0 => parts.push(chain(dice, heard)),
        1 | 2 => parts.push(has(dice, heard)),
        3 => parts.push(format!("_id={},{}", id(dice, heard), id(dice, heard))),
        4 => parts.push(format!("_lastUpdated={}{}", dice.pick(&["", "ge", "lt"]), day(dice))),
        5 => parts.push(format!("_tag={}", dice.hex(1))),
        6 => parts.push(format!("_security={}", dice.pick(&["R", "HIV", "PSY"]))),
        7 => parts.push(format!("{}={}", dice.pick(&["_text", "_content"]), dice.pick(WORDS).replace(' ', "%20"))),
        _ => {}
    }
    parts.push(control(dice));
    ((*kind).to_owned(), parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&"))
}

fn criterion(dice: &mut Dice, name: &str, like: Like, heard: &Heard) -> String {
    if dice.once_in(8) {
        return format!("{name}:missing={}", dice.pick(&["true", "false"]));
    }
    let (modifier, value) = match like {
        Code => {
            let (system, code, display) = dice.pick(CODES);
            match dice.below(5) {
                0 => (":not", (*code).to_owned()),
                1 => (":text", display.split(' ').next().unwrap_or_default().to_owned()),
                2 => ("", format!("{system}|")),
                3 => ("", format!("{system}|{code}")),
                _ => ("", (*code).to_owned()),
            }
        }
        Day => ("", format!("{}{}", dice.pick(&["", "ge", "lt", "ne", "sa", "eb", "ap"]), day(dice))),
        Word => ("", (*dice.pick(&["final", "laboratory", "vital-signs", "entered-in-error"])).to_owned()),
        Amount => ("", format!("{}{}", dice.pick(&["gt", "lt", "", "ne"]), dice.below(90))),
        Pair => ("", format!("http://loinc.org|4548-4$gt{}", dice.below(90))),
        Who => ("", format!("Patient/{PATIENT}")),
        Any => match dice.below(4) {
            0 => (":identifier", format!("https://hospital.example/ids|{}", dice.hex(2))),
            1 => ("", id(dice, heard)),
            _ => ("", some(dice, heard)),
        },
        Id => ("", dice.hex(2)),
        Text => (
            *dice.pick(&["", ":exact", ":contains"]),
            dice.pick(WORDS).split(' ').next().unwrap_or_default().to_owned(),
        ),
    };
    format!("{name}{modifier}={value}")
}

fn chain(dice: &mut Dice, heard: &Heard) -> String {
    let code = dice.pick(CODES).1;
    match dice.below(8) {
        0 => format!("encounter.diagnosis:Condition.code={code}"),
        1 => format!("has-member.code={code}"),
        2 => format!("result.code={code}"),
        3 => format!("target:Condition.code={code}"),
        4 => "item:MedicationRequest.status=active".into(),
        5 => format!("encounter.service-provider.name={}", dice.pick(WORDS).split(' ').next().unwrap_or_default()),
        6 => format!("derived-from:Observation.performer={}", some(dice, heard)),
        _ => format!("medication.code={code}"),
    }
}

fn has(dice: &mut Dice, heard: &Heard) -> String {
    let code = dice.pick(CODES).1;
    match dice.below(7) {
        0 => format!("_has:Provenance:target:recorded=ge{}", day(dice)),
        1 => format!("_has:Observation:encounter:code={code}"),
        2 => format!("_has:DiagnosticReport:result:code={code}"),
        3 => format!("_has:List:item:_id={}", id(dice, heard)),
        4 => "_has:Encounter:diagnosis:status=finished".into(),
        5 => format!("_has:Observation:has-member:_has:DiagnosticReport:result:code={code}"),
        _ => "_has:MedicationRequest:requester:status=active".into(),
    }
}

/// What orders, cuts and widens the answer.
fn control(dice: &mut Dice) -> String {
    let mut parts = vec![page(dice)];
    match dice.below(14) {
        0 => parts.push("_include=Observation:encounter&_include:iterate=Encounter:diagnosis".into()),
        1 => parts.push("_include=*".into()),
        2 => parts.push("_revinclude=Provenance:target".into()),
        3 => parts.push("_revinclude=Observation:encounter&_revinclude:iterate=DiagnosticReport:result".into()),
        4 => parts.push("_include=DiagnosticReport:result:Observation&_include=List:item".into()),
        5 => parts
            .push(format!("_sort={}", dice.pick(&["date", "-date", "_lastUpdated", "-_id", "code", "status,-date"]))),
        6 => parts.push(format!("_summary={}", dice.pick(&["count", "true", "text", "data", "false"]))),
        7 => parts.push("_elements=code,subject".into()),
        8 => parts.push(format!("_total={}", dice.pick(&["none", "accurate", "estimate"]))),
        9 => parts.push("_revinclude=List:item&_sort=-_lastUpdated".into()),
        10 => parts.push("_revinclude=*".into()),
        _ => {}
    }
    parts.retain(|part| !part.is_empty());
    parts.join("&")
}

fn page(dice: &mut Dice) -> String {
    if dice.once_in(3) { format!("_count={}", dice.below(4)) } else { String::new() }
}

fn everything(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("_type={},Provenance", dice.pick(SHAPES).0),
        1 => format!("start={}&end=2026-01-01", day(dice)),
        2 => format!("_since={}T00:00:00Z&_count=3", day(dice)),
        _ => page(dice),
    }
}

fn batch(dice: &mut Dice, heard: &Heard) -> Request {
    let entries: Vec<serde_json::Value> = (0..1 + dice.below(3))
        .map(|_| {
            let url = match dice.once_in(2) {
                true => some(dice, heard),
                false => {
                    let (path, query) = search(dice, heard);
                    format!("{path}?{query}")
                }
            };
            serde_json::json!({ "request": { "method": "GET", "url": url } })
        })
        .collect();
    let kind = dice.pick(&["batch", "transaction"]);
    let body = serde_json::json!({ "resourceType": "Bundle", "type": kind, "entry": entries });
    Request {
        method: Method::Post,
        path: String::new(),
        query: String::new(),
        headers: vec![("content-type".into(), "application/fhir+json".into())],
        body: body.to_string().into_bytes(),
    }
}

fn day(dice: &mut Dice) -> String {
    let (year, month) = (2023 + dice.below(4), 1 + dice.below(12));
    match dice.below(3) {
        0 => format!("{year}"),
        1 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-15"),
    }
}

fn some(dice: &mut Dice, heard: &Heard) -> String {
    dice.pick(&heard.references).clone()
}

fn id(dice: &mut Dice, heard: &Heard) -> String {
    let reference = some(dice, heard);
    reference.split('/').nth(1).unwrap_or_default().to_owned()
}
