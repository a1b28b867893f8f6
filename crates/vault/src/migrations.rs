//! The schema, step by step. A step that was released is frozen: changes go into the next one.

use rusqlite::{Connection, TransactionBehavior};

use crate::OpenError;

/// Step `i` brings version `i` to version `i + 1`.
const STEPS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
];

/// Newest version of the schema this program knows.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

/// Brings the file to [`SCHEMA_VERSION`] in one transaction.
pub(crate) fn run(connection: &mut Connection) -> Result<(), OpenError> {
    if version(connection)? == SCHEMA_VERSION {
        return Ok(());
    }
    // Immediate: of two processes that find an old file, the second waits and then finds a new one.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if found > SCHEMA_VERSION {
        return Err(OpenError::Newer { found, known: SCHEMA_VERSION });
    }
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<u32, OpenError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
