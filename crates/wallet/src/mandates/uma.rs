//! A token for a mandate: the client's side of UMA 2.0 (Grant §3). What proves who is asking is a text signed with the
//! key made for the giver, so that no secret is kept but that key.

use fetch::{Accept, Limits, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use types::{MandateId, Secret, ServerUrl};
use url::Url;
use url::form_urlencoded::Serializer;
use vault::PairRow;

use super::MandateError;
use super::held::Held;
use crate::connections::Link;
use crate::error::WalletError;
use crate::{Wallet, now};

/// What this wallet calls itself.
const NAME: &str = "Satchel";
/// How long what it signs is good, in seconds.
const CLAIM_LIFE: i64 = 120;
/// How long a token is used whose server does not say how long it holds.
const UNSTATED: SignedDuration = SignedDuration::from_mins(5);
/// Longest ticket or token.
const MAX_TOKEN: usize = 8 << 10;

/// Whom to ask, and as whom.
pub(super) struct Asked<'a> {
    pub(super) pair: &'a PairRow,
    pub(super) server: &'a ServerUrl,
    /// Id of the Patient there. Any will do: the ticket follows from what is asked, not from what is there.
    pub(super) patient: &'a str,
    pub(super) client_id: Option<String>,
    /// What an earlier answer goes on with.
    pub(super) ticket: Option<String>,
}

/// What came of asking.
pub(super) enum Sought {
    /// It opens what was granted.
    Token { access: Secret<String>, expires: Timestamp, client_id: String },
    /// The giver has to decide.
    Submitted { ticket: String, interval: u32, client_id: String },
    /// They did not allow it.
    Denied,
}

impl Wallet {
    /// A new token for the source of a mandate. Whether the mandate holds is asked first: else the giver would be
    /// bothered with a request for what they have ended.
    pub(crate) async fn token_under(&self, link: &Link, id: &MandateId) -> Result<Secret<String>, WalletError> {
        let row = self.follow_mandate(id).await?;
        if row.ended.is_some() {
            return Err(MandateError::Ended.into());
        }
        let wanted = row.pair.clone();
        let pair = self.with(move |open| Ok(open.vault.pair(&wanted)?)).await?;
        let mut held = Held::of(&row)?;
        let server = held.server.read()?;
        let patient = link.details.patient.as_str();
        let (client_id, ticket) = (held.client_id.clone(), None);
        match self.seek(Asked { pair: &pair, server: &server, patient, client_id, ticket }).await? {
            Sought::Token { access, expires, client_id } => {
                held.client_id = Some(client_id);
                let details = held.text()?;
                let (used, source) = (Secret::new(access.expose().clone()), link.row.id.clone());
                let tokens = vault::Tokens { access, refresh: None, expires: Some(expires) };
                self.with(move |open| {
                    open.vault.set_tokens(&row.person, &source, Some(&tokens))?;
                    Ok(open.vault.update_mandate(&vault::MandateRow { details, ..row })?)
                })
                .await?;
                Ok(used)
            }
            // It was ended between the two questions.
            Sought::Submitted { .. } | Sought::Denied => Err(MandateError::Ended.into()),
        }
    }

    /// From a refusal (§3.2) over the ticket to a token (§3.3), or as far as it goes.
    pub(super) async fn seek(&self, asked: Asked<'_>) -> Result<Sought, WalletError> {
        self.fetch().allow_host(asked.server.host());
        let mut client_id = match &asked.client_id {
            Some(id) => id.clone(),
            None => self.register_at(asked.server).await?,
        };
        let mut ticket = match &asked.ticket {
            Some(ticket) => ticket.clone(),
            None => self.ticket_at(&asked).await?,
        };
        // A client that was long unused is forgotten there; it registers once more. One more round where the claim is
        // asked for after the ticket.
        let mut fresh = asked.client_id.is_none();
        for _ in 0..3 {
            let answer = self.redeem(&asked, &ticket, &client_id).await?;
            let body: Value = serde_json::from_slice(&answer.body).map_err(|_| MandateError::NotAWallet)?;
            if answer.status == 200 {
                return token(&body, client_id);
            }
            let next = body.get("ticket").and_then(Value::as_str).filter(|text| text.len() <= MAX_TOKEN);
            match (body.get("error").and_then(Value::as_str), next) {
                (Some("request_submitted"), Some(next)) => {
                    let interval = body.get("interval").and_then(Value::as_u64).unwrap_or(5).clamp(1, 3_600);
                    let interval = u32::try_from(interval).unwrap_or(5);
                    return Ok(Sought::Submitted { ticket: next.to_owned(), interval, client_id });
                }
                (Some("request_denied"), _) => return Ok(Sought::Denied),
                (Some("need_info"), Some(next)) => next.clone_into(&mut ticket),
                (Some("invalid_client"), _) if !fresh => {
                    client_id = self.register_at(asked.server).await?;
                    fresh = true;
                }
                _ => return Err(refusal(answer.status, &body).into()),
            }
        }
        Err(MandateError::Protocol { code: "need_info".to_owned() }.into())
    }

    /// RFC 7591: a client without a secret. It registers for this one server.
    async fn register_at(&self, server: &ServerUrl) -> Result<String, WalletError> {
        let url = join(server, "register")?;
        let metadata = json!({
            "client_name": NAME, "grant_types": [authz::UMA_TICKET], "token_endpoint_auth_method": "none",
        });
        let answer = self.fetch().post_json(&url, &metadata, None, Limits::token()).await?;
        let body: Value = serde_json::from_slice(&answer.body).map_err(|_| MandateError::NotAWallet)?;
        if answer.status != 201 {
            return Err(refusal(answer.status, &body).into());
        }
        let id = body.get("client_id").and_then(Value::as_str).filter(|id| id.len() <= 255);
        Ok(id.ok_or(MandateError::NotAWallet)?.to_owned())
    }

