//! Tables `pulls` and `pull_kinds`: how far each pull came, so that it goes on from there.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use types::{ConnectionId, PersonId, PullId};

use crate::filing::{file_all, file_some};
use crate::row::{hit, instant, instant_or_none, parsed};
use crate::{Lasting, Vault, VaultError, Writing};

/// How long a pull that was interrupted can go on from where it stood.
const GOES_ON: SignedDuration = SignedDuration::from_hours(24);

/// A pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Id.
    pub id: PullId,
    /// The connection it pulls from.
    pub connection: ConnectionId,
    /// Where it stands, a code of the caller's.
    pub stage: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it can go on.
    pub ended: Option<Timestamp>,
    /// Why it stopped early, JSON of the caller's.
    pub error: Option<String>,
    /// Its kinds, in order.
    pub kinds: Vec<PullKind>,
}

/// One kind within a pull. `outcome` is `waiting` when made, `running` after a page with a next one, `done` after the
/// last page; other codes are the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullKind {
    /// Name, unique within the pull.
    pub name: String,
    /// What a person calls it, a code of the caller's.
    pub kind: String,
    /// How it went.
    pub outcome: String,
    /// Where to go on: address of the next page. `None` before the first page and after the last.
    pub cursor: Option<String>,
    /// The system's own total, when it said one.
    pub expected: Option<u32>,
    /// Items seen.
    pub seen: u32,
    /// Not here before.
    pub new: u32,
    /// Here in an older version.
    pub changed: u32,
    /// Here already.
    pub unchanged: u32,
    /// Items that could not be kept.
    pub failed: u32,
    /// Why, JSON of the caller's.
    pub error: Option<String>,
}

/// What is to be written about a kind besides its pages; `None` leaves a member as it is.
#[derive(Debug, Clone, Default)]
pub struct KindChange {
    /// How it went.
    pub outcome: Option<String>,
    /// The system's own total.
    pub expected: Option<u32>,
    /// Added to what is new: files, which come one by one and not with a page.
    pub new: u32,
    /// Added to what could not be kept.
    pub failed: u32,
    /// Why.
    pub error: Option<String>,
}

const COLUMNS: &str = "SELECT p.id, c.id, p.stage, p.started, p.ended, p.error, p.n
    FROM pulls p JOIN connections c ON c.n = p.connection";

fn read(row: &Row<'_>) -> rusqlite::Result<(Pull, i64)> {
    let pull = Pull {
        id: parsed(row, 0)?,
        connection: parsed(row, 1)?,
        stage: row.get(2)?,
        started: instant(row, 3)?,
        ended: instant_or_none(row, 4)?,
        error: row.get(5)?,
        kinds: Vec::new(),
    };
    Ok((pull, row.get(6)?))
}

fn read_kind(row: &Row<'_>) -> rusqlite::Result<PullKind> {
    Ok(PullKind {
        name: row.get(0)?,
        kind: row.get(1)?,
        outcome: row.get(2)?,
        cursor: row.get(3)?,
        expected: row.get(4)?,
        seen: row.get(5)?,
        new: row.get(6)?,
        changed: row.get(7)?,
        unchanged: row.get(8)?,
        failed: row.get(9)?,
        error: row.get(10)?,
    })
}

/// Writes what became known about a kind of the pull with this number.
pub(crate) fn write_change(
    connection: &Connection,
    pull: i64,
    name: &str,
    change: &KindChange,
) -> Result<(), VaultError> {
    let mut statement = connection.prepare_cached(
        "UPDATE pull_kinds SET outcome = coalesce(?3, outcome), expected = coalesce(?4, expected),
             new = new + ?5, failed = failed + ?6, seen = seen + ?5 + ?6,
             error = CASE ?3 WHEN 'done' THEN ?7 ELSE coalesce(?7, error) END
         WHERE pull = ?1 AND name = ?2",
    )?;
    let KindChange { outcome, expected, new, failed, error } = change;
    hit(statement.execute((pull, name, outcome, expected, new, failed, error))?)
}

