//! Erasing: a source with everything that came from it, a person with everything of theirs. Pages of the file that are
//! given back are overwritten, so that what was erased is not in the file any more.

use rusqlite::{Transaction, TransactionBehavior};
use types::{ConnectionId, PersonId};

use crate::row::hit;
use crate::{Vault, VaultError, whole, words};

/// What is left to be done outside the file when a person was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedPerson {
    /// Names of their private keys in the key store.
    pub key_names: Vec<String>,
    /// Items that were erased.
    pub items: u32,
}

/// Tables with rows of an item.
const OF_ITEMS: [&str; 5] = ["item_json", "item_versions", "attachments", "notes", "lapsed"];
/// Tables of orders over items.
const ORDERS: [&str; 4] = ["keys", "refs", "dates", "tests"];

impl Vault {
    /// Erases a source: what came from it in every version, its files, notes, cards, search words, pulls and tokens. How
    /// many items there were.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's. Then nothing is erased.
    pub fn erase_source(&mut self, person: &PersonId, connection: &ConnectionId) -> Result<u32, VaultError> {
        let (owner, number) = (self.person_number(person)?, self.connection_number(person, connection)?);
        self.erasing(|transaction| {
            let items = erase_connection(transaction, owner, number, connection)?;
            // The index drops what was taken out of it when its parts are put together.
            let table = words::table(owner);
            transaction.execute(&format!("INSERT INTO {table} ({table}) VALUES ('optimize')"), [])?;
            Ok(items)
        })
    }

    /// Erases a person: all their sources, cards, keys, mandates and what was offered to them, and their name.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person. Then nothing is erased.
    pub fn erase_person(&mut self, person: &PersonId) -> Result<ErasedPerson, VaultError> {
        let number = self.person_number(person)?;
        let sources: Vec<ConnectionId> = self.connections(person)?.into_iter().map(|row| row.id).collect();
        let key_names = self.dids(person)?.into_iter().map(|row| row.key_name).collect();
        let items = self.erasing(|transaction| {
            let mut items = 0;
            for source in &sources {
                let n: i64 =
                    transaction
                        .query_row("SELECT n FROM connections WHERE id = ?1", [source.as_str()], |row| row.get(0))?;
                items += erase_connection(transaction, number, n, source)?;
            }
            for table in ["cards", "inbox", "dids", "mandates", "item_counts"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [number])?;
            }
            let (vocabulary, table) = (words::vocabulary(number), words::table(number));
            transaction.execute_batch(&format!("DROP TABLE {vocabulary}; DROP TABLE {table};"))?;
            hit(transaction.execute("DELETE FROM people WHERE n = ?1", [number])?)?;
            Ok(items)
        })?;
        Ok(ErasedPerson { key_names, items })
    }

    fn erasing<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, VaultError>) -> Result<T, VaultError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = whole::stamp(&transaction)?;
        let done = work(&transaction)?;
        whole::outgrow(&transaction, before)?;
        transaction.commit()?;
        // What was erased still stands in the log until that is written into the file. Another process that reads at
        // this moment holds it up; it is written back with one of the next writes then.
        let _alone = self.checkpoints.hold();
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(done)
    }
}

fn erase_connection(
    transaction: &Transaction<'_>,
    person: i64,
    number: i64,
    connection: &ConnectionId,
) -> Result<u32, VaultError> {
    let own = "SELECT n FROM items WHERE connection = ?1";
    let table = words::table(person);
    transaction.execute(&format!("DELETE FROM {table} WHERE rowid IN ({own})"), [number])?;
    for table in OF_ITEMS {
        transaction.execute(&format!("DELETE FROM {table} WHERE item IN ({own})"), [number])?;
    }
    for order in ORDERS {
        transaction.execute(&format!("DELETE FROM {order}_filed WHERE item IN ({own})"), [number])?;
    }
    let items = transaction.execute("DELETE FROM items WHERE connection = ?1", [number])?;
    transaction.execute("DELETE FROM item_counts WHERE connection = ?1", [number])?;
    transaction.execute("DELETE FROM cards WHERE person = ?1 AND connection = ?2", (person, connection.as_str()))?;
    transaction
        .execute("DELETE FROM pull_kinds WHERE pull IN (SELECT n FROM pulls WHERE connection = ?1)", [number])?;
    transaction.execute("DELETE FROM pulls WHERE connection = ?1", [number])?;
    transaction.execute("DELETE FROM connections WHERE n = ?1", [number])?;
    Ok(u32::try_from(items).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use types::{PersonId, PullId, Secret};

    use super::*;
    use crate::{Connected, ItemDraft, Person};

    #[test]
    fn no_word_of_an_erased_source_stays_in_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = Vault::create(&folder.path().join("vault"), &Secret::new([1; 32])).unwrap();
        let now = "2027-05-03T18:04:00Z".parse().unwrap();
        let (person, source) = (PersonId::from_random([1; 16]), ConnectionId::from_random([1; 16]));
        let name = "Ana".to_owned();
        let row = Person { id: person.clone(), name, relation: "me".into(), birth_date: None, created: now };
        vault.add_person(&row).unwrap();
        let connection = Connected {
            id: source.clone(),
            name: "Mother".into(),
            address: "https://a.example".into(),
            state: "ready".into(),
            scopes: String::new(),
            details: "{}".into(),
            created: now,
            last_pull: None,
        };
        vault.add_connection(&person, &connection).unwrap();
        let pull = PullId::from_random([1; 16]);
        vault.begin_pull(&person, &source, &pull, &[("Observation".into(), "lab".into())], now).unwrap();
        let draft = ItemDraft {
            resource_type: "Observation".into(),
            source_id: "a".into(),
            kind: "lab".into(),
            text: "vogelsangine".into(),
            json: b"{}".as_slice().into(),
            ..ItemDraft::default()
        };
        vault.store_page(&pull, "Observation", &[draft], None, now).unwrap();
        let words = |vault: &Vault| -> u32 {
            vault.connection.query_row("SELECT count(*) FROM vocabulary_1", [], |row| row.get(0)).unwrap()
        };
        assert_eq!(words(&vault), 1);
        vault.erase_source(&person, &source).unwrap();
        assert_eq!(words(&vault), 0);
    }
}
