//! A client of the authorization server in a few lines, where a test needs many of them or needs to misbehave: code flow
//! with PKCE over plain HTTP.

use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;
use url::form_urlencoded::Serializer;

/// RFC 7636, appendix B: a verifier with its challenge.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:9/back";

/// A registered public client.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) http: Client,
    /// The FHIR base.
    pub(crate) base: String,
    pub(crate) issuer: String,
    pub(crate) id: String,
}

/// A token as it was given.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) body: Value,
}

/// A browser that waits for the owner.
pub(crate) struct Waiting {
    app: App,
    page: Url,
}

/// A client that follows no redirect.
pub(crate) fn http() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl App {
    /// Registers at the server whose FHIR base this is.
    pub(crate) async fn register(base: &str, scope: &str) -> Self {
        Self::try_register(base, scope).await.expect("the server takes a registration")
    }

    /// The same; `None` when the server does not answer so.
    pub(crate) async fn try_register(base: &str, scope: &str) -> Option<Self> {
        let http = http();
        let issuer = base.strip_suffix("/fhir").unwrap().to_owned();
        let answer = Self::registration(&http, &issuer, scope).await.ok()?;
        if answer.status() != StatusCode::CREATED {
            return None;
        }
        let id = read(answer).await["client_id"].as_str()?.to_owned();
        Some(Self { http, base: base.to_owned(), issuer, id })
    }

    /// The answer to a registration.
    pub(crate) async fn registration(http: &Client, issuer: &str, scope: &str) -> reqwest::Result<Response> {
        let metadata = json!({
            "client_name": "A few lines",
            "redirect_uris": [REDIRECT],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": scope,
        });
        let url = format!("{issuer}/register");
        let request = http.post(url).header("content-type", "application/json").body(metadata.to_string());
        request.send().await
    }

    /// Asks as a browser does, and is sent to the page that waits.
    pub(crate) async fn ask(&self, scope: &str) -> Waiting {
        self.try_ask(scope).await.expect("the browser is sent to a page that waits")
    }

    /// The same; `None` when the server does not answer so.
    pub(crate) async fn try_ask(&self, scope: &str) -> Option<Waiting> {
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "state"),
            ("aud", &self.base),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        let answer = self.http.get(format!("{}/authorize?{query}", self.issuer)).send().await.ok()?;
        let page = location(&answer).filter(|page| page.as_str().starts_with(&self.issuer))?;
        Some(Waiting { app: self.clone(), page })
    }

    /// The answer of the token endpoint.
    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> reqwest::Result<(StatusCode, Value)> {
        let body = form(&[fields, &[("client_id", &*self.id)]].concat());
        let request = self.http.post(format!("{}/token", self.issuer)).body(body);
        let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await?;
        Ok((answer.status(), read(answer).await))
    }

    /// A code for tokens.
    pub(crate) async fn redeem(&self, code: &str) -> Token {
        self.try_redeem(code).await.expect("a code buys tokens")
    }

    /// The same; `None` when the server does not answer so.
    pub(crate) async fn try_redeem(&self, code: &str) -> Option<Token> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let (status, body) = self.token(&fields).await.ok()?;
        (status == StatusCode::OK).then(|| Token::of(body))
    }

    /// A FHIR request with a token.
    pub(crate) async fn try_get(&self, question: &str, token: &str) -> Option<Response> {
        self.http.get(format!("{}/{question}", self.base)).bearer_auth(token).send().await.ok()
    }
}

impl Token {
    fn of(body: Value) -> Self {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Self { access: text("access_token").unwrap(), refresh: text("refresh_token"), body }
    }
}

impl Waiting {
    /// The code, once it was approved: waits at the page until it sends the browser back.
    pub(crate) async fn code(&self) -> String {
        self.try_code().await.expect("the browser comes back with a code")
    }

    /// The same; `None` when the server does not answer so.
    pub(crate) async fn try_code(&self) -> Option<String> {
        for _ in 0..600 {
            let answer = self.app.http.get(self.page.clone()).send().await.ok()?;
            if let Some(back) = location(&answer) {
                assert!(back.as_str().starts_with(REDIRECT), "{back}");
                return back.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
            }
            if answer.status() != StatusCode::OK {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }
}

/// Where an answer sends the browser.
fn location(answer: &Response) -> Option<Url> {
    let location = answer.headers().get(LOCATION)?.to_str().unwrap();
    Some(answer.url().join(location).unwrap())
}

pub(crate) async fn read(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null)
}
