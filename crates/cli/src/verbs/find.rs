//! What a person means by a name: an id, or the name of exactly one.

use wallet::views::{
    AppPasswordView, CardView, ClientView, ConnectionView, ContactView, DidView, HeldMandateView, PairView, PersonView,
};
use wallet::{InputError, WalletError};

use crate::failure::Failure;
use crate::session::Session;

/// Something that goes by an id and a name.
pub(super) trait Named {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

macro_rules! named {
    ($($view:ty),+) => {
        $(impl Named for $view {
            fn id(&self) -> &str {
                &self.id
            }

            fn name(&self) -> &str {
                &self.name
            }
        })+
    };
}

named!(AppPasswordView, ClientView, ConnectionView, ContactView, DidView, PairView, PersonView);

impl Named for HeldMandateView {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.from
    }
}

impl Named for CardView {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.id()
    }
}

/// The one that is meant: by id, else by name, capitals or not, else by the beginning of its id.
pub(super) fn one<T: Named>(all: Vec<T>, text: &str) -> Result<T, Failure> {
    let wanted = text.to_lowercase();
    let ways: [&dyn Fn(&T) -> bool; 3] =
        [&|one| one.id() == text, &|one| one.name().to_lowercase() == wanted, &|one| {
            text.len() >= 8 && one.id().starts_with(text)
        }];
    let Some(way) = ways.into_iter().find(|way| all.iter().any(way)) else {
        return Err(WalletError::from(InputError::UnknownId).into());
    };
    let mut hits = all.into_iter().filter(|one| way(one));
    match (hits.next(), hits.next()) {
        (Some(hit), None) => Ok(hit),
        _ => Err(Failure::Ambiguous),
    }
}

/// The connection that is meant.
pub(super) async fn connection(session: &Session, text: &str) -> Result<ConnectionView, Failure> {
    one(session.wallet.connections().await?, text)
}

#[cfg(test)]
mod tests {
    use wallet::views::Relation;

    use super::*;

    fn person(id: &str, name: &str) -> PersonView {
        PersonView { id: id.into(), name: name.into(), relation: Relation::Other, birth_date: None, lent: Vec::new() }
    }

    fn people() -> Vec<PersonView> {
        vec![person("per_aaaa1111", "Ines"), person("per_aaaa2222", "Leo"), person("per_bbbb", "leo")]
    }

    #[test]
    fn one_is_found_by_id_by_name_or_by_the_beginning_of_its_id() {
        assert_eq!(one(people(), "per_bbbb").unwrap().name, "leo");
        assert_eq!(one(people(), "INES").unwrap().id, "per_aaaa1111");
        assert_eq!(one(people(), "per_aaaa2").unwrap().name, "Leo");
    }

    #[test]
    fn what_means_two_or_none_is_refused() {
        assert!(matches!(one(people(), "Leo"), Err(Failure::Ambiguous)));
        assert!(matches!(one(people(), "per_aaaa"), Err(Failure::Ambiguous)));
        assert!(matches!(one(people(), "per"), Err(Failure::Wallet(_))));
    }
}
