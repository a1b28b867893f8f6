//! Two records that differ in nothing the grant shows, and what is answered from each.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use consent::{Grant, Item, Record, Rules, Version, View, ViewKey};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use search::{Engine, Request, Response, Settings};
use serde_json::{Value, json};
use types::Secret;

use super::ask::{Heard, request};
use super::dice::Dice;
use super::life::{self, PATIENT};
use super::shapes::SHAPES;
use super::wish;

/// One case: a record, its twin with other hidden things, and the grant under which both must look alike.
pub struct World {
    pub grant: Grant,
    pub record: Record,
    pub twin: Record,
    pub view: View,
    pub twins_view: View,
    /// `Type/id` of what the view leaves out, of both.
    pub hidden: BTreeSet<String>,
    /// How the twin was made, for the message of a failure.
    pub made: &'static str,
}

pub static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap());

pub fn now() -> Timestamp {
    "2026-11-20T19:00:00Z".parse().unwrap()
}

pub fn view_of(record: &Record, grant: &Grant) -> View {
    View::build(record, grant, &RULES, now(), &ViewKey::new(Secret::new([9; 32])))
}

pub fn name(item: &Item) -> String {
    format!("{}/{}", item.resource_type, item.id)
}

pub fn hidden(view: &View) -> BTreeSet<String> {
    view.report().left_out.iter().map(|left| left.resource.to_string()).collect()
}

impl World {
    pub fn new(dice: &mut Dice) -> Self {
        let record = life::record(dice);
        let grant = wish::grant(dice, &record);
        Self::of(dice, record, grant)
    }

    pub fn of(dice: &mut Dice, record: Record, grant: Grant) -> Self {
        // As the owner approved it, with the names of the drugs that were hidden then.
        let grant = grant.clone().with_words(view_of(&record, &grant).words()).unwrap();
        let view = view_of(&record, &grant);
        // The person is known to both: ages, and what may not be said in clear, follow from who they are.
        let mut out = hidden(&view);
        out.remove(&format!("Patient/{PATIENT}"));
        // An exclusion hides what belongs to a panel that it hides. Where nothing is excluded, what is hidden may point
        // wherever it likes.
        let tame: fn(Item) -> Item = if grant.what.exclusions.is_empty() { wild } else { plain };
        let (made, others) = others(dice, &record, &out, tame);
        let mut kernel: Vec<Item> = record.items.iter().filter(|item| !out.contains(&name(item))).cloned().collect();
        kernel.iter_mut().for_each(|item| forget(dice, item, &view));
        if dice.once_in(2) {
            retarget(dice, &mut kernel, &out, &view);
        }
        let mut twin = Record { items: kernel, ..record.clone() };
        let kept = twin.items.len();
        // What is new must be hidden by what it says itself; what would be shown is no change of the hidden.
        twin.items.extend(others);
        let mut twins_view = view_of(&twin, &grant);
        loop {
            let unseen = hidden(&twins_view);
            let before = twin.items.len();
            let mut at = 0;
            twin.items.retain(|item| {
                at += 1;
                at <= kept || unseen.contains(&name(item))
            });
            if twin.items.len() == before {
                break;
            }
            twins_view = view_of(&twin, &grant);
        }
        let mut all = out;
        all.extend(twin.items.iter().skip(kept).map(name));
        Self { grant, record, twin, view, twins_view, hidden: all, made }
    }

    /// Ids that a client may have heard of, some of each sort.
    pub fn heard(&self, dice: &mut Dice) -> Heard {
        let mut references: Vec<String> =
            self.view.held().iter().map(|held| format!("{}/{}", held.resource_type, held.id)).collect();
        references.extend(self.hidden.iter().cloned());
        references.push(format!("Patient/{PATIENT}"));
        references.push(format!("{}/{}", dice.pick(SHAPES).0, dice.hex(8)));
        Heard { references }
    }
}

/// Takes out old versions that the view leaves out: they are hidden like anything else. Those of notes always go, since a
/// hidden visit hides a version that belonged to it, and the twin may be without that visit.
fn forget(dice: &mut Dice, item: &mut Item, view: &View) {
    let same = |held: &&fhir::Held| held.resource_type == item.resource_type && held.id == item.id;
    let Some(held) = view.held().iter().find(same) else { return };
    let is_note = matches!(&*item.resource_type, "ClinicalImpression" | "Composition" | "DocumentReference");
    let newest = item.versions.last().map(|version| version.received);
    item.versions.retain(|version| {
        let is_shown = held.versions.iter().any(|shown| shown.last_updated == version.received);
        is_shown || newest == Some(version.received) || !is_note && dice.once_in(2)
    });
}

/// Other hidden things: none, the same with other words, or new ones that point into what is shown.
fn others(
    dice: &mut Dice,
    record: &Record,
    out: &BTreeSet<String>,
    tame: fn(Item) -> Item,
) -> (&'static str, Vec<Item>) {
    let mut names: life::Names = Vec::new();
    for item in &record.items {
        if let Some((kind, _)) = SHAPES.iter().find(|(kind, _)| *kind == &*item.resource_type) {
            names.push((kind, item.id.to_string()));
        }
    }
    match dice.below(4) {
        0 => ("nothing hidden", Vec::new()),
        1 => ("the same hidden", record.items.iter().filter(|item| out.contains(&name(item))).cloned().collect()),
        2 => {
            let again = names.iter().filter(|(kind, id)| out.contains(&format!("{kind}/{id}")));
            ("hidden with other words", again.map(|(kind, id)| tame(life::item(dice, kind, id, &names))).collect())
        }
        _ => {
            let fresh = life::names(dice, 8);
            let mut known = names;
            known.extend(fresh.iter().cloned());
            ("other hidden", fresh.iter().map(|(kind, id)| tame(life::item(dice, kind, id, &known))).collect())
        }
    }
}

