//! The orders over items: by key, by reference, by date, by test.
//!
//! A transaction writes every leaf it touches, and keys and dates come in no order: 500 items would touch some 500 leaves
//! of every order. So new items wait for their place until there are many of them, or the pull that brings them ends.
//! `filing.upto` is the last item that has its place; who looks something up reads the few after it, too.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, Row, ToSql, Transaction, params_from_iter};

use crate::intake::item_key;

/// Stands for "no date", before all dates.
pub(crate) const UNDATED: i64 = i64::MIN;

/// How many items wait at most. Each list reads them all meanwhile, some milliseconds.
const MOST_WAITING: usize = 16_384;

/// Rows that one statement inserts.
const ROWS: usize = 32;

/// Keys of the items that wait for their place, so that each that comes is looked up among them at once.
#[derive(Debug, Default)]
pub(crate) struct Unfiled {
    /// The items after the first number up to the second are in `keys`.
    known: Option<(i64, i64)>,
    keys: BTreeSet<(i64, i64)>,
}

impl Unfiled {
    /// Knows exactly the items that wait, in a transaction. Returns the last that has its place, and the last there was.
    fn learn(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<(i64, i64)> {
        self.catch_up(transaction)?;
        let mut count = transaction.prepare_cached("SELECT count(*) FROM items WHERE n > ?1")?;
        if count.query_row([self.upto()], |row| row.get::<_, usize>(0))? != self.keys.len() {
            // Some were erased since.
            self.forget();
            self.catch_up(transaction)?;
        }
        Ok(self.known.unwrap_or_default())
    }

    /// Learns what others wrote since, another process perhaps. The caller has a transaction.
    pub(crate) fn catch_up(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let (upto, last): (i64, i64) = connection
            .prepare_cached("SELECT upto, last FROM filing")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let seen = match self.known {
            Some((from, seen)) if from == upto => seen,
            _ => {
                self.keys.clear();
                upto
            }
        };
        if last > seen {
            self.keys.extend(keys_after(connection, seen)?);
        }
        self.known = Some((upto, last.max(seen)));
        Ok(())
    }

    /// Last item that has its place.
    pub(crate) fn upto(&self) -> i64 {
        self.known.map_or(0, |(upto, _)| upto)
    }

    /// The last number that an item was given, also when it was erased since.
    pub(crate) fn last(&self) -> i64 {
        self.known.map_or(0, |(_, last)| last)
    }

    /// Items with this key. One that was erased since may be among them.
    pub(crate) fn at(&self, key: i64) -> impl Iterator<Item = i64> {
        self.keys.range((key, i64::MIN)..=(key, i64::MAX)).map(|(_, item)| *item)
    }

    /// The number of a new item of the transaction; [`Unfiled::forget`] when that fails. [`note_last`] before it ends.
    pub(crate) fn number(&mut self, key: i64) -> i64 {
        let item = self.last() + 1;
        self.keys.insert((key, item));
        self.known = self.known.map(|(upto, _)| (upto, item));
        item
    }

    /// What is known may not be so any more.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether they are so many that all should get their place.
    pub(crate) fn are_many(&self) -> bool {
        self.keys.len() >= MOST_WAITING
    }
}

fn keys_after(connection: &Connection, item: i64) -> rusqlite::Result<Vec<(i64, i64)>> {
    let mut statement =
        connection.prepare_cached("SELECT n, connection, resource_type, source_id FROM items WHERE n > ?1")?;
    let mut rows = statement.query([item])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let key = item_key(row.get(1)?, row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
        found.push((key, row.get(0)?));
    }
    Ok(found)
}

/// Writes down the last number that was given.
pub(crate) fn note_last(transaction: &Transaction<'_>, unfiled: &Unfiled) -> rusqlite::Result<()> {
    transaction.prepare_cached("UPDATE filing SET last = ?1")?.execute([unfiled.last()])?;
    Ok(())
}

/// What [`filed_at`] asks.
pub(crate) const FILED_AT: &str = "SELECT item FROM keys_filed WHERE key = ?1";

/// Items with this key that have their place. The statement is of [`FILED_AT`].
pub(crate) fn filed_at(statement: &mut CachedStatement<'_>, key: i64) -> rusqlite::Result<Vec<i64>> {
    statement.query_map([key], |row| row.get(0))?.collect()
}

/// Where an item stands in the orders by date and by test.
#[derive(PartialEq)]
pub(crate) struct Standing<'a> {
    pub(crate) item: i64,
    pub(crate) person: i64,
    pub(crate) connection: i64,
    pub(crate) kind: &'a str,
    pub(crate) date_sort: Option<i64>,
    pub(crate) test_key: Option<&'a str>,
}

