use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::{Draw, ErrorCode, Ledger, OAuthError, Once, Setting, Stop, Wanted};

/// Most documents from elsewhere at a time: who names address after address fills no memory, and has the wallet send
/// nobody a flood of requests.
const MAX_BROUGHT: usize = 100;

/// One request being handled. What it may do lies in the modules of the doors, each an `impl Step`.
///
/// A step that is refused may have changed the ledger on purpose (a failed try counts); the caller keeps the changes
/// either way, in one transaction.
#[derive(Debug)]
pub struct Step<'a> {
    /// The server as it stands.
    pub setting: &'a Setting,
    /// What it knows.
    pub ledger: &'a mut Ledger,
    /// The instant, never before any that the ledger has seen ([`Ledger::at`]).
    pub now: Timestamp,
    /// Random values.
    pub draw: Draw,
}

impl Step<'_> {
    /// Spends something that may be used once, such as a `jti`; whether this was the first time. `whose` keeps the
    /// values of one side apart from those of another.
    pub(crate) fn spend(&mut self, whose: &str, what: &str, until: Timestamp) -> bool {
        let hash = fingerprint(&format!("{}:{whose}{what}", whose.len()));
        let first = self.ledger.once.find(&hash).is_none_or(|once| once.until <= self.now);
        if first {
            self.ledger.once.put(Once { hash, until });
        }
        first
    }

    /// Whether it was spent already.
    pub(crate) fn was_spent(&self, whose: &str, what: &str) -> bool {
        let hash = fingerprint(&format!("{}:{whose}{what}", whose.len()));
        self.ledger.once.find(&hash).is_some_and(|once| self.now < once.until)
    }

    /// A document from elsewhere, not older than this instant; `None` when it could not be had.
    ///
    /// Somebody else named the address. One on this computer is asked only by a server that this computer alone
    /// reaches: whoever comes from outside must not have its local programs asked.
    ///
    /// # Errors
    /// [`Stop::Bring`] when it is not there yet; `slow_down` when too many documents are.
    pub(crate) fn brought(&self, url: &Url, since: Timestamp) -> Result<Option<&Value>, Stop> {
        if types::is_loopback(url) && !Url::parse(&self.setting.issuer).is_ok_and(|issuer| types::is_loopback(&issuer))
        {
            return Ok(None);
        }
        match self.ledger.brought.find(url.as_str()) {
            Some(brought) if self.now < brought.until && since <= brought.at => Ok(brought.document.as_ref()),
            Some(_) => Err(Stop::Bring(Wanted { url: url.clone() })),
            None => {
                let held = self.ledger.brought.iter().filter(|brought| self.now < brought.until).count();
                // DIDs cost nothing: half of the room is for those whom the owner or a registration names.
                let most = if url.path().ends_with("/did.json") { MAX_BROUGHT / 2 } else { MAX_BROUGHT };
                if held >= most {
                    return Err(OAuthError::new(ErrorCode::SlowDown, "too many documents had to be fetched").into());
                }
                Err(Stop::Bring(Wanted { url: url.clone() }))
            }
        }
    }

    /// Hands a result on. A step that has to be taken again leaves the ledger as it was: the same ticket, code or
    /// assertion is presented again, and is not taken for one that was used before.
    pub(crate) fn settled<T>(&mut self, result: Result<T, Stop>) -> Result<T, Stop> {
        let again = match &result {
            Err(Stop::Bring(_)) => true,
            Err(Stop::Refused(refusal)) => refusal.code == ErrorCode::TemporarilyUnavailable,
            Ok(_) => false,
        };
        if again {
            self.ledger.undo_changes();
        }
        result
    }
}

/// What a secret or a single-use value is stored as: SHA-256, hexadecimal.
pub(crate) fn fingerprint(secret: &str) -> String {
    crypto::sha256(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Brought;
    use crate::testing::World;

    fn wanted(world: &mut World, url: &str) -> Result<bool, Stop> {
        let url = Url::parse(url).unwrap();
        world.step().brought(&url, Timestamp::MIN).map(|document| document.is_some())
    }

    #[test]
    fn programs_of_this_computer_are_not_asked_for_those_who_come_from_outside() {
        let mut world = World::new();
        for local in ["http://127.0.0.1:631/jwks", "http://localhost:8080/", "https://[::1]/did.json"] {
            assert_eq!(wanted(&mut world, local), Ok(false), "{local}");
        }
        world.setting.issuer = "http://127.0.0.1:8731".to_owned();
        assert!(matches!(wanted(&mut world, "http://127.0.0.1:9000/jwks"), Err(Stop::Bring(_))));
    }

    #[test]
    fn who_names_address_after_address_fills_no_memory_and_keeps_no_client_out() {
        let mut world = World::new();
        let mut fetched = 0;
        for number in 0..500 {
            let url = format!("https://evil.example/{number}/did.json");
            let Err(Stop::Bring(wanted)) = wanted(&mut world, &url) else { continue };
            let (at, until) = (world.now, world.now.checked_add(jiff::SignedDuration::from_mins(10)).unwrap());
            world.ledger.brought.put(Brought { url: wanted.url.into(), document: Some(json!({})), at, until });
            fetched += 1;
        }
        assert_eq!(fetched, MAX_BROUGHT / 2);
        assert!(matches!(wanted(&mut world, "https://clinic.example/jwks"), Err(Stop::Bring(_))));
        world.later(600);
        assert!(matches!(wanted(&mut world, "https://other.example/did.json"), Err(Stop::Bring(_))));
    }
}
