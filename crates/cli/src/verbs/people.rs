use wallet::views::Relation;

use super::find;
use crate::args::{PeopleVerb, RelationChoice};
use crate::failure::Failure;
use crate::render;
use crate::session::Session;
use crate::shown::Shown;

/// The people whose records are kept here.
pub(super) async fn run(session: &Session, verb: PeopleVerb) -> Result<Shown, Failure> {
    session.open().await?;
    let wallet = &session.wallet;
    let status = match verb {
        PeopleVerb::List => wallet.status().await,
        PeopleVerb::Add { name, relation, birth_date } => {
            let relation = match relation {
                RelationChoice::Child => Relation::Child,
                RelationChoice::Parent => Relation::Parent,
                RelationChoice::Partner => Relation::Partner,
                RelationChoice::Other => Relation::Other,
            };
            wallet.add_person(name, relation, birth_date).await?
        }
        PeopleVerb::Rename { person, name } => {
            let person = find::one(wallet.status().await.people, &person)?;
            wallet.rename_person(&person.id, name).await?
        }
        PeopleVerb::Erase { person, confirm } => {
            let person = find::one(wallet.status().await.people, &person)?;
            wallet.erase_person(&person.id, &confirm).await?
        }
        PeopleVerb::Select { person } => {
            let person = find::one(wallet.status().await.people, &person)?;
            wallet.select_person(&person.id).await?
        }
    };
    session.show(&status, render::people)
}
