use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use authz::{ErrorCode, OAuthError, Step, Stop};
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, StatusCode};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::connections::Place;
use crate::door::{
    Asking, Bodies, Hosts, Rates, answer_preflight, asking, closed, let_read, media_fits, single, until_read,
};
use crate::endpoint::{Endpoint, Media};
use crate::owner::Owner;
use crate::refusal::{Refusal, Voice};
use crate::setting::Limits;
use crate::{fhir, oauth, reply, wait};

/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(5);

/// How often a step may ask for one more document.
const DOCUMENTS: usize = 4;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct House<O> {
    pub(crate) owner: Arc<O>,
    /// The public base URL.
    pub(crate) base: String,
    pub(crate) limits: Limits,
    pub(crate) statement: fhir::Statement,
    hosts: Hosts,
    bodies: Bodies,
    turns: Arc<Semaphore>,
    peers: Rates,
    askers: Rates,
    clients: Rates,
    hasher: RandomState,
}

/// One request, past the door. It has no `Debug`: tokens and passwords are in its headers and its body.
pub(crate) struct Asked {
    pub(crate) endpoint: Endpoint,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Hash of who is at the other end.
    pub(crate) peer: u64,
}

/// Why a request ends without its answer.
#[derive(Debug)]
pub(crate) enum Ends {
    Refused(Refusal),
    OAuth(OAuthError),
}

/// Every request comes in here, and every answer leaves here.
pub(crate) async fn enter<O: Owner>(
    State(house): State<Arc<House<O>>>,
    Extension(place): Extension<Arc<Place>>,
    request: Request,
) -> Response {
    let endpoint = Endpoint::at(request.uri().path());
    let voice = endpoint.as_ref().map_or(Voice::Page, Endpoint::voice);
    let (method, started) = (request.method().clone(), Instant::now());
    let mut response = match house.pass(endpoint, &place, request).await {
        Ok(response) => response,
        Err(Ends::Refused(refusal)) => refusal.told(voice),
        Err(Ends::OAuth(error)) if voice == Voice::Page => reply::text(reply::status(&error), error.description),
        Err(Ends::OAuth(error)) => reply::oauth(&error),
    };
    closed(&mut response);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    tracing::debug!(%method, status, ?took, "answered");
    response
}

impl<O: Owner> House<O> {
    pub(crate) fn new(owner: Arc<O>, base: &str, address: SocketAddr, limits: Limits) -> Self {
        Self {
            owner,
            base: base.to_owned(),
            limits,
            statement: fhir::Statement::new(base),
            hosts: Hosts::new(names(base, address)),
            bodies: Bodies::new(limits.bodies_kib, limits.body_bytes, limits.body_time),
            turns: Arc::new(Semaphore::new(limits.requests)),
            peers: Rates::new(limits.peer_per_minute),
            askers: Rates::new(limits.asking_per_minute),
            clients: Rates::new(limits.client_per_minute),
            hasher: RandomState::new(),
        }
    }

    /// The rules of the door in their order: cheap ones first, nothing of the body before the head is right.
    async fn pass(&self, endpoint: Option<Endpoint>, place: &Place, request: Request) -> Result<Response, Ends> {
        let (head, body) = request.into_parts();
        let peer = self.hasher.hash_one(network_of(place.peer));
        self.peers.count(peer, Instant::now())?;
        self.hosts.check(&head.uri, &head.headers)?;
        single(&head.uri, &head.headers)?;
        let endpoint = endpoint.ok_or(Refusal::NotFound)?;
        if !endpoint.offers(&head.method) {
            return Err(Refusal::Method(endpoint.methods()).into());
        }
        let page = asking(endpoint.pages(), &self.hosts, &head.headers)?;
        self.known(&page).await?;
        if head.method == Method::OPTIONS {
            let mut response = answer_preflight(&head.headers, endpoint.methods())?;
            let_read(&page, &mut response);
            return Ok(response);
        }
        if endpoint.leaves_behind() {
            self.count_asking(peer)?;
        }
        if let Some(sent) = head.headers.get(AUTHORIZATION) {
            self.clients.count(self.hasher.hash_one(sent.as_bytes()), Instant::now())?;
        }
        media_fits(endpoint.media(), &head.method, &head.headers)?;
        let query = head.uri.query().unwrap_or_default().to_owned();
        if !query.is_empty() && matches!(endpoint.media(), Media::Form | Media::Json) {
            return Err(Refusal::Query.into());
        }
        let mut held = self.bodies.read(&head.headers, body).await?;
        let _under_way = place.under_way();
        let turn = timeout(TURN, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Refusal::Busy)?.map_err(|_| Refusal::Busy)?;
        let asked = Asked {
            endpoint,
            method: head.method,
            path: head.uri.path().to_owned(),
            query,
            headers: head.headers,
            body: held.take(),
            peer,
        };
        let voice = asked.endpoint.voice();
        let answered = timeout(self.limits.request_time, self.answer(asked)).await;
        let mut response = match answered.unwrap_or(Err(Ends::Refused(Refusal::Busy))) {
            Ok(response) => response,
            // A page may read also why it was refused.
            Err(Ends::OAuth(error)) if voice == Voice::OAuth => reply::oauth(&error),
            Err(Ends::Refused(refusal)) => refusal.told(voice),
            Err(ends) => return Err(ends),
        };
        let_read(&page, &mut response);
        Ok(until_read(response, turn).await)
    }

