//! The part of FHIRPath that the search parameters of FHIR R4 are written in, as text becomes a tree.
//!
//! Nothing here knows a resource: the build script and the generator of the table read the same file, so that an
//! expression that cannot be read fails the build.

use std::iter::Peekable;
use std::str::CharIndices;

/// What a search parameter looks at: any of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    /// In the order written.
    pub(crate) any: Vec<Alternative>,
}

/// One member of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alternative {
    /// Elements.
    Path(Path),
    /// A statement about the resource, whose value is true or false: all of these hold.
    All(Vec<Claim>),
}

/// A way from a root to elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// Where it begins.
    pub(crate) root: Root,
    /// The way.
    pub(crate) steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    /// A resource of this type: `Observation.code`.
    Type(String),
    /// Where the reader stands: `code` in a component of a composite.
    Here,
    /// The resource, wherever the reader stands: `%resource.chromosome`.
    Resource,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a member.
    Member(String),
    /// Only values of this type: `as`, `ofType`.
    As(String),
    /// Only the one at this place.
    Index(usize),
    /// Only references to this type: `where(resolve() is Patient)`.
    ResolvesTo(String),
    /// Only elements with this member of this value: `where(system = 'phone')`.
    Where(String, String),
    /// Extensions of this address.
    Extension(String),
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    /// `path.exists()`
    Exists(Path),
    /// `path != true`, `path != false`
    Unlike(Path, bool),
}

/// Why an expression cannot be read, with the place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExpressionError {
    /// Byte of the text.
    pub(crate) at: usize,
    /// What was expected there.
    pub(crate) expected: &'static str,
}

impl Expression {
    /// Reads an expression.
    pub(crate) fn parse(text: &str) -> Result<Self, ExpressionError> {
        let mut reader = Reader { text, chars: text.char_indices().peekable() };
        let mut any = vec![reader.alternative()?];
        while reader.sign('|') {
            any.push(reader.alternative()?);
        }
        match reader.chars.peek() {
            None => Ok(Self { any }),
            Some(_) => Err(reader.expected("the end")),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn alternative(&mut self) -> Result<Alternative, ExpressionError> {
        let (path, claim) = self.path()?;
        let Some(claim) = self.claim(&path, claim)? else { return Ok(Alternative::Path(path)) };
        let mut all = vec![claim];
        while self.word("and") {
            let (path, claim) = self.path()?;
            all.push(self.claim(&path, claim)?.ok_or(self.expected("a statement"))?);
        }
        Ok(Alternative::All(all))
    }

    fn claim(&mut self, path: &Path, exists: bool) -> Result<Option<Claim>, ExpressionError> {
        if exists {
            return Ok(Some(Claim::Exists(path.clone())));
        }
        if !self.sign('!') {
            return Ok(None);
        }
        self.need('=', "`=`")?;
        if self.word("false") {
            Ok(Some(Claim::Unlike(path.clone(), false)))
        } else if self.word("true") {
            Ok(Some(Claim::Unlike(path.clone(), true)))
        } else {
            Err(self.expected("true or false"))
        }
    }

    /// A path, and whether `exists()` is asked of it.
    fn path(&mut self) -> Result<(Path, bool), ExpressionError> {
        let mut path = if self.sign('(') {
            let (mut inner, exists) = self.path()?;
            if exists {
                return Err(self.expected("a path"));
            }
            if self.word("as") {
                inner.steps.push(Step::As(self.name()?));
            }
            self.need(')', "`)`")?;
            inner
        } else if self.sign('%') {
            let name = self.name()?;
            if name != "resource" {
                return Err(self.expected("`resource`"));
            }
            Path { root: Root::Resource, steps: Vec::new() }
        } else {
            let first = self.name()?;
            if first.starts_with(|c: char| c.is_ascii_uppercase()) {
                Path { root: Root::Type(first), steps: Vec::new() }
            } else {
                Path { root: Root::Here, steps: vec![Step::Member(first)] }
            }
        };
        loop {
            if self.sign('[') {
                path.steps.push(Step::Index(self.number()?));
                self.need(']', "`]`")?;
            } else if self.sign('.') {
                if let Some(step) = self.step()? {
                    path.steps.push(step);
                } else {
                    return Ok((path, true));
                }
            } else if self.word("as") {
                path.steps.push(Step::As(self.name()?));
            } else {
                return Ok((path, false));
            }
        }
    }

    /// What stands after a dot; `None` is `exists()`.
    fn step(&mut self) -> Result<Option<Step>, ExpressionError> {
        let name = self.name()?;
        if !self.sign('(') {
            return Ok(Some(Step::Member(name)));
        }
        let step = match name.as_str() {
            "exists" => None,
            "as" | "ofType" => Some(Step::As(self.name()?)),
            "extension" => Some(Step::Extension(self.literal()?)),
            "where" => Some(self.filter()?),
            _ => return Err(self.expected("a function that search expressions use")),
        };
        self.need(')', "`)`")?;
        Ok(step)
    }

    fn filter(&mut self) -> Result<Step, ExpressionError> {
        let name = self.name()?;
        if name == "resolve" && self.sign('(') {
            self.need(')', "`)`")?;
            if !self.word("is") {
                return Err(self.expected("`is`"));
            }
            return Ok(Step::ResolvesTo(self.name()?));
        }
        self.need('=', "`=`")?;
        Ok(Step::Where(name, self.literal()?))
    }

    fn literal(&mut self) -> Result<String, ExpressionError> {
        self.need('\'', "a text in quotes")?;
        let mut found = String::new();
        for (_, c) in self.chars.by_ref() {
            match c {
                '\'' => return Ok(found),
                '\\' => break,
                c => found.push(c),
            }
        }
        Err(self.expected("the end of the text"))
    }

    fn name(&mut self) -> Result<String, ExpressionError> {
        self.skip();
        let mut found = String::new();
        while let Some((_, c)) = self.chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_') {
            found.push(c);
        }
        match found.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            true => Ok(found),
            false => Err(self.expected("a name")),
        }
    }

    fn number(&mut self) -> Result<usize, ExpressionError> {
        let mut found = String::new();
        while let Some((_, c)) = self.chars.next_if(|(_, c)| c.is_ascii_digit()) {
            found.push(c);
        }
        found.parse().map_err(|_| self.expected("a number"))
    }

    /// Takes the word if it is next, and a word of its own.
    fn word(&mut self, word: &str) -> bool {
        self.skip();
        let at = self.at();
        let rest = self.text.get(at..).unwrap_or_default();
        let Some(after) = rest.strip_prefix(word) else { return false };
        if after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '(') {
            return false;
        }
        word.chars().for_each(|_| _ = self.chars.next());
        true
    }

    fn sign(&mut self, sign: char) -> bool {
        self.skip();
        self.chars.next_if(|(_, c)| *c == sign).is_some()
    }

    fn need(&mut self, sign: char, expected: &'static str) -> Result<(), ExpressionError> {
        if self.sign(sign) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn skip(&mut self) {
        while self.chars.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
    }

    fn at(&mut self) -> usize {
        self.chars.peek().map_or(self.text.len(), |(at, _)| *at)
    }

    fn expected(&mut self, expected: &'static str) -> ExpressionError {
        ExpressionError { at: self.at(), expected }
    }
}
