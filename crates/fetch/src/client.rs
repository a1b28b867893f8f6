use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Method, Request, StatusCode};
use tokio::sync::OnceCell;
use tokio::time::timeout;
use types::Secret;
use url::Url;

use crate::resolver::{Guard, OwnerNamed, system};
use crate::{FetchError, Limits, Response, address};

/// What holds for all requests.
#[derive(Debug, Clone)]
pub struct Policy {
    version: String,
    hosts: Vec<String>,
}

impl Policy {
    /// The strictest: no private addresses at all. `version` goes into the `User-Agent`.
    pub fn new(version: &str) -> Self {
        Self { version: version.to_owned(), hosts: Vec::new() }
    }

    /// Lets a host be on a private network, because the owner typed it.
    pub fn allow_host(mut self, host: &str) -> Self {
        self.hosts.push(host.to_owned());
        self
    }
}

/// Which representation is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// `application/json`.
    Json,
    /// FHIR R4 as JSON, or plain JSON from servers that do not know the type.
    FhirJson,
    /// Whatever it is: attachments.
    Anything,
}

impl Accept {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json",
            Self::FhirJson => "application/fhir+json, application/json;q=0.9",
            Self::Anything => "*/*",
        })
    }
}

/// The client. One for the whole program: connections are kept and used again. Cloning shares them.
///
/// What the computer trusts is read with the first request, not before: hundreds of certificates take longer than a
/// window may take to open.
#[derive(Debug, Clone)]
pub struct Fetch {
    client: Arc<OnceCell<Client>>,
    making: Arc<Making>,
    owner_named: OwnerNamed,
}

/// What the client is made from.
#[derive(Debug)]
struct Making {
    version: String,
    guard: Guard,
    more_roots: Vec<Certificate>,
}

impl Fetch {
    /// Sets the client up, without asking anything of the system yet.
    pub fn new(policy: Policy) -> Self {
        let owner_named = OwnerNamed::default();
        policy.hosts.iter().for_each(|host| owner_named.add(host));
        Self::assemble(&policy.version, Guard::new(system, owner_named.clone()), owner_named, Vec::new())
    }

    pub(crate) fn assemble(version: &str, guard: Guard, owner_named: OwnerNamed, more_roots: Vec<Certificate>) -> Self {
        let making = Making { version: version.to_owned(), guard, more_roots };
        Self { client: Arc::default(), making: Arc::new(making), owner_named }
    }

    /// Some tens of milliseconds the first time.
    async fn client(&self) -> Result<&Client, FetchError> {
        self.client.get_or_try_init(|| async { self.making.client() }).await
    }

    /// Lets a host be on a private network from now on, because the owner typed it.
    pub fn allow_host(&self, host: &str) {
        self.owner_named.add(host);
    }

    /// Asks for a document; `bearer` goes into `Authorization`. Redirects are not followed.
    ///
    /// # Errors
    /// [`FetchError`]; any status but a redirect is an answer, not an error.
    pub async fn get(
        &self,
        url: &Url,
        accept: Accept,
        bearer: Option<&Secret<String>>,
        limits: Limits,
    ) -> Result<Response, FetchError> {
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().insert(ACCEPT, accept.header());
        authorize(request.headers_mut(), bearer)?;
        self.run(request, limits).await
    }

    /// Asks for a document and follows up to `hops` redirects. Each hop passes the checks anew; the token goes only to
    /// the origin it was meant for; nothing beyond this computer can lead back into it.
    ///
    /// # Errors
    /// [`FetchError`], with [`FetchError::TooManyRedirects`] beyond `hops`.
    pub async fn get_following(
        &self,
        url: &Url,
        accept: Accept,
        bearer: Option<&Secret<String>>,
        limits: Limits,
        hops: u8,
    ) -> Result<Response, FetchError> {
        let follow = async {
            let mut at = url.clone();
            for _ in 0..=hops {
                let mut request = Request::new(Method::GET, at.clone());
                request.headers_mut().insert(ACCEPT, accept.header());
                authorize(request.headers_mut(), bearer.filter(|_| at.origin() == url.origin()))?;
                let location = match self.send_once(request, limits).await? {
                    Sent::Answer(answer) => return Ok(answer),
                    Sent::Elsewhere { location } => location,
                };
                let next = location.and_then(|to| at.join(&to).ok()).ok_or(FetchError::Redirected { to_host: None })?;
                if types::is_loopback(&next) && !types::is_loopback(url) {
                    return Err(FetchError::PrivateAddress { host: next.host_str().unwrap_or_default().to_owned() });
                }
                at = next;
            }
            Err(FetchError::TooManyRedirects)
        };
        timeout(limits.total, follow).await.unwrap_or(Err(FetchError::Timeout))
    }

