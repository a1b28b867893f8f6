//! One line of the table of search parameters.

use super::compile::{CompileError, Program};
use super::kind::Kind;

/// A line, read and compiled.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) resource_type: &'static str,
    pub(crate) code: &'static str,
    pub(crate) kind: Kind,
    pub(crate) id: &'static str,
    pub(crate) expression: &'static str,
    pub(crate) program: Program,
    pub(crate) targets: Vec<&'static str>,
    pub(crate) parts: Vec<PartRow>,
}

/// A component of a composite.
#[derive(Debug)]
pub(crate) struct PartRow {
    pub(crate) kind: Kind,
    pub(crate) code: &'static str,
    pub(crate) program: Program,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowError {
    /// A column is missing.
    Column,
    /// A kind of parameter that FHIR does not have.
    Kind,
    /// Its expression.
    Compile(CompileError),
}

impl Row {
    /// Reads one line.
    pub(crate) fn read(line: &'static str) -> Result<Self, RowError> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().ok_or(RowError::Column);
        let (resource_type, code) = (next()?, next()?);
        let (kind, id) = (Kind::named(next()?).ok_or(RowError::Kind)?, next()?);
        let (expression, types) = (next()?, next()?);
        let targets = next()?.split(',').filter(|name| !name.is_empty()).collect();
        let parts = next()?.split(';').filter(|part| !part.is_empty()).map(part).collect::<Result<_, _>>()?;
        let program = Program::compile(expression, types).map_err(RowError::Compile)?;
        Ok(Self { resource_type, code, kind, id, expression, program, targets, parts })
    }
}

fn part(text: &'static str) -> Result<PartRow, RowError> {
    let mut words = text.split(' ');
    let mut next = || words.next().ok_or(RowError::Column);
    let (kind, code) = (Kind::named(next()?).ok_or(RowError::Kind)?, next()?);
    let program = Program::compile(next()?, next()?).map_err(RowError::Compile)?;
    Ok(PartRow { kind, code, program })
}