impl Vault {
    /// Begins a pull with its kinds (name, and what a person calls it), in order.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the connection is not this person's; [`VaultError::Conflict`] when a name comes
    /// twice.
    pub fn begin_pull(
        &mut self,
        person: &PersonId,
        connection: &ConnectionId,
        id: &PullId,
        kinds: &[(String, String)],
        now: Timestamp,
    ) -> Result<Pull, VaultError> {
        let connection_number = self.connection_number(person, connection)?;
        let writing = self.write(Lasting::Logged)?;
        let connection = &writing.vault.connection;
        connection.execute(
            "INSERT INTO pulls (id, connection, stage, started) VALUES (?1, ?2, 'running', ?3)",
            (id.as_str(), connection_number, now.as_microsecond()),
        )?;
        let pull = connection.last_insert_rowid();
        {
            let mut insert = connection.prepare_cached(
                "INSERT INTO pull_kinds (pull, position, name, kind, outcome) VALUES (?1, ?2, ?3, ?4, 'waiting')",
            )?;
            for (position, (name, kind)) in kinds.iter().enumerate() {
                insert.execute((pull, position as i64, name, kind))?;
            }
        }
        writing.commit()?;
        self.pull(person, id)
    }

    /// One pull of the person.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not this person's.
    pub fn pull(&self, person: &PersonId, id: &PullId) -> Result<Pull, VaultError> {
        let person = self.person_number(person)?;
        let sql = format!("{COLUMNS} WHERE c.person = ?1 AND p.id = ?2");
        let found = self.connection.prepare_cached(&sql)?.query_row((person, id.as_str()), read).optional()?;
        self.with_kinds(found.ok_or(VaultError::Unknown)?)
    }

