use consent::{Detail, Details};
use serde_json::Value;
use types::ServerUrl;

use crate::{Asked, Client, ClientKind, Door, ErrorCode, Form, OAuthError, Reading, ReadingError, Setting};

/// Parameters that are kept of a pushed request. What the client proved itself with is not among them.
pub(super) const KEPT: [&str; 15] = [
    "aud",
    "authorization_details",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "launch",
    "nonce",
    "prompt",
    "redirect_uri",
    "request",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// Most bytes of `nonce`.
const MAX_NONCE: usize = 512;

/// What an authorization request says, its redirect address and `state` apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parameters {
    /// What is asked; it reads.
    pub(super) asked: Asked,
    /// `code_challenge` of S256.
    pub(super) challenge: String,
    /// `nonce`.
    pub(super) nonce: Option<String>,
    /// `dpop_jkt`.
    pub(super) jkt: Option<String>,
}

/// The parameters to keep of a pushed request, encoded.
pub(super) fn kept(form: &Form) -> String {
    let single = KEPT.into_iter().filter_map(|name| Some((name, form.find(name)?)));
    super::encoded(single.chain(form.all("resource").map(|value| ("resource", value))))
}

impl Parameters {
    /// Reads them.
    ///
    /// # Errors
    /// What the client is told: everything that is not fully understood is refused.
    pub(super) fn of(setting: &Setting, client: &Client, form: &Form) -> Result<Self, OAuthError> {
        may_launch(client)?;
        for unknown in ["request", "registration", "launch"] {
            // Signed request objects (RFC 9101) and launches from elsewhere are not offered.
            if form.find(unknown).is_some() {
                return Err(refused("a parameter is not supported"));
            }
        }
        if form.need("response_type")? != "code" {
            let only = "response_type is not code";
            return Err(OAuthError::new(ErrorCode::UnsupportedResponseType, only));
        }
        if form.find("response_mode").is_some_and(|mode| mode != "query") {
            return Err(refused("response_mode is not query"));
        }
        if form.find("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "none")) {
            let asked = "the owner is always asked";
            return Err(OAuthError::new(ErrorCode::ConsentRequired, asked));
        }
        // SMART App Launch 2.2: `state` is required.
        form.need("state")?;
        let challenge = challenge(form)?;
        is_for_here(setting, form)?;
        let nonce = form.find("nonce");
        let jkt = form.find("dpop_jkt");
        if nonce.is_some_and(|nonce| nonce.len() > MAX_NONCE) || jkt.is_some_and(|jkt| !is_digest(jkt)) {
            return Err(refused("nonce or dpop_jkt is not one"));
        }
        Ok(Self {
            asked: asked(setting, form)?,
            challenge: challenge.to_owned(),
            nonce: nonce.map(str::to_owned),
            jkt: jkt.map(str::to_owned),
        })
    }
}

fn refused(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequest, why)
}

fn may_launch(client: &Client) -> Result<(), OAuthError> {
    let registered = client.grant_types.iter().any(|grant| grant == "authorization_code");
    if client.kind == ClientKind::App && registered {
        return Ok(());
    }
    Err(OAuthError::new(ErrorCode::UnauthorizedClient, "the client is not registered for authorization_code"))
}

/// PKCE (RFC 7636), and of its two methods the one that hides the verifier.
fn challenge(form: &Form) -> Result<&str, OAuthError> {
    let challenge = form.find("code_challenge").ok_or_else(|| refused("code_challenge is missing"))?;
    if form.find("code_challenge_method") != Some("S256") {
        return Err(refused("code_challenge_method is not S256"));
    }
    if is_digest(challenge) { Ok(challenge) } else { Err(refused("code_challenge is not one of S256")) }
}

/// SHA-256 in base64url.
fn is_digest(text: &str) -> bool {
    text.len() == 43 && crypto::b64u::decode(text).is_ok()
}

/// `aud` of SMART, `resource` of RFC 8707: the FHIR server here, and no other beside it. Without it a token could be
/// asked for one server and spent at another (SMART App Launch 2.2, "Obtain authorization code").
fn is_for_here(setting: &Setting, form: &Form) -> Result<(), OAuthError> {
    let mut named = form.find("aud").into_iter().chain(form.all("resource")).peekable();
    if named.peek().is_none() {
        return Err(refused("aud is missing"));
    }
    let here = setting.fhir();
    if named.all(|server| server.strip_suffix('/').unwrap_or(server) == here) {
        return Ok(());
    }
    Err(OAuthError::new(ErrorCode::InvalidTarget, "aud or resource is not the FHIR server here"))
}

fn asked(setting: &Setting, form: &Form) -> Result<Asked, OAuthError> {
    let text = form.find("authorization_details");
    // Read before it becomes a tree, in which a member that stands twice is no longer seen.
    let details = text.map(|text| Details::parse(text.as_bytes())).transpose();
    let details = details.map_err(|why| ReadingError::from(why).refusal())?;
    if !details.iter().flat_map(|details| &details.0).all(|detail| is_here(setting, detail)) {
        let elsewhere = "the authorization details name another server";
        return Err(OAuthError::new(ErrorCode::InvalidAuthorizationDetails, elsewhere));
    }
    let asked = Asked {
        scope: form.find("scope").unwrap_or_default().to_owned(),
        details: details.map(|details| Details::to_value(&details)).filter(|value| *value != Value::Array(Vec::new())),
        permissions: Vec::new(),
    };
    Reading::of(Door::Launch, &asked).map_err(|why| why.refusal())?;
    Ok(asked)
}

fn is_here(setting: &Setting, detail: &Detail) -> bool {
    let locations: &[ServerUrl] = match detail {
        Detail::SmartOnFhir(smart) => &smart.locations,
        Detail::RecordAccess(access) => &access.locations,
    };
    let here = setting.fhir();
    locations.iter().all(|location| location.as_str() == here)
}
