//! The items of a page: new ones added, changed ones replaced with the old version kept, the rest left alone.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{CachedStatement, OptionalExtension, Row, Transaction};

use super::{Context, ItemDraft, PageResult};
use crate::filing::{
    FILED_AT, Order, Standing, Unfiled, file, filed_at, move_date, move_references, move_test, note_last,
};
use crate::{VaultError, words};

/// What stands here of an item that comes again.
struct Old {
    item: i64,
    kind: String,
    date_sort: Option<i64>,
    test_key: Option<String>,
    /// The pull that brought it as it is.
    pull: i64,
}

impl Old {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            item: row.get(0)?,
            kind: row.get(4)?,
            date_sort: row.get(5)?,
            test_key: row.get(6)?,
            pull: row.get(7)?,
        })
    }

    fn standing(&self, context: &Context) -> Standing<'_> {
        Standing {
            item: self.item,
            person: context.person,
            connection: context.connection,
            kind: &self.kind,
            date_sort: self.date_sort,
            test_key: self.test_key.as_deref(),
        }
    }
}

fn standing<'a>(context: &Context, item: i64, draft: &'a ItemDraft) -> Standing<'a> {
    Standing {
        item,
        person: context.person,
        connection: context.connection,
        kind: &draft.kind,
        date_sort: draft.date_sort,
        test_key: draft.test_key.as_deref(),
    }
}

/// The statements of a page, looked up once.
pub(super) struct Page<'a> {
    insert: CachedStatement<'a>,
    insert_json: CachedStatement<'a>,
    insert_words: CachedStatement<'a>,
    filed: CachedStatement<'a>,
    find: CachedStatement<'a>,
    unfiled: &'a mut Unfiled,
    transaction: &'a Transaction<'a>,
    person: i64,
    counts: BTreeMap<String, i64>,
    /// Keys of what was pointed to; many point to the same.
    targets: HashMap<String, i64>,
}

