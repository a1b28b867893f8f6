use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;

use crate::code::coded;

/// Longest wait a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Requests for the same page before it is given up, waiting in between.
const TRIES: u32 = 5;

/// What to do with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Read it.
    Take,
    /// Renew the access token and ask again, once.
    Refresh,
    /// Wait, and ask again.
    Retry {
        /// How long.
        wait: Duration,
    },
    /// Leave it; the rest of the pull goes on, unless [`GiveUp::ends_the_pull`].
    GiveUp(GiveUp),
}

/// Why a request is given up.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GiveUp {
    /// 403: the server does not release it.
    #[error("the server does not release it")]
    Refused,
    /// 401, and a new token did not help, or there is none to be had.
    #[error("the server asks to sign in again")]
    SignInAgain,
    /// 400, 404, 405, 422, 501: the server does not have the kind, or not this search for it.
    #[error("the server does not support it")]
    Unsupported,
    /// 410: it was there, and is no more.
    #[error("it is gone")]
    Gone,
    /// 429 or 503, again and again, or with a wait that is too long.
    #[error("the server is too busy")]
    Busy,
    /// 500 and the like, again and again.
    #[error("the server fails")]
    ServerError,
    /// Anything else.
    #[error("the server answers in an unexpected way")]
    Unexpected,
}

coded!(GiveUp {
    Self::Refused => "pull.refused" Them,
    Self::SignInAgain => "pull.signInAgain" You,
    Self::Unsupported => "pull.unsupported" Them,
    Self::Gone => "pull.gone" Them,
    Self::Busy => "pull.busy" Them,
    Self::ServerError => "pull.serverError" Them,
    Self::Unexpected => "pull.unexpected" Them,
});

impl GiveUp {
    /// Whether the rest of the pull would fail for the same reason.
    pub fn ends_the_pull(self) -> bool {
        matches!(self, Self::SignInAgain | Self::Busy)
    }
}

/// How often a page was asked for already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempt {
    /// Answers and failures so far, this one left out.
    pub before: u32,
    /// Whether the token was renewed for it.
    pub refreshed: bool,
}

/// What to do with an answer of a FHIR server. `retry_after` is the header as it was sent.
pub fn after(status: u16, retry_after: Option<&str>, attempt: Attempt, now: Timestamp) -> After {
    match status {
        200 => After::Take,
        401 if attempt.refreshed => After::GiveUp(GiveUp::SignInAgain),
        401 => After::Refresh,
        403 => After::GiveUp(GiveUp::Refused),
        400 | 404 | 405 | 406 | 422 | 501 => After::GiveUp(GiveUp::Unsupported),
        410 => After::GiveUp(GiveUp::Gone),
        429 | 503 => again(retry_after.and_then(|text| asked_wait(text, now)), attempt, GiveUp::Busy),
        408 | 500 | 502 | 504..=599 => again(None, attempt, GiveUp::ServerError),
        _ => After::GiveUp(GiveUp::Unexpected),
    }
}

/// What to do when no answer came: the same patience as with a server that fails. `None` when it is spent; the
/// network's own error then says why.
pub fn after_failure(attempt: Attempt) -> Option<Duration> {
    match again(None, attempt, GiveUp::ServerError) {
        After::Retry { wait } => Some(wait),
        _ => None,
    }
}

fn again(asked: Option<Duration>, attempt: Attempt, otherwise: GiveUp) -> After {
    let wait = asked.unwrap_or_else(|| backoff(attempt.before));
    if attempt.before.saturating_add(1) >= TRIES || wait > LONGEST_WAIT {
        return After::GiveUp(otherwise);
    }
    After::Retry { wait }
}

/// 1, 2, 4, 8 seconds.
fn backoff(before: u32) -> Duration {
    Duration::from_secs(1_u64.checked_shl(before).unwrap_or(u64::MAX))
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds or an HTTP date. A date that has passed is now; at least a second,
/// so that a careless zero does not become a storm.
fn asked_wait(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let until = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()?;
        Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO)
    };
    Some(wait.max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(status: u16, retry_after: Option<&str>) -> After {
        after(status, retry_after, Attempt::default(), "1994-11-06T08:49:37Z".parse().expect("a time"))
    }

    fn wait(seconds: u64) -> After {
        After::Retry { wait: Duration::from_secs(seconds) }
    }

    #[test]
    fn each_answer_has_one_consequence() {
        assert_eq!(first(200, None), After::Take);
        assert_eq!(first(401, None), After::Refresh);
        assert_eq!(first(403, None), After::GiveUp(GiveUp::Refused));
        for unsupported in [400, 404, 405, 422, 501] {
            assert_eq!(first(unsupported, None), After::GiveUp(GiveUp::Unsupported), "{unsupported}");
        }
        assert_eq!(first(410, None), After::GiveUp(GiveUp::Gone));
        for failing in [500, 502, 504, 599] {
            assert_eq!(first(failing, Some("7")), wait(1), "{failing}");
        }
        for odd in [0, 100, 204, 302, 418, 600, 999] {
            assert_eq!(first(odd, None), After::GiveUp(GiveUp::Unexpected), "{odd}");
        }
    }

    #[test]
    fn a_busy_server_is_waited_for_as_long_as_it_asks_up_to_five_minutes() {
        assert_eq!(first(429, Some("7")), wait(7));
        assert_eq!(first(503, Some(" 300 ")), wait(300));
        assert_eq!(first(429, Some("301")), After::GiveUp(GiveUp::Busy));
        assert_eq!(first(429, Some("99999999999999999999999")), After::GiveUp(GiveUp::Busy));
        assert_eq!(first(503, Some("Sun, 06 Nov 1994 08:50:37 GMT")), wait(60));
        assert_eq!(first(503, Some("Sun, 06 Nov 1994 07:00:00 GMT")), wait(1), "a date that has passed is now");
        assert_eq!(first(503, Some("Sun, 06 Nov 2094 08:49:37 GMT")), After::GiveUp(GiveUp::Busy));
        assert_eq!(first(429, Some("0")), wait(1));
        assert_eq!(first(429, Some("soon")), wait(1));
        assert_eq!(first(429, None), wait(1));
    }

    #[test]
    fn patience_grows_and_ends() {
        let at = |before| after(500, None, Attempt { before, refreshed: false }, Timestamp::UNIX_EPOCH);
        assert_eq!([at(0), at(1), at(2), at(3)], [wait(1), wait(2), wait(4), wait(8)]);
        assert_eq!(at(4), After::GiveUp(GiveUp::ServerError));
        assert_eq!(at(u32::MAX), After::GiveUp(GiveUp::ServerError));
        assert_eq!(after_failure(Attempt { before: 3, refreshed: false }), Some(Duration::from_secs(8)));
        assert_eq!(after_failure(Attempt { before: 4, refreshed: false }), None);
    }

    #[test]
    fn a_token_is_renewed_once() {
        let again = Attempt { before: 1, refreshed: true };
        assert_eq!(after(401, None, again, Timestamp::UNIX_EPOCH), After::GiveUp(GiveUp::SignInAgain));
        assert!(GiveUp::SignInAgain.ends_the_pull() && !GiveUp::Refused.ends_the_pull());
    }
}
