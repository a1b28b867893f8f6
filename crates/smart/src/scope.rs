use std::collections::BTreeSet;
use std::fmt;

mod ask;

/// A list of scopes, each once, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

/// One scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    text: String,
    clinical: Option<Clinical>,
}

/// A scope for FHIR resources: `patient/Observation.rs?category=laboratory`, or `patient/Observation.read` of the first
/// version (SMART App Launch 2.2, "Scopes for requesting FHIR Resources").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clinical {
    /// Whose resources.
    pub level: Level,
    /// The resource type; `None` is `*`.
    pub resource_type: Option<String>,
    /// What may be done.
    pub permissions: Permissions,
    /// The constraint after `?`, as written.
    pub query: Option<String>,
    /// Which language it is written in.
    pub version: ScopeVersion,
}

/// Whose resources a scope is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// `patient/`: one patient's.
    Patient,
    /// `user/`: all the person may see.
    User,
    /// `system/`: no person is there.
    System,
}

/// The two languages of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeVersion {
    /// `.read`, `.write`, `.*`.
    V1,
    /// `.cruds`.
    V2,
}

/// What may be done, one letter each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions(BTreeSet<char>);

impl Permissions {
    /// Whether single resources may be read.
    pub fn read(&self) -> bool {
        self.0.contains(&'r')
    }

    /// Whether resources may be searched for.
    pub fn search(&self) -> bool {
        self.0.contains(&'s')
    }

    fn v1(text: &str) -> Option<Self> {
        let letters = match text {
            "read" => "rs",
            "write" => "cud",
            "*" => "cruds",
            _ => return None,
        };
        Some(Self(letters.chars().collect()))
    }

    /// Letters of `cruds`, in that order, each at most once, at least one.
    fn v2(text: &str) -> Option<Self> {
        let mut order = "cruds".chars();
        let ordered = !text.is_empty() && text.chars().all(|letter| order.any(|next| next == letter));
        ordered.then(|| Self(text.chars().collect()))
    }
}

impl Scope {
    /// Reads one scope. What is not a scope for resources is kept as it is.
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned(), clinical: Clinical::parse(text) }
    }

    /// The scope as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it says of resources, when it does.
    pub fn clinical(&self) -> Option<&Clinical> {
        self.clinical.as_ref()
    }
}

impl Clinical {
    fn parse(text: &str) -> Option<Self> {
        let (level, rest) = text.split_once('/')?;
        let level = match level {
            "patient" => Level::Patient,
            "user" => Level::User,
            "system" => Level::System,
            _ => return None,
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query.to_owned())),
            None => (rest, None),
        };
        let (resource_type, permissions) = rest.split_once('.')?;
        let named = resource_type.starts_with(|c: char| c.is_ascii_uppercase())
            && resource_type.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(named || resource_type == "*") {
            return None;
        }
        let (version, permissions) = match Permissions::v1(permissions) {
            Some(permissions) => (ScopeVersion::V1, permissions),
            None => (ScopeVersion::V2, Permissions::v2(permissions)?),
        };
        let resource_type = named.then(|| resource_type.to_owned());
        Some(Self { level, resource_type, permissions, query, version })
    }

    /// Whether it says anything of a resource type.
    pub fn covers(&self, resource_type: &str) -> bool {
        self.resource_type.as_deref().is_none_or(|own| own == resource_type)
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
        self.permits(resource_type, Permissions::search)
    }

    /// Whether single resources of a type may be read.
    pub fn read(&self, resource_type: &str) -> bool {
        self.permits(resource_type, Permissions::read)
    }

    /// Resource types it names, for a person to see; `None` when it asks for all (`*`).
    pub fn resource_types(&self) -> Option<Vec<&str>> {
        self.clinical().map(|scope| scope.resource_type.as_deref()).collect()
    }

    fn permits(&self, resource_type: &str, what: impl Fn(&Permissions) -> bool) -> bool {
        let mut clinical = self.clinical().peekable();
        clinical.peek().is_none() || clinical.any(|scope| scope.covers(resource_type) && what(&scope.permissions))
    }

    fn clinical(&self) -> impl Iterator<Item = &Clinical> {
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
