//! The orders over items: by key, by reference, by date, by test.
//!
//! A transaction writes every leaf it touches, and keys and dates come in no order: 500 items would touch some 500 leaves
//! of every order. So new items wait for their place until there are many of them, or the pull that brings them ends.
//! `filing.upto` is the last item that has its place; who looks something up reads the few after it, too.

use std::collections::BTreeSet;

use rusqlite::{Connection, ToSql, Transaction, params_from_iter};

use crate::intake::item_key;

/// Stands for "no date", before all dates.
pub(crate) const UNDATED: i64 = i64::MIN;

/// How many items wait at most. Each list reads them all meanwhile, some milliseconds.
const MOST_WAITING: usize = 16_384;

/// Pairs that one statement inserts.
const ROWS: usize = 64;

/// Keys of the items that wait for their place, so that each that comes is looked up among them at once.
#[derive(Debug, Default)]
pub(crate) struct Unfiled {
    /// The items after the first number up to the second are in `keys`.
    known: Option<(i64, i64)>,
    keys: BTreeSet<(i64, i64)>,
}

impl Unfiled {
    /// Knows exactly the items that wait, in a transaction. Returns the last that has its place, and the last there is.
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
        let (upto, newest): (i64, i64) = connection
            .prepare_cached("SELECT upto, (SELECT coalesce(max(n), 0) FROM items) FROM filing")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let seen = match self.known {
            Some((from, seen)) if from == upto => seen,
            _ => {
                self.keys.clear();
                upto
            }
        };
        if newest > seen {
            self.keys.extend(keys_after(connection, seen)?);
        }
        self.known = Some((upto, newest.max(seen)));
        Ok(())
    }

    /// Last item that has its place.
    pub(crate) fn upto(&self) -> i64 {
        self.known.map_or(0, |(upto, _)| upto)
    }

    /// Items with this key. One that was erased since may be among them.
    pub(crate) fn at(&self, key: i64) -> impl Iterator<Item = i64> {
        self.keys.range((key, i64::MIN)..=(key, i64::MAX)).map(|(_, item)| *item)
    }

    /// A new item of the transaction; [`Unfiled::forget`] when that fails.
    pub(crate) fn add(&mut self, key: i64, item: i64) {
        self.keys.insert((key, item));
        self.known = self.known.map(|(upto, seen)| (upto, seen.max(item)));
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

/// Items with this key that have their place.
pub(crate) fn filed_at(connection: &Connection, key: i64) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT item FROM keys_filed WHERE key = ?1")?;
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
    let (upto, newest) = unfiled.learn(transaction)?;
    if newest <= upto {
        return Ok(());
    }
    let keys: Vec<(i64, i64)> = unfiled.keys.iter().copied().collect();
    insert_pairs(transaction, "keys_filed (key, item)", &keys)?;
    let mut references = references_after(transaction, upto)?;
    references.sort_unstable();
    references.dedup();
    insert_pairs(transaction, "refs_filed (target, item)", &references)?;
    for (order, by) in [("dates", "person, date_sort, item"), ("tests", "person, test_key, date_sort, item")] {
        let all = format!("INSERT INTO {order}_filed SELECT * FROM {order}_unfiled ORDER BY {by}");
        transaction.prepare_cached(&all)?.execute([])?;
    }
    transaction.prepare_cached("UPDATE filing SET upto = ?1")?.execute([newest])?;
    Ok(())
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

/// Many rows a statement: beginning and ending one costs as much as a row.
fn insert_pairs(transaction: &Transaction<'_>, into: &str, pairs: &[(i64, i64)]) -> rusqlite::Result<()> {
    let (many, few) = pairs.as_chunks::<ROWS>();
    let mut insert = transaction.prepare_cached(&insert_rows(into, ROWS))?;
    for rows in many {
        insert.execute(params_from_iter(values(rows)))?;
    }
    let mut insert = transaction.prepare_cached(&insert_rows(into, 1))?;
    for (first, second) in few {
        insert.execute((first, second))?;
    }
    Ok(())
}

fn insert_rows(into: &str, rows: usize) -> String {
    format!("INSERT INTO {into} VALUES {}", vec!["(?, ?)"; rows].join(", "))
}

fn values(pairs: &[(i64, i64)]) -> impl Iterator<Item = &dyn ToSql> {
    pairs.iter().flat_map(|(first, second)| [first as &dyn ToSql, second as &dyn ToSql])
}
