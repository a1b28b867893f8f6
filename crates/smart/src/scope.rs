use std::fmt;

use types::{Actions, ClinicalScope};

mod ask;

/// A list of scopes, each once, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

/// One scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    text: String,
    clinical: Option<ClinicalScope>,
}

impl Scope {
    /// Reads one scope. What is not a scope for resources is kept as it is.
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned(), clinical: text.parse().ok() }
    }

    /// The scope as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it says of resources, when it does.
    pub fn clinical(&self) -> Option<&ClinicalScope> {
        self.clinical.as_ref()
    }
}

impl Scopes {
    /// Reads a list with spaces between.
    pub fn parse(text: &str) -> Self {
        text.split_ascii_whitespace().map(Scope::parse).collect()
    }

    /// The scopes.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// Whether a scope stands in the list, letter by letter.
    pub fn has(&self, text: &str) -> bool {
        self.0.iter().any(|scope| scope.text == text)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether resources of a type may be searched for. A list that says nothing of resources forbids nothing: the
    /// server will.
    pub fn search(&self, resource_type: &str) -> bool {
        self.permits(resource_type, |actions| actions.search)
    }

    /// Whether single resources of a type may be read.
    pub fn read(&self, resource_type: &str) -> bool {
        self.permits(resource_type, |actions| actions.read)
    }

    /// Resource types it names, for a person to see; `None` when it asks for all (`*`).
    pub fn resource_types(&self) -> Option<Vec<&str>> {
        self.clinical().map(|scope| scope.resource_type.as_deref()).collect()
    }

    fn permits(&self, resource_type: &str, what: impl Fn(Actions) -> bool) -> bool {
        let mut clinical = self.clinical().peekable();
        clinical.peek().is_none() || clinical.any(|scope| scope.covers(resource_type) && what(scope.actions))
    }

    fn clinical(&self) -> impl Iterator<Item = &ClinicalScope> {
        self.0.iter().filter_map(Scope::clinical)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut list = Self::default();
        for scope in scopes {
            if !list.has(&scope.text) {
                list.0.push(scope);
            }
        }
        list
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&scope.text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
