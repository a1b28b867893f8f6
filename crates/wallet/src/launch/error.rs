use std::collections::BTreeMap;

use thiserror::Error;
use types::Whose;

/// Why a launch did not become a connection.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LaunchError {
    /// The system does not say how to sign in.
    #[error("the configuration cannot be used")]
    Configuration(#[source] smart::ConfigurationError),
    /// No port for the browser to come back to.
    #[error("no port could be opened on this computer")]
    Port(#[source] std::io::Error),
    /// The system's browser did not open.
    #[error("the browser did not open")]
    Browser(#[source] std::io::Error),
    /// The browser came back with something else than a code.
    #[error("the browser came back without a code")]
    Callback(#[source] smart::CallbackError),
    /// Nobody came back in time.
    #[error("nobody came back in time")]
    TimedOut,
    /// A request that cannot be made.
    #[error("the request cannot be made")]
    Client(#[source] smart::ClientError),
    /// The system registers no client.
    #[error("the client was not registered")]
    Registration(#[source] smart::RegistrationError),
    /// No token.
    #[error("the code bought no token")]
    Token(#[source] smart::TokenError),
    /// Who signed in is not proven.
    #[error("who signed in is not proven")]
    Identity(#[source] smart::IdentityError),
    /// Signed in again as, or for, somebody else.
    #[error("the sign-in is for another patient")]
    OtherPatient,
}

impl LaunchError {
    /// The code of the texts in the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Configuration(error) => error.code(),
            Self::Port(_) => "launch.port",
            Self::Browser(_) => "launch.browser",
            Self::Callback(error) => error.code(),
            Self::TimedOut => "launch.expired",
            Self::Client(error) => error.code(),
            Self::Registration(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Identity(error) => error.code(),
            Self::OtherPatient => "launch.otherPatient",
        }
    }

    /// Who erred.
    pub fn whose(&self) -> Whose {
        match self {
            Self::Configuration(error) => error.whose(),
            Self::Port(_) | Self::Browser(_) => Whose::Computer,
            Self::Callback(error) => error.whose(),
            Self::TimedOut | Self::OtherPatient => Whose::You,
            Self::Client(error) => error.whose(),
            Self::Registration(error) => error.whose(),
            Self::Token(error) => error.whose(),
            Self::Identity(error) => error.whose(),
        }
    }

    pub(crate) fn details(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}
