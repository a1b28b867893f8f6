//! SMART App Launch 2.2 as a client: discovery, standalone launch, tokens, and the plan of a pull.
//!
//! Its job: to say what to send and to judge what came back. Each step of a launch is a value that the next step
//! consumes; the caller sends the requests, opens the browser, keeps the tokens, and says what time it is.
//!
//! What it will not do: I/O, read a clock, draw random bytes, keep a client secret, or send a token anywhere but where
//! the server's own configuration says. EHR launch and backend services are not here.
//!
//! ```
//! use smart::{Client, Configuration, Launch, Redirect, Scopes};
//! use types::{Secret, ServerUrl};
//!
//! let base = ServerUrl::parse("https://ehr.example.org/fhir")?;
//! let document = br#"{
//!     "authorization_endpoint": "https://login.example.org/authorize",
//!     "token_endpoint": "https://login.example.org/token",
//!     "code_challenge_methods_supported": ["S256"],
//!     "capabilities": ["launch-standalone", "permission-v2"]
//! }"#;
//! let configuration = Configuration::parse(document, &base)?;
//! let scopes = Scopes::for_launch(&configuration);
//! let client = Client::Public { id: "satchel".into() };
//! let now = "2026-11-21T10:00:00Z".parse::<jiff::Timestamp>()?;
//! let random = Secret::new([7; 96]);
//! let (address, waiting) =
//!     Launch::begin(&configuration, client, Redirect::loopback(49152), scopes, &random, now)?;
//! assert!(address.as_str().starts_with("https://login.example.org/authorize?response_type=code"));
//! // The browser goes to `address`; what it brings back is checked against `waiting`.
//! assert_eq!(waiting.callback("code=1&state=foreign", now).unwrap_err().code(), "launch.stateMismatch");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod capability;
mod client;
mod code;
mod configuration;
pub mod doctor;
mod endpoint;
mod id_token;
mod launch;
pub mod plan;
mod refusal;
mod registration;
mod scope;
pub mod token;

pub use answer::Answer;
pub use capability::{Capability, CapabilityError, OauthUris, Offered};
pub use client::{Assertion, Client, ClientError, Proof};
pub use code::CODES;
pub use configuration::{Configuration, ConfigurationError, Found};
pub use id_token::{
    Expected, ID_TOKEN_ALGORITHMS, IdToken, IdTokenError, Identity, IdentityError, KeysAt, UncheckedIdentity,
};
pub use launch::{CallbackError, Code, LAUNCH_LIFE, Launch, Redirect, Waiting};
pub use refusal::{Refusal, RefusalKind};
pub use registration::{Registration, RegistrationError};
pub use scope::{Scope, Scopes};
pub use token::{Granted, RefreshError, TokenError, Tokens};
