//! What the trail is told of a change in the ledger. It follows from the row before and after, so that no door and no
//! verb can change something and forget to tell.

use std::collections::BTreeMap;

use audit::{Access, Action, Draft, Outcome, Who};
use authz::{
    AppPassword, Approved, Client, Contact, Door, Erasure, Issuer, LedgerError, Request, RequestState, Resource, Row,
    Stored, WhyEnded,
};
use types::ClientId;

/// The entry of a change, when it is one to tell of; `before` is the row as it was kept.
///
/// # Errors
/// When a row does not read: what cannot be told of is not done.
pub(super) fn of(change: &Stored, before: Option<&str>) -> Result<Option<Draft>, LedgerError> {
    let pair = Pair { before, after: change.json.as_deref() };
    match change.table.as_str() {
        Request::TABLE => pair.told(|before, after| request(before, after?)),
        Approved::TABLE => pair.told(|before, after| grant(before, after?)),
        Client::TABLE => pair.told(client),
        Contact::TABLE => pair.told(contact),
        Issuer::TABLE => pair.came_or_went::<Issuer>(Action::IssuerTrusted, Action::IssuerRemoved),
        AppPassword::TABLE => pair.came_or_went::<AppPassword>(Action::AppPasswordMade, Action::AppPasswordRemoved),
        Resource::TABLE => pair.told(resource),
        _ => Ok(None),
    }
}

/// Tokens of a grant that were given out; `row` is the grant.
pub(super) fn issued(client: ClientId, audience: &str, tokens: u32, row: &Approved) -> Draft {
    let access = Access {
        who: Some(Who::Client(client)),
        grant: Some(row.grant.id.clone()),
        request: row.request.clone(),
        ..Access::default().asked("token", audience)
    };
    Draft {
        person: Some(row.person.clone()),
        counts: BTreeMap::from([("tokens".to_owned(), tokens)]),
        access: Some(Box::new(access)),
        ..about(Action::TokenIssued, row.grant.id.to_string())
    }
}

/// Tokens that a resource server looked up, of this grant or of none.
pub(super) fn looked_up(server: ClientId, row: Option<&Approved>, requests: u32) -> Draft {
    let access = Access {
        who: Some(Who::Client(server)),
        grant: row.map(|row| row.grant.id.clone()),
        request: row.and_then(|row| row.request.clone()),
        ..Access::default().asked("introspect", "")
    };
    Draft {
        person: row.map(|row| row.person.clone()),
        subject: row.map(|row| row.grant.id.to_string()),
        counts: BTreeMap::from([("requests".to_owned(), requests)]),
        access: Some(Box::new(access)),
        ..Draft::done(Action::Introspected)
    }
}

/// Requests that brought nothing that opens.
pub(super) fn refusals(count: u32) -> Draft {
    let access = Access { status: Some(401), ..Access::default() };
    Draft {
        counts: BTreeMap::from([("requests".to_owned(), count)]),
        outcome: Outcome::Refused,
        access: Some(Box::new(access)),
        ..Draft::done(Action::Denied)
    }
}

struct Pair<'a> {
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl Pair<'_> {
    fn told<T: Row>(
        &self,
        tell: impl FnOnce(Option<T>, Option<T>) -> Option<Draft>,
    ) -> Result<Option<Draft>, LedgerError> {
        Ok(tell(self.before.map(Stored::read).transpose()?, self.after.map(Stored::read).transpose()?))
    }

    fn came_or_went<T: Row>(&self, came: Action, went: Action) -> Result<Option<Draft>, LedgerError> {
        self.told(|before: Option<T>, after: Option<T>| match (before, after) {
            (None, Some(row)) => Some(about(came, row.key())),
            (Some(row), None) => Some(about(went, row.key())),
            _ => None,
        })
    }
}

fn about(action: Action, subject: String) -> Draft {
    Draft { subject: Some(subject), ..Draft::done(action) }
}