    async fn answer(&self, asked: Asked) -> Result<Response, Ends> {
        if let Some(door) = asked.endpoint.door() {
            let open = self.owner.step(move |step| step.setting.doors.contains(&door)).await;
            if !open.map_err(Refusal::from)? {
                return Err(Refusal::NotFound.into());
            }
        }
        match asked.endpoint {
            Endpoint::Fhir(_) | Endpoint::Export(_) | Endpoint::Statement => fhir::answer(self, asked).await,
            Endpoint::Wait(_) | Endpoint::Authorize | Endpoint::Claims | Endpoint::Style => {
                wait::answer(self, asked).await
            }
            _ => oauth::answer(self, asked).await,
        }
    }

    /// Whether a client registered the origin of a page that asks.
    async fn known(&self, page: &Asking) -> Result<(), Ends> {
        let Asking::PageOf(origin) = page else { return Ok(()) };
        let origin = origin.to_str().map_err(|_| Refusal::Header)?.to_owned();
        let registered = move |step: &mut Step<'_>| {
            let known = |client: &authz::Client| client.blocked.is_none() && client.origins.contains(&origin);
            step.ledger.clients.iter().any(known)
        };
        if self.owner.step(registered).await.map_err(Refusal::from)? { Ok(()) } else { Err(Refusal::Origin.into()) }
    }

    /// Counts a request that leaves something behind.
    pub(crate) fn count_asking(&self, peer: u64) -> Result<(), Refusal> {
        self.askers.count(peer, Instant::now())
    }

    /// Takes a step, and brings what it asks for.
    pub(crate) async fn step<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Step<'_>) -> Result<T, Stop> + Clone + Send + 'static,
    ) -> Result<T, Ends> {
        for _ in 0..DOCUMENTS {
            match self.owner.step(work.clone()).await.map_err(Refusal::from)? {
                Ok(answer) => return Ok(answer),
                Err(Stop::Refused(error)) => return Err(Ends::OAuth(error)),
                Err(Stop::Bring(wanted)) => self.owner.bring(wanted).await.map_err(Refusal::from)?,
            }
        }
        Err(Ends::OAuth(OAuthError::new(
            ErrorCode::TemporarilyUnavailable,
            "too many documents would have to be fetched",
        )))
    }
}

impl From<Refusal> for Ends {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<OAuthError> for Ends {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

/// Under which names the server is asked: that of its base URL, and loopback's where it listens.
fn names(base: &str, address: SocketAddr) -> Vec<String> {
    let public = base.split_once("://").map_or(base, |(_, authority)| authority);
    let mut names = vec![public.to_owned(), address.to_string()];
    if base.starts_with("https://") && !public.contains(':') {
        names.push(format!("{public}:443"));
    }
    if address.ip().is_loopback() {
        names.push(format!("localhost:{}", address.port()));
    }
    names
}

/// Who a peer is for the count: an address of IPv4, a network of IPv6.
fn network_of(peer: IpAddr) -> u128 {
    match peer {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() & !u128::from(u64::MAX),
    }
}

/// 200 with JSON.
pub(crate) fn ok(body: &serde_json::Value) -> Response {
    reply::json(StatusCode::OK, body)
}
