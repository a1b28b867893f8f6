//! An owner in memory, and a client that writes requests byte by byte.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use authz::{Decided, Door, Draw, Keys, Ledger, OAuthError, Presented, Setting, Step, TokenFormat, Wanted};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use consent::{Grant, Interaction, Need, Permit, Rights, Selector};
use crypto::SigningKey;
use fhir::{Held, HeldVersion};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use search::{Engine, Needs, Request, Response, Right, Settings};
use server::{
    AnswerError, DoorSetting, Export, ExportFile, ExportOf, Exported, Limits, Manifest, Offer, Owner, OwnerError,
    Running, Server,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use types::{Actions, Context, GrantId, PersonId, Secret};

/// A name that may stand in no refusal.
pub(crate) const CANARY: &str = "Canarywood";

/// The wallet of these tests: a ledger, and one view that every grant opens.
pub(crate) struct InMemory {
    setting: Setting,
    ledger: Mutex<Ledger>,
    engine: Engine,
    pub(crate) inbox: Mutex<Vec<Offer>>,
    pub(crate) locked: Mutex<bool>,
    pub(crate) begun: Mutex<Option<Begun>>,
    pub(crate) begun_of: Mutex<Option<ExportOf>>,
}

/// `_type`, `_since` and the address of the export that was begun last.
pub(crate) type Begun = (Option<Vec<String>>, Option<Timestamp>, String);

impl InMemory {
    pub(crate) fn new(base: &str, doors: &[Door]) -> Self {
        let keys =
            Keys::new(SigningKey::generate_p256().unwrap().1, SigningKey::generate_ed25519().unwrap().1).unwrap();
        let setting = Setting {
            issuer: base.to_owned(),
            keys,
            secret: Secret::new(crypto::random().unwrap()),
            access_life: SignedDuration::from_mins(10),
            doors: doors.iter().copied().collect(),
        };
        let mut engine = Engine::new(Settings {
            base: setting.fhir(),
            patients: vec!["1".into()],
            zone: TimeZone::UTC,
            key: Secret::new([7; 32]),
        });
        for (kind, id, json) in [
            ("Patient", "1", format!(r#"{{"resourceType":"Patient","id":"1","name":[{{"family":"{CANARY}"}}]}}"#)),
            (
                "Observation",
                "a",
                r#"{"resourceType":"Observation","id":"a","status":"final","code":{"text":"pulse"},"subject":{"reference":"Patient/1"}}"#.to_owned(),
            ),
            (
                "Condition",
                "c",
                r#"{"resourceType":"Condition","id":"c","code":{"text":"cold"},"subject":{"reference":"Patient/1"}}"#.to_owned(),
            ),
        ] {
            let version = HeldVersion { number: 1, last_updated: Timestamp::UNIX_EPOCH, json: json.into() };
            engine.put(Held { resource_type: kind.into(), id: id.into(), versions: vec![version] }).unwrap();
        }
        let (inbox, locked) = (Mutex::default(), Mutex::new(false));
        Self {
            setting,
            ledger: Mutex::default(),
            engine,
            inbox,
            locked,
            begun: Mutex::default(),
            begun_of: Mutex::default(),
        }
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Step<'_>) -> T) -> T {
        let mut ledger = self.ledger.lock().unwrap();
        let now = ledger.at(Timestamp::now());
        let draw = Draw::new(Secret::new(crypto::random().unwrap()));
        let answer = work(&mut Step { setting: &self.setting, ledger: &mut ledger, now, draw });
        ledger.take_changes();
        answer
    }

    /// `Authorization` of an app password for these types.
    pub(crate) fn password(&self, types: &[&str], actions: Actions) -> String {
        let mut grant = Grant::everything(GrantId::from_random([1; 16]));
        let select = Selector { types: types.iter().map(|one| (*one).into()).collect(), ..Selector::default() };
        grant.what.permits = vec![Permit { context: Context::Patient, actions, select }];
        self.with(|step| {
            let decided = Decided {
                grant,
                person: PersonId::from_random([1; 16]),
                patient: Some("1".to_owned()),
                format: TokenFormat::Opaque,
                scope: String::new(),
                contact: None,
                permissions: Vec::new(),
            };
            let grant = step.grant_by_owner(decided, None).unwrap();
            let (id, password) = step.make_app_password("a tool", &grant).unwrap();
            format!("Basic {}", STANDARD.encode(format!("{id}:{}", password.expose())))
        })
    }

    fn rights(&self, presented: &Presented) -> Result<Rights, OAuthError> {
        self.with(|step| {
            let access = step.admit(presented)?;
            let approved = step.ledger.grants.find(access.grant.as_str()).unwrap();
            Ok(Rights::of(&approved.grant.what))
        })
    }
}

impl Owner for InMemory {
    async fn step<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Step<'_>) -> T + Send + 'static,
    ) -> Result<T, OwnerError> {
        if *self.locked.lock().unwrap() { Err(OwnerError::Locked) } else { Ok(self.with(work)) }
    }

    async fn bring(&self, _: Wanted) -> Result<(), OwnerError> {
        Ok(())
    }

    async fn answer(&self, presented: Presented, request: Request) -> Result<Response, AnswerError> {
        let rights = self.rights(&presented)?;
        let may = |request: &Request| {
            let allowed = |need: &search::Need| {
                let interaction = match need.right {
                    Right::Read => Interaction::Read,
                    Right::Search => Interaction::Search,
                };
                rights.allows(Need { interaction, resource_type: need.resource_type.as_deref() })
            };
            match request.needs() {
                Ok(Needs::All(all)) => all.iter().all(allowed),
                _ => true,
            }
        };
        Ok(self.engine.answer_where(&request, Timestamp::UNIX_EPOCH, may))
    }

    async fn offered(&self, presented: Presented, offer: Offer) -> Result<(), AnswerError> {
        let rights = self.rights(&presented)?;
        let need = Need { interaction: Interaction::Create, resource_type: Some(&offer.resource_type) };
        if !rights.allows(need) {
            return Err(
                OAuthError::new(authz::ErrorCode::InsufficientScope, "the grant does not reach that far").into()
            );
        }
        self.inbox.lock().unwrap().push(offer);
        Ok(())
    }

    /// One export, of the types named, and one file.
    async fn export(&self, presented: Presented, export: Export) -> Result<Exported, AnswerError> {
        self.rights(&presented)?;
        Ok(match export {
            Export::Begin { of, types, since, request } => {
                *self.begun_of.lock().unwrap() = Some(of);
                *self.begun.lock().unwrap() = Some((types, since, request));
                Exported::Begun { id: "1f".to_owned() }
            }
            Export::Manifest { id } if id == "1f" => {
                let request = self.begun.lock().unwrap().clone().unwrap().2;
                let file = ExportFile { name: "Patient-1".into(), resource_type: "Patient".into(), count: 1 };
                let until = Timestamp::from_second(3_600).unwrap();
                Exported::Manifest(Manifest { at: Timestamp::UNIX_EPOCH, until, request, files: vec![file] })
            }
            Export::File { id, name } if id == "1f" && name == "Patient-1" => Exported::File(b"{}\n".to_vec()),
            Export::End { id } if id == "1f" => Exported::Ended,
            _ => Exported::Unknown,
        })
    }

    async fn vouch(&self, news: authz::News) -> Result<Option<String>, OwnerError> {
        if *self.locked.lock().unwrap() { Err(OwnerError::Locked) } else { Ok(Some(news.answers)) }
    }
}

/// A server on loopback with its owner.
pub(crate) struct World {
    pub(crate) owner: Arc<InMemory>,
    pub(crate) running: Running,
    /// How to speak with it, when it speaks TLS.
    pub(crate) tls: Option<TlsConnector>,
}

impl World {
    pub(crate) async fn open() -> Self {
        Self::with(Limits::default(), &Door::ALL).await
    }

    pub(crate) async fn with(limits: Limits, doors: &[Door]) -> Self {
        Self::at(DoorSetting { limits, ..DoorSetting::loopback(0) }, doors, None).await
    }

    pub(crate) async fn at(setting: DoorSetting, doors: &[Door], tls: Option<TlsConnector>) -> Self {
        let server = Server::bind(setting).await.unwrap();
        let owner = Arc::new(InMemory::new(server.base(), doors));
        let running = server.serve(Arc::clone(&owner));
        Self { owner, running, tls }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Sends these bytes, with `HOST` in the place of the host, and reads to the end.
    pub(crate) async fn raw(&self, text: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        let text = text.replace("HOST", &self.address().to_string());
        let Some(tls) = &self.tls else {
            stream.write_all(text.as_bytes()).await.unwrap();
            return Reply::read(&mut stream).await;
        };
        let name = ServerName::from(self.address().ip());
        let mut stream = tls.connect(name, stream).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        Reply::read(&mut stream).await
    }

    /// A request that closes its connection.
    pub(crate) async fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.raw(&format!("{text}\r\n{body}")).await
    }

    pub(crate) async fn get(&self, target: &str, headers: &[(&str, &str)]) -> Reply {
        self.send("GET", target, headers, "").await
    }
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    /// `Location`, as written.
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Reply {
    /// Reads until the other side closes, or ten seconds.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Self {
        let mut bytes = Vec::new();
        let read = async {
            let mut part = [0; 8_192];
            while let Ok(count) = stream.read(&mut part).await {
                if count == 0 {
                    break;
                }
                bytes.extend_from_slice(&part[..count]);
            }
        };
        _ = tokio::time::timeout(Duration::from_secs(10), read).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { return Self::default() };
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        let location = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("location").then(|| value.to_owned())
        });
        Self { status, head: head.to_lowercase(), location: location.unwrap_or_default(), body: body.to_owned() }
    }

    /// The values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let start = format!("{name}: ");
        self.head.lines().filter_map(|line| line.strip_prefix(&start)).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.head, self.body))
    }
}

pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");
pub(crate) const FHIR: (&str, &str) = ("Content-Type", "application/fhir+json");
