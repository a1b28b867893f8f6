//! What a client pushes about who is asking (UMA 2.0 Grant §3.3.1, §5.7): an `id_token` of an issuer that the owner
//! trusts, or a text signed by a DID, which may present credentials. Each proves something once.
//!
//! A token that proves nothing is no error of the process: the answer is `need_info`, whatever is wrong with it.

use crypto::{Algorithm, Jws};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{Claim, Client, Step, Stop, jwt};

mod credential;
mod did_signed;
mod id_token;

/// `claim_token_format` of an `id_token`.
pub const ID_TOKEN: &str = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";

/// `claim_token_format` of a JWT that a DID signed: `iss` is the DID, `aud` our issuer, `exp` minutes after `iat`, with a
/// `jti` or `nonce` of its own. A presentation (`vp`, or typed as `vp+jwt`) is read the same way, and the credentials in
/// it too.
pub const DID_JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// All that are read here.
pub const CLAIM_TOKEN_FORMATS: [&str; 2] = [ID_TOKEN, DID_JWT];

/// `typ` of a presentation (Securing Verifiable Credentials using JOSE and COSE §3.1.2).
const PRESENTATION: &str = "vp+jwt";
/// Longest claim token.
const MAX_TOKEN: usize = 32 << 10;
/// Longest text of a claim.
const MAX_TEXT: usize = 255;
/// By how much two clocks may differ.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// A key that is not found may have been published since; but who publishes is not asked more often than this.
const RETRY: SignedDuration = SignedDuration::from_secs(60);

impl Step<'_> {
    /// What a claim token proves; nothing is nothing.
    ///
    /// # Errors
    /// [`Stop::Bring`] for the keys of an issuer or a DID that could be the one.
    pub(crate) fn read_claim(&mut self, client: &Client, token: &str, format: &str) -> Result<Vec<Claim>, Stop> {
        match format {
            ID_TOKEN => {
                let Some(signed) = Signed::parse(token) else { return Ok(Vec::new()) };
                Ok(self.id_token(client, &signed)?.into_iter().collect())
            }
            DID_JWT => {
                let Some(signed) = Signed::parse(token).or_else(|| Signed::typed(token, PRESENTATION)) else {
                    return Ok(Vec::new());
                };
                let Some(holder) = self.did_signed(&signed)? else { return Ok(Vec::new()) };
                let mut proven = self.credentials(&signed, &holder.proof)?;
                proven.insert(0, holder);
                Ok(proven)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Which DID signed a text of this type for this server, just now and once, with what it says.
    pub(crate) fn signed_by_did(&mut self, token: &str, typ: &str) -> Result<Option<SignedByDid>, Stop> {
        let Some(signed) = Signed::typed(token, typ) else { return Ok(None) };
        let proven = self.did_signed(&signed)?;
        Ok(proven.map(|claim| SignedByDid { did: claim.proof, claims: signed.claims }))
    }

    /// From when a document has to be for a key that it does not name to be missing.
    fn lately(&self) -> Timestamp {
        self.now.saturating_sub(RETRY).unwrap_or(Timestamp::MIN)
    }
}

/// What a DID signed.
#[derive(Debug)]
pub(crate) struct SignedByDid {
    pub(crate) did: String,
    pub(crate) claims: Map<String, Value>,
}

/// A signed text that was read. Nothing is proven by reading.
#[derive(Debug)]
pub(super) struct Signed {
    jws: Jws,
    claims: Map<String, Value>,
}

impl Signed {
    /// Reads it. `none`, an HMAC, `crit` and loose base64 end here; so does what is typed as something else: a proof of
    /// possession, an access token or an assertion proves nobody.
    pub(super) fn parse(token: &str) -> Option<Self> {
        Self::read(token, |typ| typ.is_none() || jwt::is_typed(typ, "jwt"))
    }

    /// The same of one that is typed as this.
    fn typed(token: &str, name: &str) -> Option<Self> {
        Self::read(token, |typ| jwt::is_typed(typ, name))
    }

    fn read(token: &str, right: impl Fn(Option<&str>) -> bool) -> Option<Self> {
        let Ok(jws) = Jws::parse(token, MAX_TOKEN) else { return None };
        let is_right = right(jws.header().typ.as_deref());
        let claims = jwt::claims(jws.payload())?;
        is_right.then_some(Self { jws, claims })
    }

    fn alg(&self) -> Algorithm {
        self.jws.header().alg
    }

    fn kid(&self) -> Option<&str> {
        self.jws.header().kid.as_deref()
    }

    /// A claim that is a text, not empty and not too long, without control characters.
    fn text(&self, name: &str) -> Option<&str> {
        let text = jwt::text(&self.claims, name)?;
        let plain = (1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(char::is_control);
        plain.then_some(text)
    }

    /// When it is over, when it holds now, was made no longer ago than `age`, and holds no longer than `life` from then.
    fn holds(&self, now: Timestamp, age: SignedDuration, life: SignedDuration) -> Option<Timestamp> {
        let (made, over) = (jwt::instant(&self.claims, "iat")?, jwt::instant(&self.claims, "exp")?);
        let begins = match self.claims.get("nbf") {
            None => made,
            Some(_) => made.max(jwt::instant(&self.claims, "nbf")?),
        };
        let over = over.checked_add(LEEWAY).ok()?;
        let begun = begins <= now.checked_add(LEEWAY).ok()?;
        let fresh = now.duration_since(made) <= age;
        let short = over.duration_since(made) <= life.checked_add(LEEWAY)?;
        (begun && now < over && fresh && short).then_some(over)
    }

    /// What is spent of it: what was signed, as the signature itself may be written in two ways.
    fn once(&self) -> &str {
        self.jws.signing_input()
    }

    /// A name that stands beside the proof. Never a fact.
    fn name(&self) -> Option<String> {
        self.text("name").or_else(|| self.text("email")).map(str::to_owned)
    }
}