    /// The ticket for the whole record, as far as it will be given (§3.2.1).
    async fn ticket_at(&self, asked: &Asked<'_>) -> Result<String, WalletError> {
        let url = join(asked.server, &format!("fhir/Patient/{}/$everything", asked.patient))?;
        let answer = self.fetch().get(&url, Accept::FhirJson, None, Limits::document()).await?;
        if answer.status == 429 {
            return Err(MandateError::Protocol { code: "slow_down".to_owned() }.into());
        }
        let (at, ticket) = challenge(&answer).ok_or(MandateError::NotAWallet)?;
        // A ticket of another authorization server is not for this giver.
        if at.trim_end_matches('/') != asked.server.as_str() {
            return Err(MandateError::NotAWallet.into());
        }
        Ok(ticket)
    }

    async fn redeem(&self, asked: &Asked<'_>, ticket: &str, client_id: &str) -> Result<Response, WalletError> {
        let at = now().as_second();
        let did = asked.pair.own_did.clone();
        let jti = crypto::b64u::encode(&crypto::random::<16>()?);
        let claims = json!({
            "iss": did, "sub": did, "aud": asked.server.as_str(), "iat": at, "exp": at + CLAIM_LIFE, "jti": jti,
        });
        let signer = asked.pair.clone();
        let claim = self.with(move |open| open.sign_as(&signer, "JWT", &claims)).await?;
        let form = Serializer::new(String::new())
            .append_pair("grant_type", authz::UMA_TICKET)
            .append_pair("ticket", ticket)
            .append_pair("client_id", client_id)
            .append_pair("claim_token", &claim)
            .append_pair("claim_token_format", authz::DID_JWT)
            .finish();
        Ok(self.fetch().post_form(&join(asked.server, "token")?, form.into_bytes(), Limits::token()).await?)
    }
}

fn join(server: &ServerUrl, path: &str) -> Result<Url, MandateError> {
    server.join(path).map_err(|_| MandateError::NotAWallet)
}

fn token(body: &Value, client_id: String) -> Result<Sought, WalletError> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let is_bearer = text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"));
    let access = text("access_token").filter(|token| is_bearer && token.len() <= MAX_TOKEN);
    let access = Secret::new(access.ok_or(MandateError::NotAWallet)?.to_owned());
    let stated = body.get("expires_in").and_then(Value::as_i64).filter(|seconds| (1..=86_400).contains(seconds));
    let life = stated.map_or(UNSTATED, SignedDuration::from_secs);
    let expires = now().saturating_add(life).unwrap_or_else(|_| now());
    Ok(Sought::Token { access, expires, client_id })
}

/// `as_uri` and `ticket` of the UMA challenge among several (§3.2.1).
fn challenge(answer: &Response) -> Option<(String, String)> {
    if answer.status != 401 && answer.status != 403 {
        return None;
    }
    let uma = answer.challenges.iter().find_map(|text| text.strip_prefix("UMA "))?;
    let of = |name: &str| {
        let (_, after) = uma.split_once(&format!("{name}=\""))?;
        let (value, _) = after.split_once('"')?;
        (value.len() <= MAX_TOKEN).then(|| value.to_owned())
    };
    Some((of("as_uri")?, of("ticket")?))
}

/// An error of the protocol, with its code where that is a plain word.
pub(super) fn refusal(status: u16, body: &Value) -> MandateError {
    let code = body.get("error").and_then(Value::as_str).unwrap_or_default();
    let plain = !code.is_empty() && code.len() <= 64 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match code {
        _ if !plain => MandateError::Protocol { code: format!("HTTP {status}") },
        code => MandateError::Protocol { code: code.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(challenges: &[&str]) -> Response {
        let challenges = challenges.iter().map(|text| (*text).to_owned()).collect();
        let (content_type, retry_after, location, date) = (None, None, None, None);
        Response { status: 401, content_type, retry_after, location, challenges, date, body: Vec::new() }
    }

    #[test]
    fn the_ticket_is_found_among_other_challenges() {
        let bearer = "Bearer realm=\"record\"";
        let uma = "UMA realm=\"record\", as_uri=\"http://127.0.0.1:8731\", ticket=\"abc\"";
        let found = challenge(&refused(&[bearer, uma]));
        assert_eq!(found, Some(("http://127.0.0.1:8731".to_owned(), "abc".to_owned())));
        for other in [vec![], vec![bearer], vec!["UMA realm=\"record\""], vec!["UMA as_uri=\"x\", ticket=\"open"]] {
            assert_eq!(challenge(&refused(&other)), None, "{other:?}");
        }
    }

    #[test]
    fn what_a_server_says_is_told_only_where_it_is_a_plain_word() {
        let code = |body: Value| match refusal(400, &body) {
            MandateError::Protocol { code } => code,
            _ => String::new(),
        };
        assert_eq!(code(json!({ "error": "invalid_grant" })), "invalid_grant");
        assert_eq!(code(json!({ "error": "<b>Call this number" })), "HTTP 400");
        assert_eq!(code(json!([])), "HTTP 400");
    }
}