/// As it comes.
fn wild(item: Item) -> Item {
    item
}

/// Without the links by which a hidden panel or visit hides what belongs to it: those change what is shown, by rule.
fn plain(mut item: Item) -> Item {
    for version in &mut item.versions {
        let mut resource: Value = serde_json::from_str(&version.json).unwrap();
        for link in ["hasMember", "result"] {
            resource.as_object_mut().unwrap().remove(link);
        }
        version.json = resource.to_string().into();
    }
    item
}

/// What is left out of shown resources is something else: references to what is hidden point to other hidden or missing
/// things and say other plain words of them; narratives that go because a reference was cut, and files that are withheld,
/// tell something else.
fn retarget(dice: &mut Dice, kernel: &mut [Item], out: &BTreeSet<String>, view: &View) {
    let other = dice.hex(9);
    for item in kernel {
        let held = view.held().iter().find(|held| held.resource_type == item.resource_type && held.id == item.id);
        let cut = held.is_some_and(|held| held.versions.iter().all(|version| version.json.contains("\"masked\"")));
        let withheld = held.is_some_and(|held| held.versions.iter().all(|version| !version.json.contains("\"data\"")));
        for version in &mut item.versions {
            let mut resource: Value = serde_json::from_str(&version.json).unwrap();
            point_elsewhere(&mut resource, out, &other);
            if let Some(words) = resource.pointer_mut("/text/div").filter(|_| cut) {
                *words = json!(format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{other}</div>"));
            }
            // What nobody can read is withheld where a topic is excluded.
            let files = resource.get_mut("content").and_then(Value::as_array_mut).into_iter().flatten();
            for file in files.filter(|_| withheld).filter_map(|content| content.pointer_mut("/attachment/data")) {
                *file = json!(other.get(..8));
            }
            version.json = resource.to_string().into();
        }
    }
}

fn point_elsewhere(value: &mut Value, out: &BTreeSet<String>, other: &str) {
    match value {
        Value::Object(members) => {
            let hidden = |text: &str| out.contains(text.split("/_history").next().unwrap_or_default());
            for name in ["reference", "url"] {
                let Some(target) = members.get(name).and_then(Value::as_str).filter(|text| hidden(text)) else {
                    continue;
                };
                let (kind, id) = target.split_once('/').unwrap_or_default();
                let version = id.split_once('/').map(|(_, version)| format!("/{version}")).unwrap_or_default();
                let elsewhere = format!("{kind}/{other}{version}");
                members.insert(name.to_owned(), json!(elsewhere));
                if members.get("display").and_then(Value::as_str).is_some_and(|words| words.starts_with("about ")) {
                    members.insert("display".to_owned(), json!(format!("about {other}")));
                }
                if let Some(number) = members.get_mut("identifier").and_then(|identifier| identifier.get_mut("value")) {
                    *number = json!(other);
                }
            }
            members.values_mut().for_each(|member| point_elsewhere(member, out, other));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| point_elsewhere(item, out, other)),
        _ => {}
    }
}

pub fn engine(view: &View) -> Engine {
    let mut engine = Engine::new(Settings {
        base: "https://satchel.example/fhir".into(),
        patients: vec![PATIENT.into()],
        zone: TimeZone::fixed(jiff::tz::offset(-7)),
        key: Secret::new([3; 32]),
    });
    for held in view.held() {
        engine.put(held.clone()).unwrap();
    }
    engine
}

/// The request, and then page after page as long as there is one.
pub fn answers(engine: &Engine, request: &Request) -> Vec<Response> {
    let mut all = vec![engine.answer(request, now())];
    while all.len() < 6 {
        let Some(next) = all.last().and_then(next_link) else { break };
        all.push(engine.answer(&Request::get(next.trim_start_matches("https://satchel.example/fhir/")), now()));
    }
    all
}

fn next_link(response: &Response) -> Option<String> {
    let bundle: Value = serde_json::from_slice(&response.body).ok()?;
    let links = bundle.get("link")?.as_array()?;
    let next = links.iter().find(|link| link["relation"] == "next")?;
    Some(next["url"].as_str()?.to_owned())
}

/// The view as a record of its own.
pub fn record_of(view: &View) -> Record {
    let item = |held: &fhir::Held| Item {
        resource_type: held.resource_type.clone(),
        id: held.id.clone(),
        source: "view".into(),
        seed: [1; 16],
        versions: held
            .versions
            .iter()
            .map(|version| Version { received: version.last_updated, json: version.json.clone() })
            .collect(),
    };
    Record {
        patients: vec![PATIENT.into()],
        zone: TimeZone::fixed(jiff::tz::offset(-7)),
        items: view.held().iter().map(item).collect(),
    }
}

/// Asks both a number of questions, and says how they differ.
pub fn differences(
    world: &World,
    dice: &mut Dice,
    questions: usize,
    first: &Engine,
    second: &Engine,
) -> Option<String> {
    let heard = world.heard(dice);
    for _ in 0..questions {
        let request = request(dice, &heard);
        let (one, two) = (answers(first, &request), answers(second, &request));
        if one != two {
            return Some(told(&request, &one, &two));
        }
    }
    None
}

fn told(request: &Request, one: &[Response], two: &[Response]) -> String {
    let text = |all: &[Response]| {
        all.iter()
            .map(|each| format!("{} {:?}\n{}", each.status, each.headers, String::from_utf8_lossy(&each.body)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    format!("{request:?}\n── one ──\n{}\n── two ──\n{}", text(one), text(two))
}
