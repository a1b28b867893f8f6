//! Making tokens. What a token says follows from its grant alone.

use consent::{Details, Scopes};
use crypto::{Algorithm, b64u};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use types::{ClientId, GrantId, Secret, ServerUrl};

use crate::{
    Approved, ErrorCode, Event, Issued, Mint, OAuthError, Permission, Refresh, Setting, Step, Token, TokenFormat,
    TokenKind, Where, fingerprint,
};

/// The scope of a protection token (UMA 2.0 Federated Authorization §1.3).
pub(crate) const PROTECTION: &str = "uma_protection";

/// How long a refresh token is good when it is not used.
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Most tokens that are kept at once. Exchanged refresh tokens are among them, so that their reuse is seen.
const MAX_TOKENS: usize = 100_000;

/// From how many on it is looked at whose they are, and how many access tokens one client then keeps.
const CROWDED: usize = 10_000;
const MAX_OF_CLIENT: usize = 500;

/// Exchanged refresh tokens of one family that are remembered, so that the reuse of any of them is seen. An older one
/// opens nothing either.
const MAX_EXCHANGED: usize = 100;

/// Longest signed token, as it must fit into a header. A grant that says more gets an opaque one.
const MAX_SIGNED: usize = 6_000;

impl Step<'_> {
    /// Makes tokens of a grant: as its format says, for one resource server, until the grant ends at the latest.
    ///
    /// # Errors
    /// `invalid_grant` when the grant does not hold or is another client's, or the client is blocked; `invalid_target` when it gives nothing at
    /// that resource server; `temporarily_unavailable` when too many tokens are about.
    pub fn mint(&mut self, order: &Mint<'_>) -> Result<Issued, OAuthError> {
        let approved = self.holding(order.grant).ok_or_else(over)?.clone();
        if approved.client.as_ref().is_some_and(|own| own != order.client) || !self.is_wanted(order.client) {
            return Err(over());
        }
        let said = self.setting.said(&approved, &order.at, order.only)?;
        self.make_room(order.client)?;
        let until = self.ends(&approved, self.setting.access_life)?;
        let signed = match approved.format {
            TokenFormat::Jwt if said.kind == TokenKind::Access => self.sign(order, &approved, &said, until)?,
            TokenFormat::Jwt | TokenFormat::Opaque => None,
        };
        let access_token = match signed {
            Some(signed) => signed,
            None => self.keep(order, &said, said.kind, until),
        };
        let refresh_token = match order.refresh {
            Refresh::With => {
                let until = self.ends(&approved, REFRESH_LIFE)?;
                Some(self.keep(order, &said, TokenKind::Refresh, until))
            }
            Refresh::Without => None,
        };
        self.ledger.note(Event::Issued {
            grant: order.grant.clone(),
            client: order.client.clone(),
            audience: said.audience.clone(),
            tokens: 1 + u32::from(refresh_token.is_some()),
        });
        Ok(Issued {
            access_token,
            token_type: if order.jkt.is_some() { "DPoP" } else { "Bearer" },
            expires_in: until.as_second().saturating_sub(self.now.as_second()),
            refresh_token,
            members: said.members(),
        })
    }

    /// The grant, when it holds now and the door it was asked through is open: what came through a door that the owner
    /// closed rests until they open it.
    pub(crate) fn holding(&self, grant: &GrantId) -> Option<&Approved> {
        let approved = self.ledger.grants.find(grant.as_str()).filter(|approved| approved.holds(self.now))?;
        let request = approved.request.as_ref().and_then(|request| self.ledger.requests.find(request.as_str()));
        request.is_none_or(|request| self.setting.doors.contains(&request.door)).then_some(approved)
    }

    /// A life from now, cut where the grant ends, in whole seconds as tokens say it.
    fn ends(&self, approved: &Approved, life: SignedDuration) -> Result<Timestamp, OAuthError> {
        let until = self.now.saturating_add(life).unwrap_or(self.now);
        let until = approved.grant.term.end.map_or(until, |end| end.min(until));
        Timestamp::from_second(until.as_second()).ok().filter(|until| self.now < *until).ok_or_else(over)
    }

    /// Nobody uses up the room of others: who has too many tokens loses the oldest.
    fn make_room(&mut self, client: &ClientId) -> Result<(), OAuthError> {
        if self.ledger.tokens.count() < CROWDED {
            return Ok(());
        }
        self.ledger.sweep(self.now);
        let own = |row: &&Token| row.kind == TokenKind::Access && row.client.as_ref() == Some(client);
        let mut own: Vec<_> = self.ledger.tokens.iter().filter(own).map(|row| (row.issued, row.hash.clone())).collect();
        own.sort();
        let surplus = own.len().saturating_sub(MAX_OF_CLIENT - 1);
        for (_, hash) in own.into_iter().take(surplus) {
            self.ledger.tokens.remove(&hash);
        }
        if self.ledger.tokens.count() >= MAX_TOKENS {
            return Err(OAuthError::new(ErrorCode::TemporarilyUnavailable, "there are too many tokens about"));
        }
        Ok(())
    }

    /// Forgets the oldest exchanged refresh tokens of a family.
    pub(crate) fn forget_exchanged(&mut self, family: &str) {
        let exchanged = self.ledger.tokens.iter().filter(|row| row.family == family);
        let mut exchanged: Vec<_> = exchanged.filter_map(|row| Some((row.used?, row.hash.clone()))).collect();
        exchanged.sort();
        let surplus = exchanged.len().saturating_sub(MAX_EXCHANGED);
        for (_, hash) in exchanged.into_iter().take(surplus) {
            self.ledger.tokens.remove(&hash);
        }
    }

    fn keep(&mut self, order: &Mint<'_>, said: &Said, kind: TokenKind, until: Timestamp) -> Secret<String> {
        let secret = self.draw.text();
        self.ledger.tokens.put(Token {
            hash: fingerprint(secret.expose()),
            kind,
            family: order.family.to_owned(),
            grant: Some(order.grant.clone()),
            client: Some(order.client.clone()),
            audience: said.audience.clone(),
            scope: said.scope.clone(),
            only: order.only.map(<[Permission]>::to_vec),
            jkt: order.jkt.map(str::to_owned),
            issued: self.now,
            until,
            used: None,
        });
        secret
    }

    /// A signed access token (RFC 9068 §2); `None` when it would not fit into a header.
    fn sign(
        &mut self,
        order: &Mint<'_>,
        approved: &Approved,
        said: &Said,
        until: Timestamp,
    ) -> Result<Option<Secret<String>>, OAuthError> {
        let failed = || OAuthError::new(ErrorCode::TemporarilyUnavailable, "the token could not be signed");
        let (key, kid) = self.setting.keys.of(Algorithm::EdDsa).ok_or_else(failed)?;
        let mut claims = said.members();
        claims.extend(said.permissions());
        let jti = format!("{}.{}", family_tag(order.family), b64u::encode(&self.draw.id()));
        for (name, value) in [
            ("iss", json!(self.setting.issuer)),
            ("sub", json!(self.setting.subject(approved, order.client.as_str()))),
            ("aud", json!(said.audience)),
            ("client_id", json!(order.client.as_str())),
            ("grant", json!(order.grant.as_str())),
            ("jti", json!(jti)),
            ("iat", json!(self.now.as_second())),
            ("exp", json!(until.as_second())),
        ] {
            claims.insert(name.to_owned(), value);
        }
        if let Some(jkt) = order.jkt {
            claims.insert("cnf".to_owned(), json!({ "jkt": jkt }));
        }
        let header = json!({ "typ": "at+jwt", "kid": kid });
        let signed = key.jws_compact(&header, Value::Object(claims).to_string().as_bytes()).map_err(|_| failed())?;
        Ok((signed.len() <= MAX_SIGNED).then(|| Secret::new(signed)))
    }
}

