//! How a request that opens nothing is told where to ask (RFC 6750 §3; UMA 2.0 Grant §3.2).

use authz::{Door, ErrorCode, OAuthError, Permission, Where};
use axum::response::Response;
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use search::{Need, Needs, Request, Right};

use crate::house::{Ends, House};
use crate::owner::{AnswerError, Owner};
use crate::refusal::{Refusal, Voice};
use crate::reply;

/// What to ask the owner for so that the request would be answered. It follows from the request alone.
pub(super) fn to_answer(request: &Request) -> Vec<Permission> {
    let needs = match request.needs() {
        Ok(Needs::All(all)) => all,
        Ok(Needs::Each(each)) => each.into_iter().filter_map(Result::ok).flatten().collect(),
        Err(_) => Vec::new(),
    };
    let mut permissions: Vec<Permission> = Vec::new();
    for need in &needs {
        let (resource, scope) = (resource_of(need), scope_of(need.right).to_owned());
        match permissions.iter_mut().find(|known| known.resource == resource) {
            Some(known) if known.scopes.contains(&scope) => {}
            Some(known) => known.scopes.push(scope),
            None => permissions.push(Permission { at: Where::Here, resource, scopes: vec![scope] }),
        }
    }
    permissions
}

pub(super) fn to_create(resource_type: &str) -> Vec<Permission> {
    vec![Permission { at: Where::Here, resource: resource_type.to_owned(), scopes: vec!["create".to_owned()] }]
}

fn resource_of(need: &Need) -> String {
    match (&need.resource_type, &need.id) {
        (Some(kind), Some(id)) => format!("{kind}/{id}"),
        (Some(kind), None) => kind.to_string(),
        (None, _) => "*".to_owned(),
    }
}

fn scope_of(right: Right) -> &'static str {
    match right {
        Right::Read => "read",
        Right::Search => "search",
    }
}

/// Nothing was answered. `without`: nothing was presented either, so that there is no error to name (RFC 6750 §3.1).
pub(super) async fn refused<O: Owner>(
    house: &House<O>,
    error: AnswerError,
    permissions: Vec<Permission>,
    peer: u64,
    without: bool,
) -> Result<Response, Ends> {
    let error = match error {
        AnswerError::Refused(error) => error,
        AnswerError::Owner(error) => return Err(Refusal::from(error).into()),
    };
    let status = reply::status(&error);
    let issue = match status {
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        _ => "login",
    };
    let status = match error.code {
        // RFC 9449 §7.1: a proof that does not hold is answered like a token that does not.
        ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce => StatusCode::UNAUTHORIZED,
        _ => status,
    };
    let mut response = reply::outcome(status, "error", issue, error.description);
    if error.code == ErrorCode::SlowDown {
        return Ok(Refusal::Many { retry: std::time::Duration::from_secs(60) }.told(Voice::Fhir));
    }
    for challenge in challenges(&error, without) {
        reply::put(&mut response, WWW_AUTHENTICATE, &challenge);
    }
    nonce(house, &error, &mut response).await?;
    ticket(house, permissions, peer, &mut response).await?;
    Ok(response)
}

/// The grant does not reach that far. That follows from the token alone; so does the ticket to ask for more with.
pub(super) async fn forbidden<O: Owner>(
    house: &House<O>,
    mut response: Response,
    permissions: Vec<Permission>,
    peer: u64,
) -> Result<Response, Ends> {
    reply::put(&mut response, WWW_AUTHENTICATE, "Bearer realm=\"record\", error=\"insufficient_scope\"");
    ticket(house, permissions, peer, &mut response).await?;
    Ok(response)
}

fn challenges(error: &OAuthError, without: bool) -> Vec<String> {
    let code = error.code.as_str();
    match error.code {
        ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce => vec![format!("DPoP error=\"{code}\"")],
        _ if without => vec!["Bearer realm=\"record\"".to_owned()],
        _ => vec![format!("Bearer realm=\"record\", error=\"{code}\"")],
    }
}

/// RFC 9449 §9: the nonce that the next proof needs.
async fn nonce<O: Owner>(house: &House<O>, error: &OAuthError, response: &mut Response) -> Result<(), Ends> {
    if error.code == ErrorCode::UseDpopNonce {
        let nonce = house.owner.step(|step| step.setting.dpop_nonce(step.now)).await.map_err(Refusal::from)?;
        reply::put(response, http::HeaderName::from_static("dpop-nonce"), &nonce);
    }
    Ok(())
}

/// A ticket, unless this side has had many: then the refusal goes without.
async fn ticket<O: Owner>(
    house: &House<O>,
    permissions: Vec<Permission>,
    peer: u64,
    response: &mut Response,
) -> Result<(), Ends> {
    if permissions.is_empty() || house.count_asking(peer).is_err() {
        return Ok(());
    }
    let asking = move |step: &mut authz::Step<'_>| {
        if !step.setting.doors.contains(&Door::Uma) {
            return None;
        }
        // Too many tickets: the refusal stands by itself.
        let Ok(ticket) = step.ticket_here(permissions) else { return None };
        Some(ticket)
    };
    if let Some(ticket) = house.owner.step(asking).await.map_err(Refusal::from)? {
        let (base, ticket) = (&house.base, ticket.expose());
        let challenge = format!("UMA realm=\"record\", as_uri=\"{base}\", ticket=\"{ticket}\"");
        reply::put(response, WWW_AUTHENTICATE, &challenge);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_what_the_request_needs_and_no_more() {
        let one = |target: &str| {
            let all = to_answer(&Request::get(target));
            all.into_iter().map(|one| (one.resource, one.scopes.join(" "))).collect::<Vec<_>>()
        };
        assert_eq!(one("Observation/1"), [("Observation/1".to_owned(), "read".to_owned())]);
        assert_eq!(one("Observation?code=1"), [("Observation".to_owned(), "search".to_owned())]);
        assert_eq!(one("Patient/1/$everything"), [("*".to_owned(), "read search".to_owned())]);
        assert_eq!(one("metadata"), []);
        assert_eq!(one("Nothing/1"), []);
    }
}
