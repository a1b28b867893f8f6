//! A person with a browser and a program, over real HTTP.

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use sandbox::{Options, Running, Sandbox};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

pub(crate) const REDIRECT: &str = "http://127.0.0.1:49200/callback";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0001";
pub(crate) const SCOPE: &str = "openid fhirUser launch/patient offline_access patient/*.rs";

/// One ecosystem, and what is needed to use it.
pub(crate) struct Stage {
    pub(crate) running: Running,
    pub(crate) http: Client,
}

pub(crate) async fn stage() -> Stage {
    with(Options::new(jiff::civil::date(2026, 11, 20))).await
}

pub(crate) async fn with(options: Options) -> Stage {
    let running = Sandbox::start(options).await.unwrap();
    let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Stage { running, http }
}

pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) fn form(request: RequestBuilder, pairs: &[(&str, &str)]) -> RequestBuilder {
    request.header("content-type", "application/x-www-form-urlencoded").body(encoded(pairs))
}

pub(crate) async fn json(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// The value of a hidden input of a page.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or("");
    after.split('"').next().unwrap().to_owned()
}

pub(crate) fn challenge(verifier: &str) -> String {
    crypto::b64u::encode(&crypto::sha256(verifier.as_bytes()))
}

impl Stage {
    pub(crate) fn authority(&self, path: &str) -> String {
        format!("{}{path}", self.running.addresses.authority)
    }

    /// A good authorization request for a FHIR base.
    pub(crate) fn request(&self, aud: &str) -> Vec<(String, String)> {
        [
            ("response_type", "code"),
            ("client_id", "satchel"),
            ("redirect_uri", REDIRECT),
            ("scope", SCOPE),
            ("state", "state-0123456789"),
            ("nonce", "nonce-0123456789"),
            ("aud", aud),
            ("code_challenge", &challenge(VERIFIER)),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    pub(crate) async fn ask(&self, request: &[(String, String)]) -> Response {
        let pairs: Vec<(&str, &str)> = request.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.http.get(self.authority(&format!("/authorize?{}", encoded(&pairs)))).send().await.unwrap()
    }

    /// Fills in a page's form.
    pub(crate) async fn submit(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let (flow, csrf) = (hidden(page, "flow"), hidden(page, "csrf"));
        let mut pairs = vec![("flow", flow.as_str()), ("csrf", csrf.as_str())];
        pairs.extend_from_slice(fields);
        form(self.http.post(self.authority(path)), &pairs).send().await.unwrap()
    }

    /// From the request to the way back: signs in, chooses, approves.
    pub(crate) async fn approve(
        &self,
        request: &[(String, String)],
        login: &str,
        person: Option<&str>,
    ) -> Vec<(String, String)> {
        let page = self.ask(request).await.text().await.unwrap();
        let fields = [("username", login), ("password", &format!("{login}-demo"))];
        let mut page = self.submit(&page, "/signin", &fields).await.text().await.unwrap();
        if let Some(person) = person {
            page = self.submit(&page, "/choose", &[("person", person)]).await.text().await.unwrap();
        }
        back(&self.submit(&page, "/approve", &[("decision", "allow")]).await)
    }

    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Response {
        form(self.http.post(self.authority("/token")), fields).send().await.unwrap()
    }

    pub(crate) async fn redeem(&self, code: &str) -> Response {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("client_id", "satchel"),
            ("code_verifier", VERIFIER),
        ];
        self.token(&fields).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Response {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "satchel")]).await
    }

    /// The whole way to tokens, for one's own record (or that of `person`).
    pub(crate) async fn connect(&self, aud: &str, login: &str, person: Option<&str>) -> Value {
        let way_back = self.approve(&self.request(aud), login, person).await;
        let response = self.redeem(value(&way_back, "code")).await;
        assert_eq!(response.status(), StatusCode::OK);
        json(response).await
    }

    pub(crate) async fn get(&self, url: &str, token: &str) -> Response {
        self.http.get(url).bearer_auth(token).send().await.unwrap()
    }

    /// All resources of a search, page by page.
    pub(crate) async fn pull(&self, url: &str, token: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(url.to_owned());
        while let Some(url) = next {
            let response = self.get(&url, token).await;
            assert_eq!(response.status(), StatusCode::OK, "{url}");
            let bundle = json(response).await;
            let entries = bundle.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
            found.extend(entries.into_iter().map(|entry| entry["resource"].clone()));
            let links = bundle["link"].as_array().unwrap();
            next = links
                .iter()
                .find(|link| link["relation"] == "next")
                .map(|link| link["url"].as_str().unwrap().to_owned());
        }
        found
    }
}

/// The query the browser comes back with.
pub(crate) fn back(response: &Response) -> Vec<(String, String)> {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let to = response.headers()["location"].to_str().unwrap();
    assert!(to.starts_with(REDIRECT), "{to}");
    Url::parse(to).unwrap().query_pairs().into_owned().collect()
}

pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
}

pub(crate) fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or("")
}
