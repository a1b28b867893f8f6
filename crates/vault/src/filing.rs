//! The orders over items: by key, by reference, by date, by test.
//!
//! A transaction writes every leaf it touches, and keys and dates come in no order: 500 items would touch some 500 leaves
//! of every order. So new items wait for their place until there are many of them, or the pull that brings them has all.
//! The orders are filled one at a time, so that a pull does not stand still for all of them at once. `filing` says the
//! last item that has its place in each; who looks something up reads the few after it, too.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, Row, ToSql, Transaction, params_from_iter};

use crate::intake::item_key;

/// Stands for "no date", before all dates.
pub(crate) const UNDATED: i64 = i64::MIN;

/// New items after which the next order is filled. What waits for an order is four times as many at most: each list reads
/// them all meanwhile, some milliseconds.
const STEP: i64 = 4_096;

/// Rows that one statement inserts.
const ROWS: usize = 32;

/// An order over items.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    Keys,
    References,
    Dates,
    Tests,
}

impl Order {
    /// All, in the order they are filled.
    const ALL: [Self; 4] = [Self::Keys, Self::References, Self::Dates, Self::Tests];

    /// Writes down the last item that has its place.
    fn note(self) -> &'static str {
        match self {
            Self::Keys => "UPDATE filing SET keys = ?1",
            Self::References => "UPDATE filing SET refs = ?1",
            Self::Dates => "UPDATE filing SET dates = ?1",
            Self::Tests => "UPDATE filing SET tests = ?1",
        }
    }
}

/// The last items that have their place.
#[derive(Debug, Default, Clone, Copy)]
struct Filed {
    keys: i64,
    references: i64,
    dates: i64,
    tests: i64,
}

impl Filed {
    fn upto(&self, order: Order) -> i64 {
        match order {
            Order::Keys => self.keys,
            Order::References => self.references,
            Order::Dates => self.dates,
            Order::Tests => self.tests,
        }
    }
}

/// Keys of the items that wait for their place among the keys, so that each that comes is looked up among them at once.
#[derive(Debug, Default)]
pub(crate) struct Unfiled {
    /// What has its place, and the last item whose key is in `keys`, if it waits.
    known: Option<(Filed, i64)>,
    keys: BTreeSet<(i64, i64)>,
}

impl Unfiled {
    /// Knows exactly the items that wait for their place among the keys, in a transaction.
    fn learn(&mut self, transaction: &Connection) -> rusqlite::Result<()> {
        let mut count = transaction.prepare_cached("SELECT count(*) FROM items WHERE n > ?1")?;
        if count.query_row([self.upto(Order::Keys)], |row| row.get::<_, usize>(0))? != self.keys.len() {
            // Some were erased since.
            self.forget();
            self.catch_up(transaction)?;
        }
        Ok(())
    }

    /// Learns what others wrote since, another process perhaps. The caller has a transaction.
    pub(crate) fn catch_up(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let read = |row: &Row<'_>| {
            let filed = Filed { keys: row.get(0)?, references: row.get(1)?, dates: row.get(2)?, tests: row.get(3)? };
            Ok((filed, row.get(4)?))
        };
        let (filed, last): (Filed, i64) =
            connection.prepare_cached("SELECT keys, refs, dates, tests, last FROM filing")?.query_row([], read)?;
        let seen = match self.known {
            Some((before, seen)) if before.keys == filed.keys => seen,
            _ => {
                self.keys.clear();
                filed.keys
            }
        };
        if last > seen {
            self.keys.extend(keys_after(connection, seen)?);
        }
        self.known = Some((filed, last.max(seen)));
        Ok(())
    }

    /// Last item that has its place in an order.
    pub(crate) fn upto(&self, order: Order) -> i64 {
        self.known.map_or(0, |(filed, _)| filed.upto(order))
    }

    /// The order whose turn it is to be filled, when enough came since the last one was.
    pub(crate) fn due(&self) -> Option<Order> {
        let latest = Order::ALL.map(|order| self.upto(order)).into_iter().max()?;
        self.next().filter(|_| self.last() - latest >= STEP)
    }

    /// The order that lacks most.
    fn next(&self) -> Option<Order> {
        let next = Order::ALL.into_iter().min_by_key(|order| self.upto(*order))?;
        (self.upto(next) < self.last()).then_some(next)
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
        self.known = self.known.map(|(filed, _)| (filed, item));
        item
    }

    /// What is known may not be so any more.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
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

impl Standing<'_> {
    fn date(&self) -> i64 {
        self.date_sort.unwrap_or(UNDATED)
    }
}

