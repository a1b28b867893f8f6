//! How typed values stand in columns.

use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::Type;

use crate::VaultError;

fn bad(column: usize, kind: Type, cause: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(cause))
}

/// A column of text that reads as `T`.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(column)?.as_str()?.parse().map_err(|cause| bad(column, Type::Text, cause))
}

/// The same, where the column may be empty.
pub(crate) fn parsed_or_none<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    match row.get_ref(column)?.as_str_or_null()? {
        Some(text) => text.parse().map(Some).map_err(|cause| bad(column, Type::Text, cause)),
        None => Ok(None),
    }
}

/// An instant, in microseconds.
pub(crate) fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|cause| bad(column, Type::Integer, cause))
}

/// The same, where the column may be empty.
pub(crate) fn instant_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    match row.get(column)? {
        Some(micros) => {
            Timestamp::from_microsecond(micros).map(Some).map_err(|cause| bad(column, Type::Integer, cause))
        }
        None => Ok(None),
    }
}

/// Exactly 32 bytes.
pub(crate) fn digest(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; 32]> {
    row.get(column)
}

/// What a statement that must hit one row did.
pub(crate) fn hit(changed: usize) -> Result<(), VaultError> {
    if changed == 0 { Err(VaultError::Unknown) } else { Ok(()) }
}
