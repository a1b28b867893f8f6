//! The door that others come through: off until the owner opens it, on this computer alone unless the owner wants more.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use audit::{Action, Draft};
use server::{DoorSetting, Limits, Listen, Running, Server, Tls};
use thiserror::Error;
use types::{GrantId, Secret};

use crate::Wallet;
use crate::error::WalletError;
use crate::views::ServiceView;

/// Where the door is when the owner says nothing.
const USUAL_PORT: u16 = 8731;
/// Setting with the port it was opened at last.
const PORT: &str = "server.port";

/// Where the door is to be.
#[derive(Debug, Clone, Default)]
pub struct ServiceSetting {
    /// The port on this computer; `None`: as last time. 0: any that is free.
    pub port: Option<u16>,
    /// An address that other computers reach, with its certificate.
    pub beyond: Option<Beyond>,
    /// The public base URL, when a reverse proxy stands before the door.
    pub public: Option<String>,
}

/// How other computers reach the door.
#[derive(Debug, Clone)]
pub struct Beyond {
    /// Address and port to listen at.
    pub address: SocketAddr,
    /// File with the chain of certificates, PEM.
    pub certificate: PathBuf,
    /// File with the private key, PEM.
    pub key: PathBuf,
}

/// Why the door was not opened.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// It is open already, in this process.
    #[error("the server is open already")]
    Running,
    /// It could not be opened so.
    #[error("the server could not be opened")]
    Start(#[from] server::StartError),
}

/// How firmly the port of the door stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Port {
    /// Nobody named one, and nobody was told one yet.
    Usual,
    /// The owner named it, or others know it from the last time.
    Known,
    /// It is part of an address that is not kept.
    Elsewhere,
}

/// Takes the address. Where the usual port is another program's (a second Satchel's, say) and nobody knows ours yet,
/// any that is free becomes ours from now on.
async fn bind(door: DoorSetting, port: Port) -> Result<Server, ServiceError> {
    let limits = door.limits;
    match Server::bind(door).await {
        Err(server::StartError::Listen(error)) if port == Port::Usual && error.kind() == ErrorKind::AddrInUse => {
            Ok(Server::bind(DoorSetting { listen: Listen::Loopback { port: 0 }, public: None, limits }).await?)
        }
        bound => Ok(bound?),
    }
}

/// The door, when it is open.
#[derive(Default)]
pub(crate) struct Service(Mutex<Option<Opened>>);

struct Opened {
    running: Running,
    view: ServiceView,
}

impl Wallet {
    /// Opens the door. Others find the wallet at the address that is answered.
    pub async fn open_service(&self, setting: ServiceSetting) -> Result<ServiceView, WalletError> {
        if self.service().on {
            return Err(ServiceError::Running.into());
        }
        let beyond_this_computer = setting.beyond.is_some();
        let wallet = self.clone();
        let (door, port) = self.aside(move || wallet.door(setting)).await?;
        let server = bind(door, port).await?;
        let base = server.base().to_owned();
        let issuer = base.clone();
        let kept = (port != Port::Elsewhere).then(|| server.address().port());
        self.with(move |open| {
            if let Some(port) = kept {
                open.vault.set_setting(PORT, &port.to_string())?;
            }
            open.set_issuer(&issuer)?;
            open.shown.drop_all();
            open.record(Draft::done(Action::ServerStarted))
        })
        .await?;
        let running = server.serve(Arc::new(self.clone()));
        let view = ServiceView { on: true, fhir: Some(format!("{base}/fhir")), beyond_this_computer };
        let before = self.opened().replace(Opened { running, view: view.clone() });
        // Of two that open at once the later one stays.
        drop(before);
        Ok(view)
    }

    /// Closes the door; who is being answered is answered first.
    pub async fn close_service(&self) -> Result<ServiceView, WalletError> {
        let opened = self.opened().take();
        if let Some(opened) = opened {
            opened.running.stop().await;
            self.with(|open| open.record(Draft::done(Action::ServerStopped))).await?;
        }
        Ok(self.service())
    }

    /// Whether others can reach this wallet, through this process.
    pub fn service(&self) -> ServiceView {
        let closed = ServiceView { on: false, fhir: None, beyond_this_computer: false };
        self.opened().as_ref().map_or(closed, |opened| opened.view.clone())
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, Option<Opened>> {
        self.shared.service.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the server is told, and how firmly its port stands. Blocks.
    fn door(&self, setting: ServiceSetting) -> Result<(DoorSetting, Port), WalletError> {
        let ServiceSetting { port, beyond, public } = setting;
        let public = public.map(|public| public.trim_end_matches('/').to_owned());
        let (listen, firm) = match beyond {
            Some(Beyond { address, certificate, key }) => {
                let read = |path: PathBuf| std::fs::read_to_string(path).map_err(WalletError::Disk);
                let tls = Tls { certificate_pem: read(certificate)?, key_pem: Secret::new(read(key)?) };
                (Listen::Network { address, tls }, Port::Elsewhere)
            }
            None => {
                let last = self.with_now(|open| Ok(open.vault.setting(PORT)?))?;
                let last = last.and_then(|text| text.parse().ok());
                let firm = if port.or(last).is_none() && public.is_none() { Port::Usual } else { Port::Known };
                (Listen::Loopback { port: port.or(last).unwrap_or(USUAL_PORT) }, firm)
            }
        };
        Ok((DoorSetting { listen, public, limits: Limits::default() }, firm))
    }

    /// What is done every few seconds while the vault is open: what is over ends, views that nobody may see any more
    /// go, and the trail is remembered.
    pub(crate) fn keep_house(&self) {
        if let Err(error) = self.try_keep_house() {
            tracing::warn!(code = error.code(), "the wallet could not tidy up");
        }
    }

    fn try_keep_house(&self) -> Result<(), WalletError> {
        let (shown, holding) = self.with_now(|open| {
            let mut holding: HashSet<GrantId> = HashSet::new();
            if open.has_authority() {
                holding = open.look(|step| {
                    let holding = step.ledger.grants.iter().filter(|row| row.holds(step.now));
                    holding.map(|row| row.grant.id.clone()).collect()
                })?;
            }
            open.tell_lookups(crate::authority::TELL_EVERY)?;
            open.settle_trail_in_time()?;
            Ok((open.shown.clone(), holding))
        })?;
        shown.keep_only(|grant| holding.contains(grant));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
