//! Two wallets from one: the same keys, grant and token, and records that differ in what the grant hides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use consent::{Grant, Item, Record};
use jiff::Timestamp;
use keychain::{KeyStore, SealedStore};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use types::{ConnectionId, PullId, Secret};
use vault::{Connected, ItemDraft, Vault};
use wallet::{Approval, FhirRequest, NewProtection, Setup, Wallet};

use crate::app::{self, App};
use crate::ask::{self, Heard};
use crate::dice::Dice;
use crate::life::{self, PATIENT};
use crate::serve;
use crate::shapes::SHAPES;
use crate::wish;
use crate::world::{World, name};

const PASSPHRASE: &str = "four unusual quiet words";
/// Said by the server itself, of the moment and of the request.
const OF_THE_MOMENT: [&str; 2] = ["date", "x-request-id"];

/// An answer, as far as it must be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// How ids begin that tell what a resource is about.
const TELLING: [&str; 2] = ["warfarin-", "F33.1-"];

/// What is asked: with it the pages that follow.
pub type Question = search::Request;

/// An empty wallet, from which all others are copies.
pub struct Base {
    home: TempDir,
    key: Secret<[u8; 32]>,
}

/// What stays the same, and what is hidden in either record.
pub struct Case {
    grant: Grant,
    kernel: Vec<Item>,
    one: Vec<Item>,
    two: Vec<Item>,
}

/// Wallets with a grant, and a token of it.
pub struct Grown {
    _home: TempDir,
    folders: [PathBuf; 3],
    port: u16,
    token: String,
    grant: String,
}

impl Answer {
    pub fn new(status: u16, mut headers: BTreeMap<String, String>, body: Vec<u8>) -> Self {
        headers.retain(|name, _| !OF_THE_MOMENT.contains(&name.as_str()));
        if let Some(challenge) = headers.get_mut("www-authenticate") {
            *challenge = without_ticket(challenge);
        }
        Self { status, headers, body: String::from_utf8(body).unwrap() }
    }

    fn next(&self) -> Option<String> {
        let bundle: Value = serde_json::from_str(&self.body).ok()?;
        let next = bundle["link"].as_array()?.iter().find(|link| link["relation"] == "next")?;
        Some(next["url"].as_str()?.to_owned())
    }

    pub fn has_data(&self) -> bool {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        self.status == 200 && (body["id"].is_string() || body["entry"].as_array().is_some_and(|all| !all.is_empty()))
    }
}

/// A ticket is drawn for each refusal: of it only the length is looked at.
fn without_ticket(challenge: &str) -> String {
    let Some((before, rest)) = challenge.split_once("ticket=\"") else { return challenge.to_owned() };
    let (ticket, after) = rest.split_once('"').unwrap();
    format!("{before}ticket of {}{after}", ticket.len())
}

impl Case {
    /// `None` when the grant names single resources or sources, or an id tells what a resource is about: all of them have
    /// other names in a wallet. Also when the records hide different drugs.
    pub fn new(dice: &mut Dice) -> Option<Self> {
        let record = untold(life::record(dice));
        let grant = wish::grant(dice, &record);
        let world = World::of(dice, record, grant);
        let named = |select: &consent::Selector| !select.resources.is_empty() || !select.sources.is_empty();
        let what = &world.grant.what;
        if what.permits.iter().any(|permit| named(&permit.select)) || what.exclusions.iter().any(named) {
            return None;
        }
        // Names of hidden drugs are taken out of texts, by rule: one that only the other record hides changes what is shown.
        let words = |view: &consent::View| view.words().map(str::to_owned).collect::<BTreeSet<_>>();
        if words(&world.view) != words(&world.twins_view) {
            return None;
        }
        if world.twin.items.iter().any(|item| TELLING.iter().any(|word| item.id.starts_with(word))) {
            return None;
        }
        let same = |item: &&Item| {
            world.twin.items.iter().any(|other| {
                name(other) == name(item)
                    && other.versions.iter().map(|v| &v.json).eq(item.versions.iter().map(|v| &v.json))
            })
        };
        let kernel: Vec<Item> = world.record.items.iter().filter(same).cloned().collect();
        let known: BTreeSet<String> = kernel.iter().map(name).collect();
        // What is shown comes first, so that its rows have the same numbers in both.
        let rest = |items: &[Item]| {
            let (hidden, shown): (Vec<Item>, Vec<Item>) = items
                .iter()
                .filter(|item| !known.contains(&name(item)))
                .cloned()
                .partition(|item| world.hidden.contains(&name(item)));
            shown.into_iter().chain(hidden).collect()
        };
        Some(Self { grant: world.grant, one: rest(&world.record.items), two: rest(&world.twin.items), kernel })
    }
}

/// A record whose ids tell nothing.
fn untold(mut record: Record) -> Record {
    let telling = |item: &Item| TELLING.iter().any(|word| item.id.starts_with(word));
    let told: Vec<String> = record.items.iter().filter(|item| telling(item)).map(|item| item.id.to_string()).collect();
    let plain: Vec<String> = (0..told.len()).map(|number| format!("{number:08x}")).collect();
    for item in &mut record.items {
        for (old, new) in told.iter().zip(&plain) {
            if *item.id == **old {
                item.id = new.as_str().into();
            }
            for version in &mut item.versions {
                version.json = version.json.replace(old, new).into();
            }
        }
    }
    record
}

