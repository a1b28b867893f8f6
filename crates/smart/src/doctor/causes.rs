use types::Whose;

use crate::Client;
use crate::refusal::RefusalKind;

/// At which door a server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The browser's.
    Authorize,
    /// The token endpoint, with a code.
    Redeem,
    /// The token endpoint, with a refresh token.
    Refresh,
}

/// What may lie behind a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// The code of the text, of [`CODES`](super::CODES).
    pub code: &'static str,
    /// Who can do something about it.
    pub whose: Whose,
}

const fn cause(code: &'static str, whose: Whose) -> Cause {
    Cause { code, whose }
}

const CLIENT_UNKNOWN: Cause = cause("doctor.causeClientUnknown", Whose::You);
const CLIENT_NOT_APPROVED: Cause = cause("doctor.causeClientNotApproved", Whose::Them);
const CLIENT_IS_CONFIDENTIAL: Cause = cause("doctor.causeClientIsConfidential", Whose::Them);
const KEY_NOT_REGISTERED: Cause = cause("doctor.causeKeyNotRegistered", Whose::Them);
const REDIRECT_NOT_REGISTERED: Cause = cause("doctor.causeRedirectNotRegistered", Whose::Them);
const AUDIENCE_NOT_TAKEN: Cause = cause("doctor.causeAudienceNotTaken", Whose::Them);
const SCOPE_NOT_REGISTERED: Cause = cause("doctor.causeScopeNotRegistered", Whose::Them);
const PKCE_NOT_TAKEN: Cause = cause("doctor.causePkceNotTaken", Whose::Them);
const PERSON_SAID_NO: Cause = cause("doctor.causePersonSaidNo", Whose::You);
const NO_PORTAL_ACCESS: Cause = cause("doctor.causeNoPortalAccess", Whose::Them);
const SESSION_ENDED: Cause = cause("doctor.causeSessionEnded", Whose::You);
const CODE_SPENT: Cause = cause("doctor.causeCodeSpent", Whose::You);
const CLOCK_WRONG: Cause = cause("doctor.causeClockWrong", Whose::Computer);
const GRANT_NOT_ALLOWED: Cause = cause("doctor.causeGrantNotAllowed", Whose::Them);
const LEAVE_ENDED: Cause = cause("doctor.causeLeaveEnded", Whose::Them);
const TOKEN_REPLACED: Cause = cause("doctor.causeTokenReplaced", Whose::Us);
const SERVER_DOWN: Cause = cause("doctor.causeServerDown", Whose::Them);

/// Likely causes of a refusal, the likeliest first. `invalid_client` without another word is the field's most common
/// complaint: here are the words.
pub fn causes(stage: Stage, kind: RefusalKind, client: &Client) -> Vec<Cause> {
    match (stage, kind, client) {
        (Stage::Authorize, RefusalKind::InvalidRequest, _) => {
            vec![REDIRECT_NOT_REGISTERED, CLIENT_UNKNOWN, AUDIENCE_NOT_TAKEN, PKCE_NOT_TAKEN]
        }
        (Stage::Authorize, RefusalKind::InvalidClient | RefusalKind::UnauthorizedClient, _) => {
            vec![CLIENT_UNKNOWN, CLIENT_NOT_APPROVED]
        }
        (Stage::Authorize, RefusalKind::AccessDenied, _) => vec![PERSON_SAID_NO, NO_PORTAL_ACCESS],
        (Stage::Authorize, RefusalKind::ServerError, _) => vec![SERVER_DOWN, AUDIENCE_NOT_TAKEN, CLIENT_NOT_APPROVED],
        (_, RefusalKind::AccessDenied, _) => vec![NO_PORTAL_ACCESS, CLIENT_NOT_APPROVED],
        (_, RefusalKind::InvalidClient, Client::Keyed { .. }) => {
            vec![KEY_NOT_REGISTERED, CLOCK_WRONG, CLIENT_NOT_APPROVED]
        }
        (_, RefusalKind::InvalidClient, Client::Public { .. }) => {
            vec![CLIENT_IS_CONFIDENTIAL, CLIENT_UNKNOWN, CLIENT_NOT_APPROVED]
        }
        (Stage::Refresh, RefusalKind::InvalidGrant, _) => vec![LEAVE_ENDED, TOKEN_REPLACED],
        (_, RefusalKind::InvalidGrant, _) => vec![CODE_SPENT, REDIRECT_NOT_REGISTERED, PKCE_NOT_TAKEN],
        (_, RefusalKind::InvalidRequest, _) => vec![PKCE_NOT_TAKEN, REDIRECT_NOT_REGISTERED, CLIENT_IS_CONFIDENTIAL],
        (_, RefusalKind::UnauthorizedClient | RefusalKind::UnsupportedGrantType, _) => {
            vec![GRANT_NOT_ALLOWED, CLIENT_NOT_APPROVED]
        }
        (_, RefusalKind::UnsupportedResponseType, _) => vec![GRANT_NOT_ALLOWED],
        (_, RefusalKind::InvalidScope, _) => vec![SCOPE_NOT_REGISTERED],
        (_, RefusalKind::LoginRequired, _) => vec![SESSION_ENDED],
        (_, RefusalKind::ServerError | RefusalKind::TemporarilyUnavailable, _) => vec![SERVER_DOWN],
        (_, RefusalKind::Other, _) => Vec::new(),
    }
}