/// What a client, a token and an introspection may know of a grant at one resource server.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) kind: TokenKind,
    pub(crate) audience: String,
    pub(crate) scope: String,
    pub(crate) details: Option<Value>,
    pub(crate) patient: Option<String>,
    /// UMA permissions: all there are at another resource server, and at our own where the token is limited to some.
    pub(crate) permissions: Vec<Permission>,
}

impl Said {
    /// The members of an answer, but for the permissions, which only the resource server learns.
    pub(crate) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        if !self.scope.is_empty() {
            members.insert("scope".to_owned(), json!(self.scope));
        }
        if let Some(details) = &self.details {
            members.insert("authorization_details".to_owned(), details.clone());
        }
        if let Some(patient) = &self.patient {
            members.insert("patient".to_owned(), json!(patient));
        }
        members
    }

    /// `permissions` (UMA 2.0 Federated Authorization §5.1.1).
    pub(crate) fn permissions(&self) -> Option<(String, Value)> {
        let one = |permission: &Permission| json!({ "resource_id": permission.resource, "resource_scopes": permission.scopes });
        let all: Vec<Value> = self.permissions.iter().map(one).collect();
        (!all.is_empty()).then(|| ("permissions".to_owned(), Value::Array(all)))
    }
}

impl Setting {
    /// What is said of a grant at one resource server, or of the part of it that a token is limited to.
    ///
    /// # Errors
    /// `invalid_target` when the grant gives nothing there.
    pub(crate) fn said(
        &self,
        approved: &Approved,
        at: &Where,
        only: Option<&[Permission]>,
    ) -> Result<Said, OAuthError> {
        let nothing = || OAuthError::new(ErrorCode::InvalidTarget, "the grant gives nothing at this resource server");
        let mut said = Said {
            kind: TokenKind::Access,
            audience: self.audience(at),
            scope: String::new(),
            details: None,
            patient: None,
            permissions: Vec::new(),
        };
        match (at, only) {
            (Where::Here, _) if approved.scope.split(' ').any(|word| word == PROTECTION) => {
                said.kind = TokenKind::Protection;
                said.audience.clone_from(&self.issuer);
                PROTECTION.clone_into(&mut said.scope);
            }
            (Where::Here, None) => {
                let base = ServerUrl::parse(&self.fhir()).map_err(|_| nothing())?;
                let clinical = Scopes::of(&approved.grant.what).to_string();
                said.scope = words(&[&approved.scope, &clinical]);
                said.patient.clone_from(&approved.patient);
                said.details = Some(Details::shown(&approved.grant, &base, approved.patient.as_deref()).to_value());
            }
            // Scopes would say more than single resources.
            (Where::Here, Some(only)) => {
                said.permissions = only.iter().filter(|one| one.at == Where::Here).cloned().collect();
            }
            (Where::At(_), _) => {
                let given = approved.permissions.iter().filter(|one| one.at == *at);
                said.permissions = given.filter_map(|given| limited(given, only)).collect();
            }
        }
        let limited = only.is_some() || *at != Where::Here;
        if limited && said.kind == TokenKind::Access && said.permissions.is_empty() { Err(nothing()) } else { Ok(said) }
    }