/// Moves an item that has its place, because a new version stands elsewhere.
pub(crate) fn move_item(transaction: &Transaction<'_>, from: &Standing<'_>, to: &Standing<'_>) -> rusqlite::Result<()> {
    if from == to {
        return Ok(());
    }
    let date = from.date_sort.unwrap_or(UNDATED);
    transaction
        .prepare_cached("DELETE FROM dates_filed WHERE person = ?1 AND date_sort = ?2 AND item = ?3")?
        .execute((from.person, date, from.item))?;
    transaction
        .prepare_cached("DELETE FROM tests_filed WHERE person = ?1 AND test_key = ?2 AND date_sort = ?3 AND item = ?4")?
        .execute((from.person, from.test_key, date, from.item))?;
    let date = to.date_sort.unwrap_or(UNDATED);
    transaction
        .prepare_cached(
            "INSERT INTO dates_filed (person, date_sort, item, kind, connection) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((to.person, date, to.item, to.kind, to.connection))?;
    if let Some(test) = to.test_key {
        transaction
            .prepare_cached(
                "INSERT INTO tests_filed (person, test_key, date_sort, item, kind, connection)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((to.person, test, date, to.item, to.kind, to.connection))?;
    }
    Ok(())
}

/// Puts what an item that has its place points to in place of what its older version did. Both as kept with the item.
pub(crate) fn move_references(
    transaction: &Transaction<'_>,
    item: i64,
    (from, to): (&[u8], &[u8]),
) -> rusqlite::Result<()> {
    if from == to {
        return Ok(());
    }
    let mut delete = transaction.prepare_cached("DELETE FROM refs_filed WHERE target = ?1 AND item = ?2")?;
    for target in targets(from) {
        delete.execute((target, item))?;
    }
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO refs_filed (target, item) VALUES (?1, ?2)")?;
    for target in targets(to) {
        insert.execute((target, item))?;
    }
    Ok(())
}

/// References as they are kept with an item: eight bytes each.
fn targets(kept: &[u8]) -> impl Iterator<Item = i64> {
    kept.as_chunks::<8>().0.iter().map(|target| i64::from_be_bytes(*target))
}

/// Gives all that wait their place, each order from its beginning to its end, so that every leaf is written once.
pub(crate) fn file_all(transaction: &Transaction<'_>, unfiled: &mut Unfiled) -> rusqlite::Result<()> {
    let (upto, last) = unfiled.learn(transaction)?;
    if last <= upto {
        return Ok(());
    }
    let keys: Vec<(i64, i64)> = unfiled.keys.iter().copied().collect();
    insert_all(transaction, "keys_filed (key, item)", &keys, pair)?;
    let mut references = references_after(transaction, upto)?;
    references.sort_unstable();
    references.dedup();
    insert_all(transaction, "refs_filed (target, item)", &references, pair)?;
    let mut waiting = waiting_after(transaction, upto)?;
    waiting.sort_unstable_by_key(|one| (one.person, one.date, one.item));
    let dates = "dates_filed (person, date_sort, item, kind, connection)";
    insert_all(transaction, dates, &waiting, |one| [&one.person, &one.date, &one.item, &one.kind, &one.connection])?;
    waiting.retain(|one| one.test.is_some());
    waiting.sort_unstable_by(|one, other| {
        (one.person, &one.test, one.date, one.item).cmp(&(other.person, &other.test, other.date, other.item))
    });
    let tests = "tests_filed (person, test_key, date_sort, item, kind, connection)";
    insert_all(transaction, tests, &waiting, |one| {
        [&one.person, &one.test, &one.date, &one.item, &one.kind, &one.connection]
    })?;
    transaction.prepare_cached("UPDATE filing SET upto = ?1")?.execute([last])?;
    Ok(())
}

/// An item that waits for its place by date and by test.
struct Waiting {
    item: i64,
    person: i64,
    connection: i64,
    kind: String,
    date: i64,
    test: Option<String>,
}

impl Waiting {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            item: row.get(0)?,
            person: row.get(1)?,
            connection: row.get(2)?,
            kind: row.get(3)?,
            date: row.get::<_, Option<i64>>(4)?.unwrap_or(UNDATED),
            test: row.get(5)?,
        })
    }
}

fn waiting_after(connection: &Connection, item: i64) -> rusqlite::Result<Vec<Waiting>> {
    let mut statement = connection
        .prepare_cached("SELECT n, person, connection, kind, date_sort, test_key FROM items WHERE n > ?1 ORDER BY n")?;
    statement.query_map([item], Waiting::read)?.collect()
}

fn references_after(connection: &Connection, item: i64) -> rusqlite::Result<Vec<(i64, i64)>> {
    let mut statement = connection.prepare_cached("SELECT item, refs FROM item_json WHERE item > ?1")?;
    let mut rows = statement.query([item])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let item = row.get(0)?;
        found.extend(targets(row.get_ref(1)?.as_blob()?).map(|target| (target, item)));
    }
    Ok(found)
}

fn pair((first, second): &(i64, i64)) -> [&dyn ToSql; 2] {
    [first, second]
}

/// Many rows a statement: beginning and ending one costs as much as a row.
fn insert_all<T, const COLUMNS: usize>(
    transaction: &Transaction<'_>,
    into: &str,
    all: &[T],
    values: impl for<'a> Fn(&'a T) -> [&'a dyn ToSql; COLUMNS],
) -> rusqlite::Result<()> {
    let (many, few) = all.as_chunks::<ROWS>();
    // A statement that fails ends the transaction: it need not remember how to take back its first rows.
    let sql = |rows: usize| {
        let row = format!("({})", ["?"; COLUMNS].join(", "));
        format!("INSERT OR FAIL INTO {into} VALUES {}", vec![row; rows].join(", "))
    };
    let mut insert = transaction.prepare_cached(&sql(ROWS))?;
    for rows in many {
        insert.execute(params_from_iter(rows.iter().flat_map(&values)))?;
    }
    let mut insert = transaction.prepare_cached(&sql(1))?;
    for row in few {
        insert.execute(params_from_iter(values(row)))?;
    }
    Ok(())
}
