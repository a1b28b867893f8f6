use std::collections::BTreeSet;

use thiserror::Error;
use types::ServerUrl;
use url::Url;

use crate::answer::{Answer, NotJson, text, texts};
use crate::code::coded;
use crate::{Capability, endpoint};

/// How a server lets an app in: the SMART configuration of a FHIR base.
///
/// Source: SMART App Launch 2.2, "Conformance", `.well-known/smart-configuration`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Configuration {
    /// The FHIR base it belongs to.
    pub base: ServerUrl,
    /// Where it was found.
    pub found: Found,
    /// Who signs identity tokens and answers the browser, as written.
    pub issuer: Option<String>,
    /// Where the browser goes.
    pub authorize: Url,
    /// Where codes and refresh tokens are redeemed.
    pub token: Url,
    /// Where tokens are taken back (RFC 7009).
    pub revocation: Option<Url>,
    /// Where a client registers itself (RFC 7591).
    pub registration: Option<Url>,
    /// Where a person sees and ends what apps may do.
    pub management: Option<Url>,
    /// Where the keys are that sign identity tokens.
    pub jwks: Option<Url>,
    /// Capabilities, as written.
    pub capabilities: BTreeSet<String>,
    /// Scopes the server lists, when it lists any.
    pub scopes: Option<Vec<String>>,
    /// PKCE methods, when said.
    pub challenge_methods: Option<Vec<String>>,
    /// How clients prove themselves at the token endpoint, when said.
    pub client_authentication: Option<Vec<String>>,
    /// Grant types, when said.
    pub grant_types: Option<Vec<String>>,
    /// Whether every answer to the browser carries `iss` (RFC 9207).
    pub answers_with_issuer: bool,
    /// Whether the authorization server itself said that both endpoints are its own.
    confirmed: bool,
}

/// Where a configuration was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// `.well-known/smart-configuration`.
    WellKnown,
    /// The `oauth-uris` extension of `/metadata`: servers of the first version of SMART.
    Metadata,
}

/// Why there is no usable configuration.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// 404 or 410.
    #[error("the configuration was not found")]
    NotFound,
    /// Another status than 200.
    #[error("the server did not give its configuration")]
    Status(u16),
    /// A web page instead.
    #[error("the server answered with a web page")]
    Html,
    /// Neither.
    #[error("the configuration is not a JSON object")]
    NotJson,
    /// The capability statement has no `oauth-uris`.
    #[error("the server says nothing of SMART")]
    NoSmart,
    /// `authorization_endpoint` is missing: no app can sign a person in.
    #[error("the configuration has no authorization endpoint")]
    NoAuthorize,
    /// `token_endpoint` is missing.
    #[error("the configuration has no token endpoint")]
    NoToken,
    /// An endpoint is not an address.
    #[error("an endpoint of the configuration is not an address")]
    BadAddress,
    /// An endpoint is not https.
    #[error("an endpoint of the configuration is not https")]
    Insecure,
    /// An endpoint of a server elsewhere points into this computer.
    #[error("an endpoint of the configuration points into this computer")]
    IntoThisComputer,
    /// PKCE methods are listed, and S256 is not among them.
    #[error("the server does not support the S256 challenge")]
    NoS256,
    /// The browser would go to one server and the code to another, and the first does not call the second its own.
    #[error("the token endpoint is not of the server that signs in")]
    EndpointsApart,
}

coded!(ConfigurationError {
    Self::NotFound => "discovery.notFound" Them,
    Self::Status(_) => "discovery.status" Them,
    Self::Html => "discovery.html" Them,
    Self::NotJson => "discovery.notJson" Them,
    Self::NoSmart => "discovery.noSmart" Them,
    Self::NoAuthorize => "discovery.noAuthorize" Them,
    Self::NoToken => "discovery.noToken" Them,
    Self::BadAddress => "discovery.badAddress" Them,
    Self::Insecure => "discovery.insecure" Them,
    Self::IntoThisComputer => "discovery.intoThisComputer" Them,
    Self::NoS256 => "discovery.noS256" Them,
    Self::EndpointsApart => "discovery.endpointsApart" Them,
});

impl ConfigurationError {
    /// Whether the older way, `/metadata`, may still answer. A configuration that is there but wrong is not worked
    /// around.
    pub fn may_be_in_metadata(&self) -> bool {
        matches!(self, Self::NotFound | Self::Status(_) | Self::Html | Self::NotJson)
    }
}

impl From<endpoint::EndpointError> for ConfigurationError {
    fn from(error: endpoint::EndpointError) -> Self {
        match error {
            endpoint::EndpointError::NotAnAddress => Self::BadAddress,
            endpoint::EndpointError::Insecure => Self::Insecure,
            endpoint::EndpointError::IntoThisComputer => Self::IntoThisComputer,
        }
    }
}

impl Configuration {
    /// Where the configuration of a FHIR base lives; asked for as `application/json`.
    ///
    /// # Errors
    /// [`ConfigurationError::BadAddress`] when nothing can be appended to the base.
    pub fn address(base: &ServerUrl) -> Result<Url, ConfigurationError> {
        base.join(".well-known/smart-configuration").map_err(|_| ConfigurationError::BadAddress)
    }

