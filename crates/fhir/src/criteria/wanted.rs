use super::prefix::Prefix;
use crate::date::Span;
use crate::parameters::{Canonical, Interval};

/// One value that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A resource's own id, to the letter: `_id`.
    Id(Box<str>),
    /// A code, an identifier.
    Token(WantedToken),
    /// Words of a token or reference: `:text`.
    Words(WantedText),
    /// An identifier with a type: `:of-type`.
    OfType {
        /// System of the type's code.
        system: Box<str>,
        /// Code of the type.
        code: Box<str>,
        /// The identifier itself.
        value: Box<str>,
    },
    /// A text.
    String(WantedText),
    /// A resource that is referred to.
    Reference(WantedReference),
    /// The identifier in a reference: `:identifier`.
    Identifier(WantedToken),
    /// A date.
    Date {
        /// Compared how.
        prefix: Prefix,
        /// The moments that are meant; for `ap` a tenth of the time from now wider on both sides.
        span: Span,
        /// As written, without the prefix.
        written: Box<str>,
    },
    /// A number.
    Number(WantedNumber),
    /// A quantity.
    Quantity {
        /// The number.
        number: WantedNumber,
        /// In which unit.
        unit: Unit,
    },
    /// An address.
    Uri(WantedUri),
    /// A media type, with any parameters, or all that begin with its first part: `contenttype:below`.
    MediaType(Box<str>),
    /// A place no further away than that: `near`.
    Near {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// How far, in metres.
        metres: f64,
        /// As written.
        written: Box<str>,
    },
    /// All parts in one element.
    Composite(Vec<Wanted>),
}

/// A code with or without its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedToken {
    /// Of which system.
    pub system: WantedSystem,
    /// The code, compared without case; `None`: any code of the system (`system|`).
    pub code: Option<Box<str>>,
}

/// The left side of `|`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedSystem {
    /// No `|`: any or none.
    Any,
    /// Nothing before `|`: none.
    None,
    /// This one, to the letter.
    Is(Box<str>),
}

/// A text and how it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedText {
    /// How.
    pub with: With,
    /// As written.
    pub text: Box<str>,
    /// Folded, unless the letters count.
    pub folded: Box<str>,
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// It begins so, case and accents aside.
    Start,
    /// It has that somewhere, case and accents aside: `:contains`.
    Somewhere,
    /// To the letter: `:exact`.
    Exactly,
}

/// A resource that is referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedReference {
    /// On the same server.
    Local {
        /// `None`: of any type.
        resource_type: Option<Box<str>>,
        /// Logical id.
        id: Box<str>,
        /// `None`: of any version or none.
        version: Option<Box<str>>,
    },
    /// Elsewhere, or by canonical address.
    Url {
        /// Address.
        url: Box<str>,
        /// `None`: of any version or none.
        version: Option<Box<str>>,
    },
}

/// A number and how it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedNumber {
    /// How.
    pub prefix: Prefix,
    /// For `eq` and `ne` what the digits may stand for (half of the last place either way), for `ap` a tenth either way,
    /// else the number itself.
    pub range: Interval,
    /// As written, without the prefix.
    pub written: Box<str>,
}

/// The unit of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub enum Unit {
    /// Not said: any.
    Any,
    /// `||mg`: the code or the word for the unit is this.
    Called(Box<str>),
    /// `|system|mg`.
    Coded {
        /// System of the code.
        system: Box<str>,
        /// Code.
        code: Box<str>,
        /// The range asked for in base units, when it is a unit of UCUM with a straight scale.
        canonical: Option<Canonical>,
    },
}

/// An address and how it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedUri {
    /// To the letter.
    Is(Box<str>),
    /// This one, and those below it: `:below`.
    Below(Box<str>),
    /// This one, and those above it: `:above`.
    Above(Box<str>),
}