/// Moves an item that has its place by date, because a new version stands elsewhere.
pub(crate) fn move_date(transaction: &Transaction<'_>, from: &Standing<'_>, to: &Standing<'_>) -> rusqlite::Result<()> {
    if from == to {
        return Ok(());
    }
    transaction
        .prepare_cached("DELETE FROM dates_filed WHERE person = ?1 AND date_sort = ?2 AND item = ?3")?
        .execute((from.person, from.date(), from.item))?;
    transaction
        .prepare_cached(
            "INSERT INTO dates_filed (person, date_sort, item, kind, connection) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((to.person, to.date(), to.item, to.kind, to.connection))?;
    Ok(())
}

/// The same by test.
pub(crate) fn move_test(transaction: &Transaction<'_>, from: &Standing<'_>, to: &Standing<'_>) -> rusqlite::Result<()> {
    if from == to {
        return Ok(());
    }
    transaction
        .prepare_cached("DELETE FROM tests_filed WHERE person = ?1 AND test_key = ?2 AND date_sort = ?3 AND item = ?4")?
        .execute((from.person, from.test_key, from.date(), from.item))?;
    if let Some(test) = to.test_key {
        transaction
            .prepare_cached(
                "INSERT INTO tests_filed (person, test_key, date_sort, item, kind, connection)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((to.person, test, to.date(), to.item, to.kind, to.connection))?;
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

/// Gives all that wait their place in every order, in the transaction that is open.
pub(crate) fn file_all(transaction: &Connection, unfiled: &mut Unfiled) -> rusqlite::Result<()> {
    unfiled.catch_up(transaction)?;
    Order::ALL.into_iter().try_for_each(|order| file(transaction, unfiled, order))
}

/// Gives those that wait their place in as many orders as make a transaction. Says whether others are left to fill.
pub(crate) fn file_some(transaction: &Connection, unfiled: &mut Unfiled) -> rusqlite::Result<bool> {
    unfiled.catch_up(transaction)?;
    let mut room = STEP;
    while let Some(order) = unfiled.next() {
        if room <= 0 {
            return Ok(true);
        }
        room -= unfiled.last() - unfiled.upto(order);
        file(transaction, unfiled, order)?;
    }
    Ok(false)
}

/// Gives all that wait their place in one order, from its beginning to its end, so that every leaf is written once.
/// [`Unfiled::catch_up`] before.
pub(crate) fn file(transaction: &Connection, unfiled: &mut Unfiled, order: Order) -> rusqlite::Result<()> {
    let (upto, last) = (unfiled.upto(order), unfiled.last());
    if last <= upto {
        return Ok(());
    }
    match order {
        Order::Keys => file_keys(transaction, unfiled)?,
        Order::References => file_references(transaction, upto)?,
        Order::Dates => file_dates(transaction, upto)?,
        Order::Tests => file_tests(transaction, upto)?,
    }
    transaction.prepare_cached(order.note())?.execute([last])?;
    unfiled.catch_up(transaction)
}

fn file_keys(transaction: &Connection, unfiled: &mut Unfiled) -> rusqlite::Result<()> {
    unfiled.learn(transaction)?;
    let keys: Vec<(i64, i64)> = unfiled.keys.iter().copied().collect();
    insert_all(transaction, "keys_filed (key, item)", &keys, pair)
}

fn file_references(transaction: &Connection, upto: i64) -> rusqlite::Result<()> {
    let mut references = references_after(transaction, upto)?;
    references.sort_unstable();
    references.dedup();
    insert_all(transaction, "refs_filed (target, item)", &references, pair)
}

fn file_dates(transaction: &Connection, upto: i64) -> rusqlite::Result<()> {
    let mut waiting = waiting_after(transaction, upto)?;
    waiting.sort_unstable_by_key(|one| (one.person, one.date, one.item));
    let dates = "dates_filed (person, date_sort, item, kind, connection)";
    insert_all(transaction, dates, &waiting, |one| [&one.person, &one.date, &one.item, &one.kind, &one.connection])
}

fn file_tests(transaction: &Connection, upto: i64) -> rusqlite::Result<()> {
    let mut waiting = waiting_after(transaction, upto)?;
    waiting.retain(|one| one.test.is_some());
    waiting.sort_unstable_by(|one, other| {
        (one.person, &one.test, one.date, one.item).cmp(&(other.person, &other.test, other.date, other.item))
    });
    let tests = "tests_filed (person, test_key, date_sort, item, kind, connection)";
    insert_all(transaction, tests, &waiting, |one| {
        [&one.person, &one.test, &one.date, &one.item, &one.kind, &one.connection]
    })
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
    transaction: &Connection,
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
