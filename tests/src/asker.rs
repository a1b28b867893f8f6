//! Those who ask: a neighbour of the demo with somebody at the browser, and an app of a few lines. Real HTTP to the door
//! that the window opened, from outside the window's process.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Sandbox;

/// RFC 7636, appendix B: a verifier with its challenge.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://127.0.0.1:9/back";
const FORM: &str = "application/x-www-form-urlencoded";

/// How long the owner may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser that was sent to the wallet and waits there.
#[derive(Debug)]
pub struct Waiting {
    page: String,
    back: String,
}

/// A program that registered at the wallet, and what it was given.
#[derive(Debug)]
pub struct App {
    fhir: String,
    issuer: String,
    id: String,
    token: Option<String>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub text: String,
    location: Option<String>,
}

impl Waiting {
    /// Somebody fills in the form of the daughter's app with the wallet's address.
    ///
    /// # Panics
    /// When the neighbour does not send the browser to the wallet, or that to its page.
    #[must_use]
    pub fn at_the_daughters_app(sandbox: &Sandbox, fhir: &str) -> Self {
        let neighbours = sandbox.address("neighbours");
        let body = form(&[("wallet", fhir)]);
        let asked = send("POST", &format!("{neighbours}/daughter"), &[("Content-Type", FORM)], &body);
        let there = asked.location.unwrap_or_else(|| panic!("the neighbour sends nobody on: {}", asked.text));
        Self::of(&there, format!("{neighbours}/daughter/back"))
    }

    fn of(authorize: &str, back: String) -> Self {
        let begun = get(authorize);
        let page = begun.location.unwrap_or_else(|| panic!("the wallet has no page that waits: {}", begun.text));
        Self { page, back }
    }

    /// What the page says that waits for the owner.
    ///
    /// # Panics
    /// When it waits no more.
    #[must_use]
    pub fn says(&self) -> String {
        let answer = get(&self.page);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    }

    /// Waits until the wallet sends the browser back, and gives the address that it was sent to.
    ///
    /// # Panics
    /// When that takes too long, or leads elsewhere.
    #[must_use]
    pub fn sent_back(&self) -> String {
        let start = Instant::now();
        loop {
            if let Some(to) = get(&self.page).location {
                assert!(to.starts_with(&self.back), "sent to {to}");
                return to;
            }
            assert!(start.elapsed() < PATIENCE, "the browser waits for ever");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl App {
    /// Registers under this name.
    ///
    /// # Panics
    /// When it is refused.
    #[must_use]
    pub fn register(fhir: &str, name: &str) -> Self {
        let issuer = fhir.strip_suffix("/fhir").expect("the address of a FHIR server").to_owned();
        let metadata = json!({"client_name": name, "redirect_uris": [REDIRECT], "grant_types": ["authorization_code"],
            "response_types": ["code"], "token_endpoint_auth_method": "none", "scope": "patient/*.rs"});
        let json = [("Content-Type", "application/json")];
        let answer = send("POST", &format!("{issuer}/register"), &json, &metadata.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text);
        let id = answer.json()["client_id"].as_str().expect("a registered program has an id").to_owned();
        Self { fhir: fhir.to_owned(), issuer, id, token: None }
    }

    /// Sends somebody's browser to the wallet.
    ///
    /// # Panics
    /// When the wallet has no page for it.
    #[must_use]
    pub fn ask(&self, scope: &str) -> Waiting {
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "s"),
            ("aud", &self.fhir),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        Waiting::of(&format!("{}/authorize?{query}", self.issuer), REDIRECT.to_owned())
    }

    /// Buys a token with the code that the browser brought.
    ///
    /// # Panics
    /// When there is no code, or it buys nothing.
    pub fn redeem(&mut self, back: &str) {
        let code = back.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
        let code = code.unwrap_or_else(|| panic!("no code in {back}"));
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", &self.id),
        ]);
        let answer = send("POST", &format!("{}/token", self.issuer), &[("Content-Type", FORM)], &body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.token = answer.json()["access_token"].as_str().map(str::to_owned);
    }

    /// Reads with its token.
    ///
    /// # Panics
    /// When it has none.
    #[must_use]
    pub fn read(&self, question: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token.as_deref().expect("a token was bought"));
        send("GET", &format!("{}/{question}", self.fhir), &[("Authorization", &bearer)], "")
    }
}

impl Answer {
    /// Its body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the answer is JSON")
    }
}

/// Opens an address, as a browser does.
///
/// # Panics
/// When nobody answers there.
#[must_use]
pub fn get(url: &str) -> Answer {
    send("GET", url, &[], "")
}

fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let address = url.strip_prefix("http://").expect("an address on this computer");
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let mut request = format!("{method} /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {}\r\n", body.len());
    headers.iter().for_each(|(name, value)| request.push_str(&format!("{name}: {value}\r\n")));
    let mut stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{url}: {error}"));
    write!(stream, "{request}\r\n{body}").expect("it can be asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    let answer = String::from_utf8_lossy(&answer);
    let (head, text) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("an answer has a status");
    let header = |line: &str| {
        line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("location")).map(|it| it.1.to_owned())
    };
    let location =
        head.lines().find_map(header).map(|to| if to.starts_with('/') { format!("http://{host}{to}") } else { to });
    Answer { status, text: text.to_owned(), location }
}

fn form(fields: &[(&str, &str)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}
