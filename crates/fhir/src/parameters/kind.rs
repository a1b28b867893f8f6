/// How a search parameter is searched (FHIR R4, "Search Parameter Types").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A number.
    Number,
    /// A date or time, or a period of them.
    Date,
    /// Text, where case and accents do not matter.
    String,
    /// A code, an identifier, a truth value.
    Token,
    /// A reference to a resource.
    Reference,
    /// Two or more of the others in one element.
    Composite,
    /// A number with a unit.
    Quantity,
    /// An address.
    Uri,
    /// By its own rules.
    Special,
}

impl Kind {
    /// By its code in the definitions.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "date" => Self::Date,
            "string" => Self::String,
            "token" => Self::Token,
            "reference" => Self::Reference,
            "composite" => Self::Composite,
            "quantity" => Self::Quantity,
            "uri" => Self::Uri,
            "special" => Self::Special,
            _ => return None,
        })
    }

    /// Its code in the definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::String => "string",
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Composite => "composite",
            Self::Quantity => "quantity",
            Self::Uri => "uri",
            Self::Special => "special",
        }
    }
}
