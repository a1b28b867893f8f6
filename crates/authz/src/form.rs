use std::fmt;

use url::form_urlencoded;

use crate::{ErrorCode, OAuthError};

/// Parameters in `application/x-www-form-urlencoded`, of a body or a query.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Form(Vec<(String, String)>);

/// Most parameters of a request.
const MAX_PARAMETERS: usize = 100;

/// Parameters that may stand more than once (RFC 8707 §2, UMA 2.0 Grant §3.3.1).
const REPEATABLE: [&str; 1] = ["resource"];

impl Form {
    /// Reads them. A parameter without a value counts as not sent (RFC 6749 §3.1).
    ///
    /// # Errors
    /// `invalid_request` when there are too many, or one stands twice.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            if value.is_empty() {
                continue;
            }
            if pairs.len() == MAX_PARAMETERS {
                return Err(OAuthError::new(ErrorCode::InvalidRequest, "there are too many parameters"));
            }
            if !REPEATABLE.contains(&&*name) && pairs.iter().any(|(other, _)| **other == *name) {
                return Err(OAuthError::new(ErrorCode::InvalidRequest, "a parameter stands twice"));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// The parameter, when it was sent.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The parameter, which must be there.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.find(name).ok_or_else(|| OAuthError::new(ErrorCode::InvalidRequest, "a required parameter is missing"))
    }

    /// All values of a parameter that may stand more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The names, in the order sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl fmt::Debug for Form {
    /// The names alone: among the values are codes, passwords, tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_stands_twice_is_refused() {
        assert!(Form::parse("scope=a&scope=b").is_err());
        assert_eq!(Form::parse("resource=a&resource=b").unwrap().all("resource").count(), 2);
    }

    #[test]
    fn a_parameter_without_a_value_was_not_sent() {
        let form = Form::parse("state=&scope=a%20b").unwrap();
        assert_eq!(form.find("state"), None);
        assert_eq!(form.need("scope").unwrap(), "a b");
        assert!(form.need("state").is_err());
    }
}
