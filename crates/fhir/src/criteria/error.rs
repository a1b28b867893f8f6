use thiserror::Error;

/// Why a search parameter cannot be read or answered.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CriterionError {
    /// FHIR R4 has no such resource type.
    #[error("the resource type is unknown")]
    UnknownType,
    /// The resource type has no such parameter.
    #[error("the search parameter is unknown for this resource type")]
    UnknownParameter,
    /// The modifier does not exist, or not for this kind of parameter.
    #[error("the modifier does not belong to this search parameter")]
    UnknownModifier,
    /// Understood, and no answer to it would be true: value sets and hierarchies of codes that are not at hand.
    #[error("the search cannot be answered truly here")]
    NotAnswerable,
    /// There is no value, or one of the values is empty.
    #[error("the search parameter has an empty value")]
    EmptyValue,
    /// A backslash before something that is not escaped.
    #[error("the value has an escape that does not exist")]
    BadEscape,
    /// Two letters before a number or date that are no prefix.
    #[error("the value has an unknown prefix")]
    UnknownPrefix,
    /// Not a number.
    #[error("the value is not a number")]
    BadNumber,
    /// Not `number`, `number|system|code` or `number||code`.
    #[error("the value is not a quantity")]
    BadQuantity,
    /// Not a date.
    #[error("the value is not a date")]
    BadDate,
    /// More than one `|`, or nothing on either side.
    #[error("the value is not a token")]
    BadToken,
    /// Neither an id, nor a type and id, nor an address.
    #[error("the value is not a reference")]
    BadReference,
    /// Not an address that has levels.
    #[error("the value is not an address")]
    BadUri,
    /// Neither `true` nor `false`.
    #[error("the value is neither true nor false")]
    BadBoolean,
    /// Not `latitude|longitude`, with a distance and its unit after it or not.
    #[error("the value is not a place and a distance")]
    BadPosition,
    /// More parts or fewer than the composite has.
    #[error("the value does not have the parts of this search parameter")]
    BadComposite,
    /// Something is followed that is no reference.
    #[error("the chain follows what is no reference")]
    NotAReference,
    /// The reference cannot lead to this type.
    #[error("the reference does not lead to this resource type")]
    WrongTarget,
    /// It would mean different things for different types: the type must be said (FHIR R4, "Chained parameters").
    #[error("the chain means different things for different resource types")]
    Ambiguous,
    /// `_has` without type, reference or parameter.
    #[error("the reverse chain is not complete")]
    BadHas,
    /// More than [`super::MAX_VALUES`].
    #[error("the search parameter lists too many values")]
    TooManyValues,
    /// More than [`super::MAX_PARAMETERS`].
    #[error("the query has too many search parameters")]
    TooManyParameters,
    /// Longer than [`super::MAX_VALUE_BYTES`] or [`super::MAX_KEY_BYTES`].
    #[error("the search parameter is too long")]
    TooLong,
    /// Follows more than [`super::MAX_CHAIN`] references.
    #[error("the chain is too deep")]
    TooDeep,
    /// Comes to more than [`super::MAX_BRANCHES`] single criteria.
    #[error("the chain leads to too many resource types")]
    TooBroad,
    /// Not the encoding of a query.
    #[error("the query is not encoded rightly")]
    BadEncoding,
}

impl CriterionError {
    /// What a server may pass over when it is asked to be lenient: parameters that it does not know or cannot answer.
    /// Everything else is a mistake in what is asked.
    pub fn is_unsupported(self) -> bool {
        matches!(self, Self::UnknownParameter | Self::UnknownModifier | Self::NotAnswerable)
    }
}

/// Why one resource is not enough for an answer.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum NotAlone {
    /// Chains and `_has`.
    #[error("other resources must be asked")]
    OtherResources,
    /// `_text`, `_content`, `_filter`.
    #[error("an index must be asked")]
    Index,
}
