//! Tokens that resource servers look up. The first is told at once. Told one by one, whoever looks a token up again and
//! again would bury the trail: those that follow within a minute are counted, by resource server and grant, and told as
//! one entry.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use types::{ClientId, GrantId};

/// Those that were not told of yet.
#[derive(Default)]
pub(super) struct Lookups(BTreeMap<Of, Waiting>);

/// Whose lookups, and of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Of {
    pub(super) server: ClientId,
    /// `None`: the tokens opened nothing there.
    pub(super) grant: Option<GrantId>,
}

#[derive(Default)]
struct Waiting {
    count: u32,
    told: Option<Instant>,
}

impl Lookups {
    pub(super) fn count(&mut self, server: ClientId, grant: Option<GrantId>) {
        let waiting = self.0.entry(Of { server, grant }).or_default();
        waiting.count = waiting.count.saturating_add(1);
    }

    /// What is to be told now: what was last told of so long ago.
    pub(super) fn due(&self, every: Duration) -> Vec<(Of, u32)> {
        let due = self.0.iter().filter(|(_, one)| one.count > 0 && one.told.is_none_or(|told| told.elapsed() >= every));
        due.map(|(of, one)| (of.clone(), one.count)).collect()
    }

    /// These were told of.
    pub(super) fn told(&mut self, due: &[(Of, u32)], every: Duration) {
        for (of, count) in due {
            if let Some(one) = self.0.get_mut(of) {
                one.count = one.count.saturating_sub(*count);
                one.told = Some(Instant::now());
            }
        }
        self.0.retain(|_, one| one.count > 0 || one.told.is_some_and(|told| told.elapsed() < every));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_those_that_follow_together() {
        let (server, grant) = (ClientId::from_random([1; 16]), GrantId::from_random([2; 16]));
        let (mut lookups, minute) = (Lookups::default(), Duration::from_secs(60));
        lookups.count(server.clone(), Some(grant.clone()));
        let known = Of { server: server.clone(), grant: Some(grant.clone()) };
        let unknown = Of { server: server.clone(), grant: None };
        let first = lookups.due(minute);
        assert_eq!(first, [(known.clone(), 1)]);
        lookups.told(&first, minute);
        for _ in 0..50 {
            lookups.count(server.clone(), Some(grant.clone()));
        }
        lookups.count(server, None);
        assert_eq!(lookups.due(minute), [(unknown.clone(), 1)], "within the minute only what is new is told");
        let all = lookups.due(Duration::ZERO);
        assert_eq!(all, [(unknown, 1), (known, 50)]);
        lookups.told(&all, Duration::ZERO);
        assert!(lookups.0.is_empty());
    }
}
