//! The orders over items: by key, by reference, by date, by test. Each lies in two tables, `…_filed` and `…_recent`.
//!
//! A transaction writes every leaf it touches. Keys and dates come in no order, so 500 items would touch some 500 leaves
//! of every index; the tables of what is recent have few.

use rusqlite::{CachedStatement, Transaction};

/// Stands for "no date", before all dates.
pub(crate) const UNDATED: i64 = i64::MIN;

/// How many items are recent before they are filed: at least, and at most.
const RECENT: (u64, u64) = (2_048, 16_384);

const ORDERS: [&str; 4] = ["keys", "refs", "dates", "tests"];

/// Where an item stands in the orders.
pub(crate) struct Standing<'a> {
    pub(crate) item: i64,
    pub(crate) person: i64,
    pub(crate) connection: i64,
    pub(crate) kind: &'a str,
    pub(crate) date_sort: Option<i64>,
    pub(crate) test_key: Option<&'a str>,
}

/// The statements that put an item into the orders.
pub(crate) struct Filing<'a> {
    key: CachedStatement<'a>,
    reference: CachedStatement<'a>,
    date: CachedStatement<'a>,
    test: CachedStatement<'a>,
    transaction: &'a Transaction<'a>,
}

impl<'a> Filing<'a> {
    pub(crate) fn prepare(transaction: &'a Transaction<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: transaction.prepare_cached("INSERT INTO keys_recent (key, item) VALUES (?1, ?2)")?,
            reference: transaction
                .prepare_cached("INSERT OR IGNORE INTO refs_recent (target, item) VALUES (?1, ?2)")?,
            date: transaction.prepare_cached(
                "INSERT INTO dates_recent (person, date_sort, item, kind, connection) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            test: transaction.prepare_cached(
                "INSERT INTO tests_recent (person, test_key, date_sort, item, kind, connection)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?,
            transaction,
        })
    }

    pub(crate) fn put_key(&mut self, key: i64, item: i64) -> rusqlite::Result<()> {
        self.key.execute((key, item)).map(drop)
    }

    pub(crate) fn put_reference(&mut self, target: i64, item: i64) -> rusqlite::Result<()> {
        self.reference.execute((target, item)).map(drop)
    }

    pub(crate) fn put(&mut self, at: &Standing<'_>) -> rusqlite::Result<()> {
        let date = at.date_sort.unwrap_or(UNDATED);
        self.date.execute((at.person, date, at.item, at.kind, at.connection))?;
        if let Some(test) = at.test_key {
            self.test.execute((at.person, test, date, at.item, at.kind, at.connection))?;
        }
        Ok(())
    }

    /// Takes an item out of the orders by date and by test, wherever it stands.
    pub(crate) fn take_out(&self, at: &Standing<'_>) -> rusqlite::Result<()> {
        let date = at.date_sort.unwrap_or(UNDATED);
        for part in ["filed", "recent"] {
            self.transaction
                .prepare_cached(&format!(
                    "DELETE FROM dates_{part} WHERE person = ?1 AND date_sort = ?2 AND item = ?3"
                ))?
                .execute((at.person, date, at.item))?;
            self.transaction
                .prepare_cached(&format!(
                    "DELETE FROM tests_{part} WHERE person = ?1 AND test_key = ?2 AND date_sort = ?3 AND item = ?4"
                ))?
                .execute((at.person, at.test_key, date, at.item))?;
        }
        Ok(())
    }

    pub(crate) fn take_out_reference(&self, target: i64, item: i64) -> rusqlite::Result<()> {
        for part in ["filed", "recent"] {
            self.transaction
                .prepare_cached(&format!("DELETE FROM refs_{part} WHERE target = ?1 AND item = ?2"))?
                .execute((target, item))?;
        }
        Ok(())
    }

    /// Moves what is recent into the long tables, when it has become much.
    pub(crate) fn settle(&self) -> rusqlite::Result<()> {
        let (recent, all): (u64, u64) = self
            .transaction
            .prepare_cached("SELECT count(*), (SELECT coalesce(max(n), 0) FROM items) FROM keys_recent")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if recent < most_recent(all) {
            return Ok(());
        }
        for order in ORDERS {
            let move_all = format!("INSERT OR IGNORE INTO {order}_filed SELECT * FROM {order}_recent");
            self.transaction.prepare_cached(&move_all)?.execute([])?;
            self.transaction.prepare_cached(&format!("DELETE FROM {order}_recent"))?.execute([])?;
        }
        Ok(())
    }
}

/// A transaction of a pull writes most leaves of the recent tables, a move most leaves of the long ones. With so many
/// items recent that both write about the same over a whole pull, they write least together: that number grows as the
/// root of how many there are, times that of how many a transaction has (2,000 in a long pull).
fn most_recent(all: u64) -> u64 {
    (40 * all.isqrt()).clamp(RECENT.0, RECENT.1)
}