    /// The newest pull of a connection, when there was one.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn last_pull(&self, person: &PersonId, connection: &ConnectionId) -> Result<Option<Pull>, VaultError> {
        let person = self.person_number(person)?;
        let sql = format!("{COLUMNS} WHERE c.person = ?1 AND c.id = ?2 ORDER BY p.n DESC LIMIT 1");
        let found = self.connection.prepare_cached(&sql)?.query_row((person, connection.as_str()), read).optional()?;
        found.map(|pull| self.with_kinds(pull)).transpose()
    }

    /// Pulls of the person that have not ended, oldest first: each can go on from its cursors.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read.
    pub fn unfinished_pulls(&self, person: &PersonId) -> Result<Vec<Pull>, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self
            .connection
            .prepare_cached(&format!("{COLUMNS} WHERE c.person = ?1 AND p.ended IS NULL ORDER BY p.n"))?;
        let found = statement.query_map([person], read)?.collect::<Result<Vec<_>, _>>()?;
        found.into_iter().map(|pull| self.with_kinds(pull)).collect()
    }

    /// Goes on with the pull of a connection that has not ended, if there is one. One that began more than [`GOES_ON`] ago is
    /// ended as it stands: the kinds it has done would not be asked for again before its end, which may never come.
    ///
    /// # Errors
    /// [`VaultError`] when the file cannot be read or written.
    pub fn resume_pull(
        &mut self,
        person: &PersonId,
        connection: &ConnectionId,
        now: Timestamp,
    ) -> Result<Option<Pull>, VaultError> {
        let mut goes_on = None;
        for pull in self.unfinished_pulls(person)?.into_iter().filter(|pull| pull.connection == *connection) {
            if now.duration_since(pull.started) < GOES_ON {
                self.set_pull_stage(person, &pull.id, "running")?;
                goes_on = Some(self.pull(person, &pull.id)?);
            } else {
                self.end_pull(person, &pull.id, "stopped", None, now)?;
            }
        }
        Ok(goes_on)
    }

    /// Writes what became known about a kind besides its pages.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the pull or the kind is not there.
    pub fn change_kind(
        &mut self,
        person: &PersonId,
        pull: &PullId,
        name: &str,
        change: &KindChange,
    ) -> Result<(), VaultError> {
        self.change_kinds(person, pull, &[(name.to_owned(), change.clone())])
    }

    /// The same about several kinds, in one transaction.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when the pull or one of the kinds is not there; nothing is written then.
    pub fn change_kinds(
        &mut self,
        person: &PersonId,
        pull: &PullId,
        changes: &[(String, KindChange)],
    ) -> Result<(), VaultError> {
        let pull = self.pull_number(person, pull)?;
        let writing = self.write(Lasting::Logged)?;
        for (name, change) in changes {
            write_change(&writing.vault.connection, pull, name, change)?;
        }
        writing.commit()
    }

    /// Writes where the pull as a whole stands, without ending it.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not there, or has ended.
    pub fn set_pull_stage(&mut self, person: &PersonId, pull: &PullId, stage: &str) -> Result<(), VaultError> {
        let pull = self.pull_number(person, pull)?;
        hit(self.connection.execute("UPDATE pulls SET stage = ?2 WHERE n = ?1 AND ended IS NULL", (pull, stage))?)
    }

    /// Ends a pull, and gives what it brought its place in the orders. With stage `done` the connection's last pull is now.
    ///
    /// # Errors
    /// [`VaultError::Unknown`] when it is not there, or has ended.
    pub fn end_pull(
        &mut self,
        person: &PersonId,
        pull: &PullId,
        stage: &str,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let mut writing = self.write(Lasting::Settled)?;
        writing.end_pull(person, pull, stage, error, now)?;
        writing.commit()
    }

    /// Gives what came its place in some of the orders now, as the end of a pull does in all: for a moment in which nothing
    /// is stored. Says whether there are others to fill.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn file_some(&mut self) -> Result<bool, VaultError> {
        let writing = self.write(Lasting::Logged)?;
        let more = file_some(&writing.vault.connection, &mut writing.vault.unfiled.borrow_mut())?;
        writing.commit()?;
        Ok(more)
    }

    fn with_kinds(&self, (mut pull, number): (Pull, i64)) -> Result<Pull, VaultError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name, kind, outcome, cursor, expected, seen, new, changed, unchanged, failed, error
             FROM pull_kinds WHERE pull = ?1 ORDER BY position",
        )?;
        pull.kinds = statement.query_map([number], read_kind)?.collect::<Result<_, _>>()?;
        Ok(pull)
    }

    pub(crate) fn pull_number(&self, person: &PersonId, pull: &PullId) -> Result<i64, VaultError> {
        let person = self.person_number(person)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT p.n FROM pulls p JOIN connections c ON c.n = p.connection WHERE c.person = ?1 AND p.id = ?2",
        )?;
        Ok(statement.query_row((person, pull.as_str()), |row| row.get(0))?)
    }

    /// The pull's number, and how many items it brought, new or in a new version.
    pub(crate) fn pull_size(&self, person: &PersonId, pull: &PullId) -> Result<(i64, i64), VaultError> {
        let pull = self.pull_number(person, pull)?;
        let mut statement =
            self.connection.prepare_cached("SELECT coalesce(sum(new + changed), 0) FROM pull_kinds WHERE pull = ?1")?;
        Ok((pull, statement.query_row([pull], |row| row.get(0))?))
    }

    pub(crate) fn connection_number(&self, person: &PersonId, id: &ConnectionId) -> Result<i64, VaultError> {
        let person = self.person_number(person)?;
        let mut statement =
            self.connection.prepare_cached("SELECT n FROM connections WHERE person = ?1 AND id = ?2")?;
        Ok(statement.query_row((person, id.as_str()), |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Ends a pull, as [`Vault::end_pull`] does.
    ///
    /// # Errors
    /// As [`Vault::end_pull`].
    pub fn end_pull(
        &mut self,
        person: &PersonId,
        pull: &PullId,
        stage: &str,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let pull = self.vault.pull_number(person, pull)?;
        let connection = &self.vault.connection;
        hit(connection.execute(
            "UPDATE pulls SET stage = ?2, error = ?3, ended = ?4 WHERE n = ?1 AND ended IS NULL",
            (pull, stage, error, now.as_microsecond()),
        )?)?;
        if stage == "done" {
            connection.execute(
                "UPDATE connections SET last_pull = ?2 WHERE n = (SELECT connection FROM pulls WHERE n = ?1)",
                (pull, now.as_microsecond()),
            )?;
        }
        Ok(file_all(connection, &mut self.vault.unfiled.borrow_mut())?)
    }
}