impl Base {
    pub async fn make() -> Self {
        let home = tempfile::tempdir().unwrap();
        let wallet = wallet_at(home.path());
        let passphrase = || Secret::new(PASSPHRASE.to_owned());
        wallet.make("Rosa Núñez".into(), None, NewProtection::Passphrase(passphrase())).await.unwrap();
        let folder = home.path().join("vault");
        let card: Value = serde_json::from_slice(&std::fs::read(folder.join("vault.json")).unwrap()).unwrap();
        let store = KeyStore::Sealed(SealedStore::open(&folder.join("keys.sealed"), &passphrase()).unwrap());
        let key = store.get(&format!("{}/vault", card["id"].as_str().unwrap())).unwrap();
        Self { home, key }
    }

    /// A wallet with what stays the same, a grant approved in it, and two copies with more.
    pub async fn grow(&self, case: &Case) -> Grown {
        let home = tempfile::tempdir().unwrap();
        let folders = ["kernel", "one", "two"].map(|name| home.path().join(name));
        copy(self.home.path(), &folders[0]);
        bring(&folders[0], &self.key, &case.kernel);

        let wallet = wallet_at(&folders[0]);
        wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
        let open = serve::open(&wallet, 0).await;
        let scope = everything_by_name();
        let app = App::register(&open.base, &scope).await;
        let waiting = app.ask(&scope).await;
        let requests = serde_json::to_value(wallet.requests().await.unwrap()).unwrap();
        let approval = Approval { grant: Some(case.grant_for(&app.id).into_bytes()), ..Approval::default() };
        let share = wallet.approve(requests[0]["id"].as_str().unwrap(), approval).await.unwrap();
        let grant = wallet.grant(&share.id).await.unwrap().grant;
        let token = app.redeem(&waiting.code().await).await.access;
        let port = open.port;
        open.close().await;
        wallet.close();

        for (folder, more) in folders[1..].iter().zip([&case.one, &case.two]) {
            copy(&folders[0], folder);
            bring(folder, &self.key, more);
        }
        Grown { _home: home, folders, port, token, grant }
    }
}

impl Case {
    /// The grant in its JSON, for this client.
    fn grant_for(&self, client: &str) -> String {
        let mut grant = self.grant.clone();
        grant.who.proof = consent::Proof::Client(client.to_owned());
        grant.to_json()
    }
}

impl Grown {
    /// Random questions, with the ids that things have in these wallets: what is shown, what is hidden, and what is hidden
    /// in the other only.
    pub async fn questions(&self, case: &Case, dice: &mut Dice, count: usize) -> Vec<Question> {
        let wallet = self.unlocked(1).await;
        let types: Vec<&str> = SHAPES.iter().map(|(kind, _)| *kind).chain(["Patient"]).collect();
        let all = format!("?_type={}&_count=1000", types.join(","));
        let mut references = named(&wallet, &all, None).await;
        let patient = references.iter().find(|name| name.starts_with("Patient/")).unwrap().clone();
        let ids: Vec<String> = references.iter().map(|name| name.split('/').nth(1).unwrap().to_owned()).collect();
        references.extend(named(&wallet, &all, Some(&self.grant)).await);
        wallet.close();
        references.extend(case.two.iter().map(|item| format!("{}/{}", item.resource_type, dice.pick(&ids))));
        references.push(format!("{}/{}", dice.pick(SHAPES).0, dice.hex(8)));
        let heard = Heard { references };
        (0..count).map(|_| told_of(ask::request(dice, &heard), &patient)).collect()
    }

    /// What the wallet with the one answers.
    pub async fn one(&self, questions: &[Question]) -> Vec<Vec<Answer>> {
        self.answers(1, questions).await
    }

    /// What the wallet with the other answers.
    pub async fn two(&self, questions: &[Question]) -> Vec<Vec<Answer>> {
        self.answers(2, questions).await
    }

    /// What the wallet with the one answers when things that stay the same do not.
    pub async fn changed(&self, base: &Base, case: &Case, questions: &[Question]) -> Vec<Vec<Answer>> {
        let mut other = case.kernel.clone();
        for version in other.iter_mut().flat_map(|item| &mut item.versions) {
            let mut resource: Value = serde_json::from_str(&version.json).unwrap();
            resource["language"] = json!("de");
            version.json = resource.to_string().into();
        }
        bring(&self.folders[1], &base.key, &other);
        self.answers(1, questions).await
    }

    async fn unlocked(&self, which: usize) -> Wallet {
        let wallet = wallet_at(&self.folders[which]);
        wallet.unlock(Some(Secret::new(PASSPHRASE.to_owned()))).await.unwrap();
        wallet
    }

