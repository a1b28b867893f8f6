//! Lists of items: filtered, searched, newest first, with true totals.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};
use types::{ConnectionId, PersonId, PullId};

use crate::filing::UNDATED;
use crate::items::{ItemRow, ROW_COLUMNS, read_row};
use crate::{Vault, VaultError, words};

/// Most rows of one page.
const MOST_ROWS: u32 = 500;
/// Up to here all rows of a pull are read to find its newest.
const SMALL_PULL: i64 = 2_000;

/// Which rows are wanted, newest first. The default is the first 500 of everything.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Words to search for; empty for no search.
    pub words: String,
    /// One kind, or all.
    pub kind: Option<String>,
    /// One source, or all.
    pub source: Option<ConnectionId>,
    /// First sort number, included.
    pub from: Option<i64>,
    /// Last sort number, included.
    pub to: Option<i64>,
    /// Of the matching rows, the newest of each test only; rows that are no test fall away.
    pub newest_of_each: bool,
    /// Rows to skip.
    pub offset: u32,
    /// Rows wanted; 0 stands for the most there may be, 500.
    pub limit: u32,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// Rows that match, in all.
    pub total: u32,
    /// The rows asked for.
    pub rows: Vec<ItemRow>,
}

/// What a query says of the rows that match.
struct Filter {
    /// Where they are looked up; the columns of the order stand under `d`. Each source is asked by itself.
    sources: Vec<String>,
    /// Begins with WHERE.
    conditions: String,
    /// What the question marks stand for.
    values: Vec<Value>,
}

impl Filter {
    /// Numbers and dates of all rows that match.
    fn all(&self) -> String {
        self.each(|source, conditions| {
            format!("SELECT d.item AS n, d.date_sort AS date_sort FROM {source} {conditions}")
        })
    }

    /// Those of the newest of each test. Of each source first, where it goes along the order, and then of all.
    fn newest(&self) -> String {
        // SQLite takes the other columns of a group from the row that has the maximum.
        let of_each = self.each(|source, conditions| {
            format!(
                "SELECT d.item AS n, d.test_key AS test_key, max(d.date_sort) AS date_sort
                 FROM {source} {conditions} AND d.test_key IS NOT NULL GROUP BY d.test_key"
            )
        });
        format!("SELECT n, max(date_sort) AS date_sort FROM ({of_each}) GROUP BY test_key")
    }

    fn each(&self, select: impl Fn(&str, &str) -> String) -> String {
        let selects: Vec<String> = self.sources.iter().map(|source| select(source, &self.conditions)).collect();
        selects.join(" UNION ALL ")
    }
}

impl Vault {
    /// The person's rows that match, newest first; rows without a date come last.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person, or the source is not theirs.
    pub fn list(&self, person: &PersonId, query: &ListQuery) -> Result<ListPage, VaultError> {
        let Some(filter) = self.filter(person, query)? else {
            return Ok(ListPage { total: 0, rows: Vec::new() });
        };
        let limit = if query.limit == 0 { MOST_ROWS } else { query.limit.min(MOST_ROWS) };
        let rows_sql = if query.newest_of_each { filter.newest() } else { filter.all() };
        let total = match self.counted(person, query)? {
            Some(total) => total,
            None => {
                let mut count = self.connection.prepare_cached(&format!("SELECT count(*) FROM ({rows_sql})"))?;
                count.query_row(params_from_iter(&filter.values), |row| row.get(0))?
            }
        };
        // The page is cut on the narrow columns first; only its rows are read whole.
        let sql = format!(
            "SELECT {ROW_COLUMNS}
             FROM ({rows_sql} ORDER BY date_sort DESC, n DESC LIMIT {limit} OFFSET {offset}) page
             JOIN items i ON i.n = page.n JOIN connections c ON c.n = i.connection
             ORDER BY page.date_sort DESC, page.n DESC",
            offset = query.offset,
        );
        Ok(ListPage { total, rows: self.rows(&sql, params_from_iter(&filter.values))? })
    }

    /// Every result of one test, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when there is no such person.
    pub fn test_history(&self, person: &PersonId, test_key: &str) -> Result<Vec<ItemRow>, VaultError> {
        let person = self.person_number(person)?;
        let sql = format!(
            "SELECT {ROW_COLUMNS} FROM tests d CROSS JOIN items i ON i.n = d.item
             JOIN connections c ON c.n = i.connection
             WHERE d.person = ?1 AND d.test_key = ?2 ORDER BY d.date_sort, d.item"
        );
        self.rows(&sql, (person, test_key))
    }