    /// Posts a form, already encoded (`application/x-www-form-urlencoded`), and asks for JSON.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn post_form(&self, url: &Url, form: Vec<u8>, limits: Limits) -> Result<Response, FetchError> {
        self.post(url, "application/x-www-form-urlencoded", Accept::Json, form, None, limits).await
    }

    /// Posts JSON and asks for JSON; `bearer` goes into `Authorization`.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn post_json(
        &self,
        url: &Url,
        value: &serde_json::Value,
        bearer: Option<&Secret<String>>,
        limits: Limits,
    ) -> Result<Response, FetchError> {
        self.post(url, "application/json", Accept::Json, value.to_string().into_bytes(), bearer, limits).await
    }

    /// Posts a FHIR resource or operation's parameters, and asks for FHIR.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn post_fhir(
        &self,
        url: &Url,
        value: &serde_json::Value,
        bearer: Option<&Secret<String>>,
        limits: Limits,
    ) -> Result<Response, FetchError> {
        let body = value.to_string().into_bytes();
        self.post(url, "application/fhir+json", Accept::FhirJson, body, bearer, limits).await
    }

    /// Sends a request another crate made, such as a token request, and gives the answer in the same vocabulary.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, FetchError> {
        let request = Request::try_from(request).map_err(|_| FetchError::Unsendable)?;
        let answer = self.run(request, limits).await?;
        let mut builder = http::Response::builder().status(answer.status);
        if let Some(kind) = &answer.content_type {
            builder = builder.header(CONTENT_TYPE, kind);
        }
        builder.body(answer.body).map_err(|_| FetchError::Unsendable)
    }

    async fn post(
        &self,
        url: &Url,
        content_type: &'static str,
        accept: Accept,
        body: Vec<u8>,
        bearer: Option<&Secret<String>>,
        limits: Limits,
    ) -> Result<Response, FetchError> {
        let mut request = Request::new(Method::POST, url.clone());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        request.headers_mut().insert(ACCEPT, accept.header());
        authorize(request.headers_mut(), bearer)?;
        *request.body_mut() = Some(body.into());
        self.run(request, limits).await
    }

    /// One exchange within its time; a redirect is an error that says where to.
    async fn run(&self, request: Request, limits: Limits) -> Result<Response, FetchError> {
        let url = request.url().clone();
        match timeout(limits.total, self.send_once(request, limits)).await.unwrap_or(Err(FetchError::Timeout))? {
            Sent::Answer(answer) => Ok(answer),
            Sent::Elsewhere { location } => {
                let to = location.and_then(|to| url.join(&to).ok());
                Err(FetchError::Redirected { to_host: to.and_then(|to| to.host_str().map(str::to_owned)) })
            }
        }
    }

    async fn send_once(&self, request: Request, limits: Limits) -> Result<Sent, FetchError> {
        address::check(request.url(), |host| self.owner_named.has(host))?;
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let response = self.client().await?.execute(request).await.map_err(|error| FetchError::of(error, &host))?;
        if leads_elsewhere(response.status()) {
            let location = response.headers().get(http::header::LOCATION);
            return Ok(Sent::Elsewhere { location: location.and_then(|to| to.to_str().ok()).map(str::to_owned) });
        }
        Response::collect(response, limits).await.map(Sent::Answer)
    }
}

impl Making {
    fn client(&self) -> Result<Client, FetchError> {
        Client::builder()
            .user_agent(format!("Satchel/{}", self.version))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .gzip(true)
            .dns_resolver(self.guard.clone())
            .tls_certs_merge(self.more_roots.clone())
            .connect_timeout(Duration::from_secs(15))
            .pool_idle_timeout(Duration::from_secs(60))
            .http1_max_headers(100)
            .http2_max_header_list_size(64 << 10)
            .http2_adaptive_window(true)
            .build()
            .map_err(FetchError::Setup)
    }
}

enum Sent {
    Answer(Response),
    Elsewhere { location: Option<String> },
}

fn leads_elsewhere(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn authorize(headers: &mut HeaderMap, bearer: Option<&Secret<String>>) -> Result<(), FetchError> {
    if let Some(token) = bearer {
        let mut value =
            HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| FetchError::Unsendable)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(())
}
