use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::serve::ListenerExt;
use jiff::civil::Date;
use serde::Serialize;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::authority::{self, Authority, demo_key};
use crate::cards::Issuer;
use crate::faults::Setting;
use crate::people::{self, Life, Plan, Record, System};
use crate::store::foreign::{self, ForeignPatient, LoadError};
use crate::store::{Entry, Store};
use crate::world::{Addresses, Beginning, Choice, Login, World};
use crate::{console, directory, health, legacy, neighbours};

/// What to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// First of seven ports in a row; `None`: any that are free.
    pub port: Option<u16>,
    /// Whom to invent.
    pub plan: Plan,
    /// Serve the bundles of this folder at Fenwick Valley instead of invented people; Larkspur is then empty.
    pub patients: Option<PathBuf>,
    /// Faults that are on from the start.
    pub faults: Vec<Setting>,
    /// Access tokens live so many seconds.
    pub access_seconds: i64,
    /// `iss` of the cards; `None`: the address of Fenwick Valley's server.
    pub card_issuer: Option<String>,
}

impl Options {
    /// Invented people up to a day, any free ports, no faults.
    pub fn new(today: Date) -> Self {
        Self {
            port: None,
            plan: Plan { seed: 1, today, people: 6, years: None, resources: None },
            patients: None,
            faults: Vec::new(),
            access_seconds: 900,
            card_issuer: None,
        }
    }
}

/// Why the ecosystem did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// A port is taken.
    #[error("a port could not be opened")]
    Port(#[from] std::io::Error),
    /// The folder of bundles does not read.
    #[error("the folder of bundles does not read")]
    Load(#[from] LoadError),
    /// The operating system gave no random bytes.
    #[error("there is no randomness")]
    Random(#[from] crypto::RandomError),
    /// The client for calls between the servers could not be made.
    #[error("the servers cannot call each other")]
    Http(#[from] reqwest::Error),
}

/// The ecosystem.
#[derive(Debug)]
pub struct Sandbox;

/// A started ecosystem; ends when told, or when dropped.
#[derive(Debug)]
pub struct Running {
    /// Where everything listens.
    pub addresses: Addresses,
    /// Who can sign in.
    pub logins: Vec<Login>,
    world: Arc<World>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// What is printed at the start: one line of JSON.
#[derive(Debug, Serialize)]
pub struct Ready<'a> {
    ready: bool,
    addresses: &'a Addresses,
    brands: String,
    registry: String,
    client_id: &'static str,
    redirect_uri: &'static str,
    logins: &'a [Login],
}

const HOST: &str = "127.0.0.1";

impl Sandbox {
    /// Starts all servers and returns once they listen.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let mut listeners = Vec::new();
        for nth in 0..7 {
            let port = options.port.map_or(0, |first| first.saturating_add(nth));
            listeners.push(TcpListener::bind((HOST, port)).await?);
        }
        let mut ports = Vec::new();
        for listener in &listeners {
            ports.push(listener.local_addr()?.port());
        }
        let mut at = ports.into_iter().map(|port| format!("http://{HOST}:{port}"));
        let mut next = || at.next().unwrap_or_default();
        let addresses = Addresses {
            authority: next(),
            valley: format!("{}/fhir", next()),
            larkspur: format!("{}/fhir", next()),
            legacy: next(),
            directory: next(),
            console: next(),
            neighbours: next(),
        };
        let world = Arc::new(world(&options, &addresses)?);
        for setting in options.faults {
            world.faults.set(setting);
        }
        let (stop, stopped) = watch::channel(false);
        let routers = [
            authority::router(Arc::clone(&world)),
            health::router(Arc::clone(&world), System::Valley),
            health::router(Arc::clone(&world), System::Larkspur),
            legacy::router(Arc::clone(&world)),
            directory::router(Arc::clone(&world)),
            console::router(Arc::clone(&world)),
            neighbours::router(Arc::clone(&world), addresses.neighbours.clone()),
        ];
        let tasks =
            listeners.into_iter().zip(routers).map(|(listener, router)| serve(listener, router, stopped.clone()));
        let tasks = tasks.collect();
        Ok(Running { addresses, logins: world.logins.clone(), world, stop, tasks })
    }
}

fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let until = async move {
            // An error means that the sender is gone, which is a stop as well.
            while stopped.changed().await.is_ok_and(|()| !*stopped.borrow()) {}
        };
        // Without it the end of a long answer waits for the other side to say that the beginning came.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its delay");
            }
        });
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(until).await {
            tracing::error!(%error, "a server ended");
        }
    })
}