fn request(before: Option<Request>, after: Request) -> Option<Draft> {
    let is_same = before.as_ref().is_some_and(|before| before.state == after.state);
    // What was asked stands in the ledger for as long as it can be answered, and not in the trail.
    let asked_back = before.is_some_and(|before| before.back != after.back);
    if is_same && !asked_back {
        return None;
    }
    let access = Access {
        who: Some(Who::Client(after.client.clone())),
        request: Some(after.id.clone()),
        ..Access::default().asked(door(after.door), &after.asked.scope)
    };
    let action = match after.state {
        RequestState::Asked if asked_back => Action::AskedBack,
        RequestState::Asked => Action::Asked,
        RequestState::Refused { .. } => Action::Refused,
        RequestState::Withdrawn { .. } => Action::Withdrawn,
        // Told of with its grant.
        RequestState::Approved { .. } => return None,
    };
    Some(Draft { access: Some(Box::new(access)), ..about(action, after.id.to_string()) })
}

fn grant(before: Option<Approved>, after: Approved) -> Option<Draft> {
    let (action, outcome) = match (&before, after.ended) {
        (None, _) => (Action::Approved, Outcome::Done),
        (Some(before), Some(ended)) if before.ended.is_none() => match ended.why {
            WhyEnded::Replaced => (Action::Narrowed, Outcome::Done),
            // Somebody has a copy of a code or a token: no ending like the others.
            WhyEnded::Reuse => (Action::Ended, Outcome::Failed),
            WhyEnded::Owner | WhyEnded::Time | WhyEnded::Uses | WhyEnded::Client => (Action::Ended, Outcome::Done),
        },
        (Some(before), _) if before.erase != after.erase => match after.erase?.answer {
            None => (Action::EraseAsked, Outcome::Done),
            Some((Erasure::Erased, _)) => (Action::EraseAnswered, Outcome::Done),
            Some((Erasure::Refused, _)) => (Action::EraseAnswered, Outcome::Refused),
        },
        _ => return None,
    };
    let who = after.client.clone().map(Who::Client).or_else(|| after.contact.clone().map(Who::Contact));
    let access =
        Access { who, grant: Some(after.grant.id.clone()), request: after.request.clone(), ..Access::default() };
    Some(Draft {
        person: Some(after.person),
        outcome,
        access: Some(Box::new(access)),
        ..about(action, after.grant.id.to_string())
    })
}

fn client(before: Option<Client>, after: Option<Client>) -> Option<Draft> {
    let (action, id) = match (before, after) {
        (None, Some(row)) => (Action::ClientRegistered, row.id),
        (Some(before), Some(row)) if before.blocked.is_none() && row.blocked.is_some() => {
            (Action::ClientBlocked, row.id)
        }
        (Some(row), None) => (Action::ClientRemoved, row.id),
        _ => return None,
    };
    let access = Access { who: Some(Who::Client(id.clone())), ..Access::default() };
    Some(Draft { access: Some(Box::new(access)), ..about(action, id.to_string()) })
}

fn contact(before: Option<Contact>, after: Option<Contact>) -> Option<Draft> {
    let (action, id) = match (before, after) {
        (None, Some(row)) => (Action::ContactAdded, row.id),
        (Some(before), Some(row)) if before.blocked.is_none() && row.blocked.is_some() => {
            (Action::ContactBlocked, row.id)
        }
        (Some(before), Some(row)) if before != row => (Action::ContactChanged, row.id),
        (Some(row), None) => (Action::ContactRemoved, row.id),
        _ => return None,
    };
    Some(about(action, id.to_string()))
}

fn resource(before: Option<Resource>, after: Option<Resource>) -> Option<Draft> {
    let (action, row) = match (before, after) {
        (None, Some(row)) => (Action::ResourceRegistered, row),
        (Some(row), None) => (Action::ResourceRemoved, row),
        _ => return None,
    };
    let access = Access { who: Some(Who::Client(row.server)), ..Access::default() };
    Some(Draft { person: row.person, access: Some(Box::new(access)), ..about(action, row.id.to_string()) })
}

fn door(door: Door) -> &'static str {
    match door {
        Door::Launch => "launch",
        Door::Uma => "uma",
        Door::Backend => "backend",
        Door::Federation => "federation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_does_not_read_is_an_error_and_no_absence() {
        let change = |json: Option<&str>| Stored {
            table: Contact::TABLE.to_owned(),
            key: "c".to_owned(),
            json: json.map(str::to_owned),
        };
        assert!(of(&change(None), Some("{")).is_err());
        assert!(of(&change(Some("{}")), None).is_err());
        assert!(of(&change(None), None).unwrap().is_none());
    }
}
