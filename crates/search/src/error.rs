use fhir::criteria::CriterionError;
use thiserror::Error;

/// Why a request was refused.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// Nothing by this type and id is in the view; whether it ever was is not told.
    #[error("the resource is not known")]
    NotKnown,
    /// FHIR R4 has no such resource type.
    #[error("the resource type is not known")]
    UnknownType,
    /// No such operation or address.
    #[error("the operation is not supported")]
    UnknownOperation,
    /// The address is known and takes another method.
    #[error("the method is not allowed here")]
    Method,
    /// Only JSON is written.
    #[error("only application/fhir+json is supported")]
    Format,
    /// The body is of a kind that is not read here.
    #[error("the media type of the body is not supported")]
    MediaType,
    /// The body cannot be read.
    #[error("the body is not what the operation takes")]
    Body,
    /// The query string is not encoded as it should be.
    #[error("the query is not percent-encoded text")]
    Encoding,
    /// [`limits::QUERY_BYTES`](crate::limits::QUERY_BYTES).
    #[error("the query is too long")]
    QueryLength,
    /// [`limits::BODY_BYTES`](crate::limits::BODY_BYTES).
    #[error("the body is too long")]
    BodyLength,
    /// [`limits::PARAMETERS`](crate::limits::PARAMETERS).
    #[error("there are too many parameters")]
    Parameters,
    /// [`limits::INCLUDES`](crate::limits::INCLUDES).
    #[error("there are too many includes")]
    Includes,
    /// [`limits::INCLUDED`](crate::limits::INCLUDED): the answer is cut there, and says so.
    #[error("there are more resources to include than an answer takes")]
    Included,
    /// [`limits::SORT_KEYS`](crate::limits::SORT_KEYS).
    #[error("there are too many sort keys")]
    SortKeys,
    /// [`limits::ENTRIES`](crate::limits::ENTRIES).
    #[error("there are too many entries")]
    Entries,
    /// [`limits::WORK`](crate::limits::WORK).
    #[error("the question would cost too much work")]
    Cost,
    /// What is asked cannot be read or answered.
    #[error(transparent)]
    Criterion(#[from] CriterionError),
    /// The value is no value of the parameter's kind.
    #[error("the value of the parameter cannot be read")]
    Value,
    /// Result parameters take no such modifier.
    #[error("the modifier is not supported")]
    Modifier,
    /// [`limits::VALUES`](crate::limits::VALUES).
    #[error("the parameter has too many values")]
    Values,
    /// The parameter cannot be sorted by.
    #[error("sorting by this parameter is not supported")]
    Sort,
    /// The page is of another question, of another view, or changed.
    #[error("the page is not known")]
    Page,
    /// The part of the specification is not supported.
    #[error("the parameter is not supported")]
    Unsupported,
    /// The entry would write.
    #[error("only reading is supported")]
    ReadOnly,
    /// The rights of the caller do not reach this.
    #[error("the request is not permitted")]
    Forbidden,
}

impl RequestError {
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::NotKnown | Self::UnknownType => 404,
            Self::Method | Self::ReadOnly => 405,
            Self::Format => 406,
            Self::MediaType => 415,
            Self::BodyLength => 413,
            Self::QueryLength => 414,
            Self::Forbidden => 403,
            Self::UnknownOperation => 404,
            Self::Page => 410,
            _ => 400,
        }
    }

    /// The code of the OperationOutcome (FHIR R4, IssueType).
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NotKnown => "not-found",
            Self::UnknownType
            | Self::UnknownOperation
            | Self::Method
            | Self::Format
            | Self::MediaType
            | Self::Sort
            | Self::Modifier
            | Self::Unsupported
            | Self::ReadOnly => "not-supported",
            Self::QueryLength | Self::BodyLength => "too-long",
            Self::Parameters
            | Self::Values
            | Self::Includes
            | Self::Included
            | Self::SortKeys
            | Self::Entries
            | Self::Cost => "too-costly",
            Self::Page => "expired",
            Self::Forbidden => "forbidden",
            Self::Criterion(error) => match error {
                CriterionError::TooManyValues
                | CriterionError::TooManyParameters
                | CriterionError::TooDeep
                | CriterionError::TooBroad => "too-costly",
                CriterionError::TooLong => "too-long",
                other if other.is_unsupported() => "not-supported",
                _ => "invalid",
            },
            Self::Encoding | Self::Body | Self::Value => "invalid",
        }
    }
}

/// A refusal, and the parameter that it is about, as the caller wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) error: RequestError,
    pub(crate) at: Option<Box<str>>,
}

impl Refusal {
    pub(crate) fn at(error: RequestError, parameter: &str) -> Self {
        Self { error, at: Some(parameter.chars().take(100).collect::<String>().into()) }
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        Self { error, at: None }
    }
}