    /// Reads what [`Configuration::address`] answered.
    ///
    /// # Errors
    /// [`ConfigurationError`]; ask it whether `/metadata` is worth a try.
    pub fn read(answer: &Answer<'_>, base: &ServerUrl) -> Result<Self, ConfigurationError> {
        match answer.status {
            200 => {}
            404 | 410 => return Err(ConfigurationError::NotFound),
            other => return Err(ConfigurationError::Status(other)),
        }
        let document = answer.object().map_err(|why| match why {
            NotJson::Html => ConfigurationError::Html,
            NotJson::Empty | NotJson::Other => ConfigurationError::NotJson,
        })?;
        let needed = |name, missing| text(&document, name).ok_or(missing);
        let authorize = needed("authorization_endpoint", ConfigurationError::NoAuthorize)?;
        let token = needed("token_endpoint", ConfigurationError::NoToken)?;
        // An optional endpoint that cannot be used is as good as none; the doctor sees the difference.
        let optional = |name| text(&document, name).and_then(|address| endpoint::read(address, base).ok());
        let configuration = Self {
            base: base.clone(),
            found: Found::WellKnown,
            issuer: text(&document, "issuer").map(str::to_owned),
            authorize: endpoint::read(authorize, base)?,
            token: endpoint::read(token, base)?,
            revocation: optional("revocation_endpoint"),
            registration: optional("registration_endpoint"),
            management: optional("management_endpoint"),
            jwks: optional("jwks_uri"),
            capabilities: texts(&document, "capabilities").unwrap_or_default().into_iter().collect(),
            scopes: texts(&document, "scopes_supported"),
            challenge_methods: texts(&document, "code_challenge_methods_supported"),
            client_authentication: texts(&document, "token_endpoint_auth_methods_supported"),
            grant_types: texts(&document, "grant_types_supported"),
            answers_with_issuer: document
                .get("authorization_response_iss_parameter_supported")
                .and_then(serde_json::Value::as_bool)
                .unwrap_or(false),
            confirmed: false,
        };
        if configuration.says_no_s256() { Err(ConfigurationError::NoS256) } else { Ok(configuration) }
    }

    /// Reads the bytes of a configuration document that came with status 200.
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn parse(bytes: &[u8], base: &ServerUrl) -> Result<Self, ConfigurationError> {
        Self::read(&Answer::new(200, None, bytes), base)
    }

    /// The older way: endpoints from the capability statement (SMART App Launch 1.0, `oauth-uris`).
    ///
    /// # Errors
    /// [`ConfigurationError`].
    pub fn from_capability(capability: &Capability, base: &ServerUrl) -> Result<Self, ConfigurationError> {
        let uris = capability.oauth.as_ref().ok_or(ConfigurationError::NoSmart)?;
        let authorize = uris.authorize.as_deref().ok_or(ConfigurationError::NoAuthorize)?;
        let token = uris.token.as_deref().ok_or(ConfigurationError::NoToken)?;
        let optional = |address: &Option<String>| address.as_deref().and_then(|it| endpoint::read(it, base).ok());
        Ok(Self {
            base: base.clone(),
            found: Found::Metadata,
            issuer: None,
            authorize: endpoint::read(authorize, base)?,
            token: endpoint::read(token, base)?,
            revocation: optional(&uris.revoke),
            registration: optional(&uris.register),
            management: optional(&uris.manage),
            jwks: None,
            capabilities: uris.capabilities.iter().cloned().collect(),
            scopes: None,
            challenge_methods: None,
            client_authentication: None,
            grant_types: None,
            answers_with_issuer: false,
            confirmed: false,
        })
    }

    /// Whether the server lists a capability.
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// What must be asked before a launch when the browser would go to one origin and the code to another: the metadata
    /// of the server that signs in. `None` when both endpoints live together.
    ///
    /// A hostile FHIR server could name an honest sign-in and its own token endpoint, and be brought a code of the
    /// honest one (RFC 9700, section 4.4, "Mix-Up Attacks").
    pub fn to_confirm(&self) -> Option<Url> {
        let here = types::is_loopback(&self.authorize) && types::is_loopback(&self.token);
        if self.confirmed || here || self.authorize.origin() == self.token.origin() {
            return None;
        }
        let issuer = self.issuer.as_deref().and_then(|issuer| Url::parse(issuer).ok());
        if let Some(issuer) = issuer.filter(|issuer| issuer.origin() == self.authorize.origin()) {
            let below = format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/'));
            if let Ok(url) = Url::parse(&below) {
                return Some(url);
            }
        }
        self.authorize.join("/.well-known/oauth-authorization-server").ok()
    }

    /// Reads what [`Configuration::to_confirm`] answered.
    ///
    /// # Errors
    /// [`ConfigurationError::EndpointsApart`] unless the server that signs in names both endpoints.
    pub fn confirm(mut self, answer: &Answer<'_>) -> Result<Self, ConfigurationError> {
        let document = match answer.status {
            200 => answer.object().map_err(|_| ConfigurationError::EndpointsApart)?,
            _ => return Err(ConfigurationError::EndpointsApart),
        };
        let names = |member, endpoint: &Url| {
            text(&document, member).and_then(|address| Url::parse(address).ok()).is_some_and(|url| &url == endpoint)
        };
        if names("authorization_endpoint", &self.authorize) && names("token_endpoint", &self.token) {
            self.confirmed = true;
            Ok(self)
        } else {
            Err(ConfigurationError::EndpointsApart)
        }
    }

    fn says_no_s256(&self) -> bool {
        self.challenge_methods
            .as_ref()
            .is_some_and(|methods| !methods.is_empty() && !methods.iter().any(|m| m == "S256"))
    }
}

#[cfg(test)]
mod tests;