impl Running {
    /// The line that is printed when all is ready.
    pub fn ready(&self) -> Ready<'_> {
        let directory = &self.addresses.directory;
        Ready {
            ready: true,
            addresses: &self.addresses,
            brands: format!("{directory}/brands.json"),
            registry: format!("{directory}/registry"),
            client_id: "satchel",
            redirect_uri: "http://127.0.0.1:<any>/callback",
            logins: &self.logins,
        }
    }

    /// Switches a fault on.
    pub fn fault(&self, setting: Setting) {
        self.world.faults.set(setting);
    }

    /// Switches all faults off.
    pub fn no_faults(&self) {
        self.world.faults.clear(None);
    }

    /// Moves the clock of all servers.
    pub fn advance(&self, seconds: i64) {
        self.world.clock.advance(seconds);
    }

    /// Ends all servers: what is being answered may finish for a second.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for mut task in self.tasks {
            if tokio::time::timeout(Duration::from_secs(1), &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

fn world(options: &Options, addresses: &Addresses) -> Result<World, StartError> {
    let seed = options.plan.seed;
    let held = match &options.patients {
        Some(folder) => {
            let (valley, patients) = foreign::load(folder)?;
            Held { valley, legacy: Store::default(), logins: patients.iter().enumerate().map(foreign_login).collect() }
        }
        None => invented(&options.plan, addresses),
    };
    let issuer = options.card_issuer.clone();
    let issuer = issuer.unwrap_or_else(|| addresses.valley.trim_end_matches("/fhir").to_owned());
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    Ok(World::new(Beginning {
        addresses: addresses.clone(),
        logins: held.logins,
        authority: Authority::new(seed, options.access_seconds)?,
        issuer: Issuer::new(issuer, demo_key(seed, "cards")?, demo_key(seed, "foreign")?),
        http,
        valley: held.valley,
        legacy: held.legacy,
    }))
}

struct Held {
    valley: Store,
    legacy: Store,
    logins: Vec<Login>,
}

fn invented(plan: &Plan, addresses: &Addresses) -> Held {
    let lives = people::invent(plan);
    let (mut valley, mut legacy) = (Store::default(), Store::default());
    for (system, store) in [(System::Valley, &mut valley), (System::Larkspur, &mut legacy)] {
        people::shared(system).iter().for_each(|resource| put(store, &resource.json, None));
        for record in lives.iter().flat_map(|life| &life.records).filter(|record| record.system == system) {
            record.resources.iter().for_each(|resource| put(store, &resource.json, Some(&record.patient)));
        }
    }
    for life in &lives {
        // A record of an exact size lists nothing of others.
        let counted = plan.resources.is_some() && life.person.index == 0;
        if let [first, second] = life.records.as_slice()
            && !counted
        {
            let listed = health::listed_elsewhere(second, &first.patient, &addresses.larkspur);
            listed.iter().for_each(|json| put(&mut valley, json, Some(&first.patient)));
        }
    }
    Held { valley, legacy, logins: lives.iter().map(|life| login(life, &lives)).collect() }
}

fn put(store: &mut Store, json: &serde_json::Value, patient: Option<&str>) {
    if let Some(entry) = Entry::new(json, Bytes::from(json.to_string()), patient.map(str::to_owned)) {
        store.put(entry);
    }
}

/// One's own record, then those of a parent or a child under age, where one acts for them.
fn login(life: &Life, lives: &[Life]) -> Login {
    let mut people = vec![choice(life, "self")];
    let grown = life.person.birth.year() < 2000;
    for kin in life.person.kin.iter().filter(|kin| grown && matches!(kin.role, "MTH" | "SON")) {
        let other = lives.iter().find(|other| other.person.index == kin.index);
        people.extend(other.map(|other| choice(other, kin.words)));
    }
    let username = life.login.clone();
    Login { password: format!("{username}-demo"), username, name: life.person.name(), people }
}

fn choice(life: &Life, relation: &str) -> Choice {
    let id = |system| {
        life.records.iter().find(|record: &&Record| record.system == system).map(|record| record.patient.clone())
    };
    Choice {
        name: life.person.name(),
        relation: relation.to_owned(),
        birth: Some(life.person.birth.to_string()),
        valley: id(System::Valley),
        larkspur: id(System::Larkspur),
    }
}

/// Someone found in a file signs in with the first name and the position among the files' patients.
fn foreign_login((at, patient): (usize, &ForeignPatient)) -> Login {
    let plain: String = patient.given.chars().filter_map(people::plain_letter).collect();
    let username = format!("{}{}", if plain.is_empty() { "patient" } else { &plain }, at + 1);
    let choice = Choice {
        name: patient.name.clone(),
        relation: "self".to_owned(),
        birth: patient.birth.clone(),
        valley: Some(patient.id.clone()),
        larkspur: None,
    };
    Login { password: format!("{username}-demo"), username, name: patient.name.clone(), people: vec![choice] }
}