    /// `aud`: our FHIR base, or the `client_id` of the resource server, which nobody else can register.
    pub(crate) fn audience(&self, at: &Where) -> String {
        match at {
            Where::Here => self.fhir(),
            Where::At(server) => server.to_string(),
        }
    }

    /// `sub`: whose record, for one client; two clients cannot tell that it is the same person.
    pub(crate) fn subject(&self, approved: &Approved, client: &str) -> String {
        let message = format!("subject {client} {}", approved.person);
        b64u::encode(&crypto::hmac_sha256(self.secret.expose(), message.as_bytes()))
    }
}

/// What a signed token tells of its family: enough to know it again when the family is revoked.
pub(crate) fn family_tag(family: &str) -> String {
    fingerprint(&format!("family {family}"))
}

/// What of a permission is left under a limit.
fn limited(given: &Permission, only: Option<&[Permission]>) -> Option<Permission> {
    let Some(only) = only else { return Some(given.clone()) };
    let within = |scope: &String| {
        only.iter().any(|one| one.at == given.at && one.resource == given.resource && one.scopes.contains(scope))
    };
    let scopes: Vec<String> = given.scopes.iter().filter(|scope| within(scope)).cloned().collect();
    (!scopes.is_empty()).then(|| Permission { scopes, ..given.clone() })
}

/// Lists of words as one, each word once.
fn words(lists: &[&str]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for word in lists.iter().flat_map(|list| list.split(' ')).filter(|word| !word.is_empty()) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all.join(" ")
}

fn over() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, "the grant does not hold for this client")
}

#[cfg(test)]
mod tests;
