use super::interval::Interval;
use super::units::Dimension;
use crate::date::Span;

/// One value that a resource has under a search parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum SearchValue<'a> {
    /// Token: a code, an identifier, a truth value.
    Token(Token<'a>),
    /// Reference.
    Reference(Reference<'a>),
    /// String: one part of a name or address, or a whole text, as written.
    String(&'a str),
    /// String: what a family name of several words holds from a later one on. It is no text of its own, but a search may
    /// begin there.
    Words(&'a str),
    /// Date.
    Date(Span),
    /// Number.
    Number(Interval),
    /// Quantity.
    Quantity(Quantity<'a>),
    /// Uri.
    Uri(&'a str),
    /// Special: where on earth a location lies, in degrees (`near`).
    Position {
        /// North is positive.
        latitude: f64,
        /// East is positive.
        longitude: f64,
    },
    /// Composite: of one element, the values of each part.
    Composite(Vec<Vec<SearchValue<'a>>>),
}

/// A code, an identifier, or words alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Token<'a> {
    /// Code system, or the system of an identifier.
    pub system: Option<&'a str>,
    /// The system is not written: it follows from the binding of a plain code.
    pub implied: bool,
    /// The code, the identifier's value, `true` or `false`.
    pub code: Option<&'a str>,
    /// What `:text` looks at: the display of a coding, the text of a concept, the text of an identifier's type.
    pub text: Option<&'a str>,
    /// `Identifier.type` as it stands, for `:of-type`.
    pub identifier_type: Option<&'a serde_json::Value>,
}

/// A reference, as far as it says where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reference<'a> {
    /// Where it leads.
    pub to: Option<Address<'a>>,
    /// Type it leads to: stated, or read from the address.
    pub resource_type: Option<&'a str>,
    /// `Reference.identifier`.
    pub identifier: Option<Token<'a>>,
    /// `Reference.display`.
    pub text: Option<&'a str>,
}

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Address<'a> {
    /// On the same server.
    Local {
        /// Resource type.
        resource_type: &'a str,
        /// Logical id.
        id: &'a str,
        /// Of this version.
        version: Option<&'a str>,
    },
    /// A contained resource, by its id.
    Contained(&'a str),
    /// Anything else: another server, a `urn:`, a canonical address.
    Url {
        /// Without the version of a canonical address.
        url: &'a str,
        /// What stands after `|` in a canonical address.
        version: Option<&'a str>,
    },
}

/// A number with a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity<'a> {
    /// As written.
    pub interval: Interval,
    /// System of the code; that of currencies for money.
    pub system: Option<&'a str>,
    /// Code of the unit.
    pub code: Option<&'a str>,
    /// Unit for the eye.
    pub unit: Option<&'a str>,
    /// The same in base units, when the code is one of UCUM.
    pub canonical: Option<Canonical>,
}

/// A quantity in the base units of UCUM.
#[derive(Debug, Clone, PartialEq)]
pub struct Canonical {
    /// In base units.
    pub interval: Interval,
    /// Which they are. Only quantities of one dimension can be compared.
    pub dimension: Dimension,
}
