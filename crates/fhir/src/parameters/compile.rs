//! From the tree of an expression to the moves that find its elements in JSON.

use super::datatype::DataType;
use super::expression::{Alternative, Claim, Expression, Path, Root, Step};

/// A compiled expression.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) any: Box<[Course]>,
}

/// One member of a union.
#[derive(Debug)]
pub(crate) enum Course {
    /// Elements.
    Way(Way),
    /// True or false: each way leads to something, and, where a truth value is named, to nothing of that value.
    Holds(Box<[(Way, Option<bool>)]>),
}

/// Moves from the resource, or from the element the reader stands at.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) from_resource: bool,
    pub(crate) moves: Box<[Move]>,
    /// Type of what it leads to, unless its last move is a choice, which says the type itself.
    pub(crate) end: DataType,
}

/// One move.
#[derive(Debug)]
pub(crate) enum Move {
    /// Into a member, each element of it.
    Member(Box<str>),
    /// Into a member, one element of it.
    Nth(Box<str>, usize),
    /// Into whichever member of a choice of types is there.
    Choice(Box<[(Box<str>, DataType)]>),
    /// Only references to this type.
    ResolvesTo(Box<str>),
    /// Only elements whose member is this text.
    Where(Box<str>, Box<str>),
    /// Into extensions of this address.
    Extension(Box<str>),
}

/// Why a line of the table cannot be compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompileError {
    /// Not the part of FHIRPath that search uses.
    Expression,
    /// Fewer types than members of the union, or more.
    Types,
    /// A type that search does not know.
    UnknownType,
    /// A step where it can mean nothing.
    Step,
}

impl Program {
    /// `types`: of each member of the union, parted by `|`, a choice as `[x]a,b`.
    pub(crate) fn compile(expression: &str, types: &'static str) -> Result<Self, CompileError> {
        if expression.is_empty() {
            return Ok(Self { any: Box::default() });
        }
        let tree = Expression::parse(expression).map_err(|_| CompileError::Expression)?;
        let types: Vec<&'static str> = types.split('|').collect();
        if types.len() != tree.any.len() {
            return Err(CompileError::Types);
        }
        let courses = tree.any.iter().zip(types).map(|(alternative, types)| course(alternative, types));
        Ok(Self { any: courses.collect::<Result<_, _>>()? })
    }
}

impl Program {
    /// The types of what it leads to.
    pub(crate) fn ends(&self) -> impl Iterator<Item = DataType> {
        self.any.iter().flat_map(|course| match course {
            Course::Holds(_) => vec![DataType::Boolean],
            Course::Way(way) => match way.moves.last() {
                Some(Move::Choice(names)) => names.iter().map(|(_, data_type)| *data_type).collect(),
                _ => vec![way.end],
            },
        })
    }
}

fn course(alternative: &Alternative, types: &'static str) -> Result<Course, CompileError> {
    match alternative {
        Alternative::Path(path) => Ok(Course::Way(way(path, types)?)),
        Alternative::All(claims) => {
            let claim = |claim: &Claim| match claim {
                Claim::Exists(path) => Ok((way(path, types)?, None)),
                Claim::Unlike(path, value) => Ok((way(path, types)?, Some(*value))),
            };
            Ok(Course::Holds(claims.iter().map(claim).collect::<Result<_, _>>()?))
        }
    }
}

fn way(path: &Path, types: &'static str) -> Result<Way, CompileError> {
    let choice = types.strip_prefix("[x]");
    let ends: Vec<(&'static str, DataType)> = choice
        .unwrap_or(types)
        .split(',')
        .map(|name| DataType::named(name).map(|t| (name, t)).ok_or(CompileError::UnknownType))
        .collect::<Result<_, _>>()?;
    let end = match (ends.first(), path.steps.last()) {
        (Some((_, DataType::Text)), Some(Step::Member(name))) if name == "family" => DataType::Family,
        (first, _) => first.map_or(DataType::Other, |(_, t)| *t),
    };
    let mut moves = Vec::new();
    let mut steps = path.steps.iter().peekable();
    while let Some(step) = steps.next() {
        let last = |rest: Option<&&Step>| matches!(rest, None | Some(Step::ResolvesTo(_) | Step::Where(..)));
        moves.push(match (step, steps.peek()) {
            (Step::Member(name), Some(Step::As(as_type))) => {
                steps.next();
                Move::Choice([(with_type(name, as_type), end)].into())
            }
            (Step::Member(name), Some(Step::Index(at))) => {
                let at = *at;
                steps.next();
                Move::Nth(name.as_str().into(), at)
            }
            (Step::Member(name), rest) if choice.is_some() && last(rest) => {
                Move::Choice(ends.iter().map(|(type_name, t)| (with_type(name, type_name), *t)).collect())
            }
            (Step::Member(name), _) => Move::Member(name.as_str().into()),
            (Step::ResolvesTo(name), _) => Move::ResolvesTo(name.as_str().into()),
            (Step::Where(name, value), _) => Move::Where(name.as_str().into(), value.as_str().into()),
            (Step::Extension(url), _) => Move::Extension(url.as_str().into()),
            (Step::As(_) | Step::Index(_), _) => return Err(CompileError::Step),
        });
    }
    Ok(Way { from_resource: path.root == Root::Resource, moves: moves.into(), end })
}

/// `value` of type `dateTime` stands in JSON as `valueDateTime`.
fn with_type(name: &str, type_name: &str) -> Box<str> {
    let bare = type_name.split('=').next().unwrap_or_default();
    let mut letters = bare.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    name.chars().chain(first).chain(letters).collect()
}