impl<'a> Page<'a> {
    pub(super) fn prepare(
        transaction: &'a Transaction<'_>,
        unfiled: &'a mut Unfiled,
        person: i64,
    ) -> Result<Self, VaultError> {
        unfiled.catch_up(transaction)?;
        let table = words::table(person);
        Ok(Self {
            insert: transaction.prepare_cached(
                "INSERT INTO items (n, person, connection, kind, date_sort, received, received_pull, resource_type,
                     source_id, version_id, last_updated, hash, status, test_key, date, title, value, attachment)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            )?,
            insert_json: transaction.prepare_cached("INSERT INTO item_json (item, refs, json) VALUES (?1, ?2, ?3)")?,
            insert_words: transaction.prepare_cached(&format!("INSERT INTO {table} (rowid, text) VALUES (?1, ?2)"))?,
            filed: transaction.prepare_cached(FILED_AT)?,
            find: transaction.prepare_cached(
                "SELECT n, hash, version_id, last_updated, kind, date_sort, test_key, received_pull FROM items
                 WHERE n = ?1 AND connection = ?2 AND resource_type = ?3 AND source_id = ?4",
            )?,
            unfiled,
            transaction,
            person,
            counts: BTreeMap::new(),
            targets: HashMap::new(),
        })
    }

    pub(super) fn take(
        &mut self,
        context: &Context,
        draft: &ItemDraft,
        result: &mut PageResult,
    ) -> Result<(), VaultError> {
        let key = item_key(context.connection, &draft.resource_type, &draft.source_id);
        let found = self.find(context, draft, key)?;
        match found {
            None => {
                self.add(context, draft, key)?;
                result.new += 1;
            }
            // Some come with several pages of one pull: Provenance of what is on each.
            Some((old, true)) if old.pull == context.pull => {}
            Some((_, true)) => result.unchanged += 1,
            Some((old, false)) => {
                self.replace(context, &old, draft)?;
                result.changed += 1;
            }
        }
        Ok(())
    }

    /// What stands here under the name of the draft, and whether it is the same.
    fn find(&mut self, context: &Context, draft: &ItemDraft, key: i64) -> Result<Option<(Old, bool)>, VaultError> {
        let filed = filed_at(&mut self.filed, key)?;
        for item in self.unfiled.at(key).chain(filed) {
            let place = (item, context.connection, &draft.resource_type, &draft.source_id);
            let read = |row: &Row<'_>| Ok((Old::read(row)?, is_same(row, draft)?));
            let found = self.find.query_row(place, read).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn add(&mut self, context: &Context, draft: &ItemDraft, key: i64) -> Result<(), VaultError> {
        let item = self.unfiled.number(key);
        self.insert.execute(rusqlite::params![
            item,
            context.person,
            context.connection,
            draft.kind,
            draft.date_sort,
            context.now,
            context.pull,
            draft.resource_type,
            draft.source_id,
            draft.version_id,
            draft.last_updated,
            draft.json.hash().as_slice(),
            draft.status,
            draft.test_key,
            draft.date,
            draft.title,
            draft.value_json,
            draft.attachment_json,
        ])?;
        let refs = self.references(context, draft);
        self.insert_json.execute((item, refs, draft.json.kept()))?;
        self.insert_words.execute((item, &draft.text))?;
        self.count(draft.kind.clone(), 1);
        Ok(())
    }

    fn count(&mut self, kind: String, more: i64) {
        *self.counts.entry(kind).or_default() += more;
    }

    /// Brings the counts of the connection up to date with what the page did.
    pub(super) fn finish(self, context: &Context) -> Result<(), VaultError> {
        let mut add = self.transaction.prepare_cached(
            "INSERT INTO item_counts (person, connection, kind, count) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (person, connection, kind) DO UPDATE SET count = count + excluded.count",
        )?;
        for (kind, more) in self.counts.iter().filter(|(_, more)| **more != 0) {
            add.execute((context.person, context.connection, kind, more))?;
        }
        note_last(self.transaction, self.unfiled)?;
        if let Some(order) = self.unfiled.due() {
            file(self.transaction, self.unfiled, order)?;
        }
        Ok(())
    }

    fn replace(&mut self, context: &Context, old: &Old, draft: &ItemDraft) -> Result<(), VaultError> {
        let transaction = self.transaction;
        let table = words::table(self.person);
        let item = old.item;
        self.count(old.kind.clone(), -1);
        self.count(draft.kind.clone(), 1);
        transaction
            .prepare_cached(
                "INSERT INTO item_versions (item, replaced, version_id, last_updated, received, json)
                 SELECT n, ?2, version_id, last_updated, received, json
                 FROM items JOIN item_json ON item_json.item = items.n WHERE n = ?1",
            )?
            .execute((item, context.now))?;
        transaction
            .prepare_cached(
                "UPDATE items SET kind = ?2, date_sort = ?3, received = ?4, received_pull = ?5, version_id = ?6,
                     last_updated = ?7, hash = ?8, status = ?9, test_key = ?10, date = ?11, title = ?12, value = ?13,
                     attachment = ?14
                 WHERE n = ?1",
            )?
            .execute(rusqlite::params![
                item,
                draft.kind,
                draft.date_sort,
                context.now,
                context.pull,
                draft.version_id,
                draft.last_updated,
                draft.json.hash().as_slice(),
                draft.status,
                draft.test_key,
                draft.date,
                draft.title,
                draft.value_json,
                draft.attachment_json,
            ])?;
        let refs = self.references(context, draft);
        let (from, to) = (old.standing(context), standing(context, item, draft));
        if item <= self.unfiled.upto(Order::Dates) {
            move_date(transaction, &from, &to)?;
        }
        if item <= self.unfiled.upto(Order::Tests) {
            move_test(transaction, &from, &to)?;
        }
        if item <= self.unfiled.upto(Order::References) {
            let before: Vec<u8> = transaction
                .prepare_cached("SELECT refs FROM item_json WHERE item = ?1")?
                .query_row([item], |row| row.get(0))?;
            move_references(transaction, item, (&before, &refs))?;
        }
        transaction.prepare_cached("UPDATE item_json SET refs = ?2, json = ?3 WHERE item = ?1")?.execute((
            item,
            refs,
            draft.json.kept(),
        ))?;
        transaction
            .prepare_cached(&format!("INSERT OR REPLACE INTO {table} (rowid, text) VALUES (?1, ?2)"))?
            .execute((item, &draft.text))?;
        Ok(())
    }

    /// What the item points to, as kept beside it.
    fn references(&mut self, context: &Context, draft: &ItemDraft) -> Vec<u8> {
        let mut kept = Vec::with_capacity(draft.references.len() * 8);
        for reference in &draft.references {
            let key = match self.targets.get(reference) {
                Some(key) => *key,
                None => {
                    let Some((resource_type, source_id)) = reference.split_once('/') else { continue };
                    let key = item_key(context.connection, resource_type, source_id);
                    self.targets.insert(reference.clone(), key);
                    key
                }
            };
            kept.extend_from_slice(&key.to_be_bytes());
        }
        kept
    }
}

/// 64 bits of a hash over connection, type and id: short, and no item of one connection meets another's. Who looks an
/// item up by it compares type and id, too, because a hostile source could make two of its own meet.
pub(crate) fn item_key(connection: i64, resource_type: &str, source_id: &str) -> i64 {
    let hash =
        crypto::sha256_of_parts(&[&connection.to_be_bytes(), resource_type.as_bytes(), b"/", source_id.as_bytes()]);
    let mut short = [0; 8];
    short.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    i64::from_be_bytes(short)
}

fn is_same(row: &Row<'_>, draft: &ItemDraft) -> rusqlite::Result<bool> {
    let same_bytes = row.get_ref(1)?.as_blob()? == draft.json.hash();
    let version = row.get_ref(2)?.as_str_or_null()?;
    let updated = row.get_ref(3)?.as_str_or_null()?;
    let stated = version.is_some() && updated.is_some();
    let same_version = version == draft.version_id.as_deref() && updated == draft.last_updated.as_deref();
    Ok(same_bytes || stated && same_version)
}