    async fn answers(&self, which: usize, questions: &[Question]) -> Vec<Vec<Answer>> {
        let wallet = self.unlocked(which).await;
        let open = serve::open(&wallet, self.port).await;
        let http = app::http();
        let mut all = Vec::new();
        for question in questions {
            all.push(self.pages(&http, &open.base, question).await);
        }
        open.close().await;
        wallet.close();
        all
    }

    /// The answer, and then page after page as long as there is one.
    async fn pages(&self, http: &reqwest::Client, base: &str, question: &Question) -> Vec<Answer> {
        let query = if question.query.is_empty() { String::new() } else { format!("?{}", question.query) };
        let mut url = format!("{base}/{}{query}", question.path);
        let mut pages: Vec<Answer> = Vec::new();
        while pages.len() < 6 {
            let method = if pages.is_empty() { question.method } else { search::Method::Get };
            let method = match method {
                search::Method::Get => Method::GET,
                search::Method::Head => Method::HEAD,
                search::Method::Post => Method::POST,
            };
            let mut request = http.request(method, url.trim_end_matches('/')).bearer_auth(&self.token);
            if pages.is_empty() {
                for (name, value) in &question.headers {
                    request = request.header(name, value);
                }
                request = request.body(question.body.clone());
            }
            let answer = request.send().await.unwrap();
            let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            let page = Answer::new(answer.status().as_u16(), headers, answer.bytes().await.unwrap().to_vec());
            let next = page.next();
            pages.push(page);
            match next {
                Some(next) => url = next,
                None => break,
            }
        }
        pages
    }
}

/// A permit that names a type is more than one for everything: what any of the grants gives is asked for by name.
fn everything_by_name() -> String {
    let types = SHAPES.iter().map(|(kind, _)| *kind).chain(["Patient", "*"]);
    let scopes = types.flat_map(|kind| ["patient", "user"].map(|context| format!("{context}/{kind}.rs")));
    scopes.chain(["launch/patient".to_owned()]).collect::<Vec<_>>().join(" ")
}

/// The person goes by another name in a wallet.
fn told_of(question: Question, patient: &str) -> Question {
    let id = patient.split('/').nth(1).unwrap();
    let said = |text: &str| text.replace(PATIENT, id);
    Question {
        path: said(&question.path),
        query: said(&question.query),
        body: said(&String::from_utf8(question.body).unwrap()).into_bytes(),
        ..question
    }
}

async fn named(wallet: &Wallet, question: &str, grant: Option<&str>) -> Vec<String> {
    let request = FhirRequest { method: "GET".into(), target: question.into(), ..FhirRequest::default() };
    let answer = wallet.fhir(request, grant.map(str::as_bytes)).await.unwrap();
    let bundle: Value = serde_json::from_slice(&answer.body).unwrap();
    let name = |entry: &Value| {
        let of = |member: &str| entry["resource"][member].as_str().unwrap().to_owned();
        format!("{}/{}", of("resourceType"), of("id"))
    };
    bundle["entry"].as_array().map(|all| all.iter().map(name).collect()).unwrap_or_default()
}

fn wallet_at(folder: &Path) -> Wallet {
    Wallet::new(Setup { folder: folder.to_owned(), open_browser: Box::new(|_| Ok(())) })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { assert!(std::fs::copy(&path, there).is_ok()) }
    }
}

/// Puts items into a closed wallet as a pull does, each version at its time.
fn bring(folder: &Path, key: &Secret<[u8; 32]>, items: &[Item]) {
    let mut vault = Vault::open(&folder.join("vault/satchel.db"), key).unwrap();
    let person = vault.people().unwrap()[0].id.clone();
    let connection = ConnectionId::from_random([7; 16]);
    let at: Timestamp = "2026-11-20T19:00:00Z".parse().unwrap();
    if vault.connection(&person, &connection).is_err() {
        let details = json!({
            "patient": PATIENT, "client_id": "c", "client_key": null, "token_endpoint": "https://a.example/t",
            "revocation_endpoint": null, "issues_cards": false,
        });
        let row = Connected {
            id: connection.clone(),
            name: "Hospital".into(),
            address: "https://hospital.example/fhir".into(),
            state: "ready".into(),
            scopes: String::new(),
            details: details.to_string(),
            created: at,
            last_pull: None,
        };
        vault.add_connection(&person, &row).unwrap();
    }
    let mut versions: Vec<_> =
        items.iter().flat_map(|item| item.versions.iter().enumerate().map(move |(at, one)| (at, item, one))).collect();
    versions.sort_by_key(|(at, _, _)| *at);
    for (_, item, version) in versions {
        let pull = PullId::from_random(crypto::random().unwrap());
        vault.begin_pull(&person, &connection, &pull, &[("All".into(), "other".into())], version.received).unwrap();
        let draft = ItemDraft {
            resource_type: item.resource_type.to_string(),
            source_id: item.id.to_string(),
            kind: "other".into(),
            text: item.id.to_string(),
            json: version.json.as_bytes().into(),
            ..ItemDraft::default()
        };
        vault.store_page(&pull, "All", &[draft], None, version.received).unwrap();
        vault.end_pull(&person, &pull, "done", None, version.received).unwrap();
    }
    vault.close().unwrap();
}