    /// What a pull brought, new or in a new version, newest clinical date first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the pull is not this person's.
    pub fn news(&self, person: &PersonId, pull: &PullId, limit: u32) -> Result<Vec<ItemRow>, VaultError> {
        let (pull, brought) = self.pull_size(person, pull)?;
        let person = self.person_number(person)?;
        let limit = limit.min(MOST_ROWS);
        if brought > SMALL_PULL {
            return self.news_by_date(person, pull, limit);
        }
        let sql = format!(
            "SELECT {ROW_COLUMNS} FROM items i JOIN connections c ON c.n = i.connection
             WHERE i.received_pull = ?2 AND i.person = ?1 ORDER BY i.date_sort DESC, i.n DESC LIMIT ?3"
        );
        self.rows(&sql, (person, pull, limit))
    }

    /// Of a large pull most rows are news, so the newest are soon met going back by date.
    fn news_by_date(&self, person: i64, pull: i64, limit: u32) -> Result<Vec<ItemRow>, VaultError> {
        let mut by_date = self
            .connection
            .prepare_cached("SELECT item, date_sort FROM dates WHERE person = ?1 ORDER BY date_sort DESC, item DESC")?;
        let mut whole = self.connection.prepare_cached(&format!(
            "SELECT {ROW_COLUMNS} FROM items i JOIN connections c ON c.n = i.connection
             WHERE i.n = ?1 AND i.received_pull = ?2"
        ))?;
        let mut news = Vec::new();
        let mut rows = by_date.query([person])?;
        while let Some(row) = rows.next()? {
            let item: i64 = row.get(0)?;
            news.extend(whole.query_row((item, pull), |row| read_row(self, row)).optional()?);
            if news.len() >= limit as usize {
                break;
            }
        }
        Ok(news)
    }

    /// The total, where the counts that are kept with every page tell it.
    fn counted(&self, person: &PersonId, query: &ListQuery) -> Result<Option<u32>, VaultError> {
        let dated = query.from.is_some() || query.to.is_some();
        if dated || query.newest_of_each || !query.words.trim().is_empty() {
            return Ok(None);
        }
        let number = self.person_number(person)?;
        let source = query.source.as_ref().map(|id| self.connection_number(person, id)).transpose()?;
        let mut statement = self.connection.prepare_cached(
            "SELECT coalesce(sum(count), 0) FROM item_counts
             WHERE person = ?1 AND (?2 IS NULL OR connection = ?2) AND (?3 IS NULL OR kind = ?3)",
        )?;
        Ok(Some(statement.query_row((number, source, &query.kind), |row| row.get(0))?))
    }

    fn rows(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<ItemRow>, VaultError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, |row| read_row(self, row))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// `None` when the words cannot match anything.
    fn filter(&self, person: &PersonId, query: &ListQuery) -> Result<Option<Filter>, VaultError> {
        let number = self.person_number(person)?;
        let mut values = vec![Value::from(number)];
        let mut conditions = "WHERE d.person = ?1".to_owned();
        let sources = if query.words.trim().is_empty() {
            let order = if query.newest_of_each { "tests" } else { "dates" };
            vec![format!("{order}_filed d"), format!("{order}_unfiled d")]
        } else {
            let Some(typed) = words::match_query(&query.words) else { return Ok(None) };
            values.push(Value::from(typed));
            let table = words::table(number);
            conditions.push_str(&format!(" AND {table} MATCH ?2"));
            // Of the words only numbers are known, so the rest is read from the items themselves.
            vec![format!(
                "{table} w CROSS JOIN
                     (SELECT n AS item, coalesce(date_sort, {UNDATED}) AS date_sort, person, kind, connection, test_key
                      FROM items) d ON d.item = w.rowid"
            )]
        };
        let mut narrow = |condition: &str, value: Value| {
            values.push(value);
            conditions.push_str(&format!(" AND {condition} ?{}", values.len()));
        };
        if let Some(kind) = &query.kind {
            narrow("d.kind =", Value::from(kind.clone()));
        }
        if let Some(source) = &query.source {
            narrow("d.connection =", Value::from(self.connection_number(person, source)?));
        }
        if let Some(from) = query.from {
            narrow("d.date_sort >=", Value::from(from));
        }
        if let Some(to) = query.to {
            narrow("d.date_sort <=", Value::from(to));
            narrow("d.date_sort >", Value::from(UNDATED));
        }
        Ok(Some(Filter { sources, conditions, values }))
    }
}
