use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::io;

use thiserror::Error;
use wallet::WalletError;
use wallet::views::{ErrorView, Whose};

use crate::exit::Exit;
use crate::input::FileError;
use crate::passphrase::PassphraseError;

/// Why a verb did not answer.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The wallet refused or failed.
    #[error("the wallet did not do it")]
    Wallet(#[from] WalletError),
    /// The wallet told of an error inside a view.
    #[error("the wallet told of an error")]
    Told(ErrorView),
    /// The passphrase could not be had.
    #[error("the passphrase could not be had")]
    Passphrase(#[from] PassphraseError),
    /// A file named on the command line.
    #[error("the file cannot be used")]
    File(#[from] FileError),
    /// Two things go by the name given.
    #[error("the name means more than one")]
    Ambiguous,
    /// Nothing is connected yet.
    #[error("there is no connection")]
    NoConnection,
    /// A choice on the command line that makes no sense together with the others.
    #[error("the arguments do not fit together")]
    Usage {
        /// Key of the text that says what is missing.
        code: &'static str,
    },
    /// The window of the terminal is too small.
    #[error("the terminal is too narrow")]
    Narrow {
        /// Columns that are needed.
        needed: usize,
        /// Columns there are.
        there: usize,
    },
    /// The person stopped it.
    #[error("it was stopped from the keyboard")]
    Interrupted,
    /// The system refused something the program cannot run without.
    #[error("the system refused")]
    System(#[source] io::Error),
    /// The answer could not be written.
    #[error("the answer could not be written")]
    Output(#[source] io::Error),
}

impl Failure {
    /// How the program ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            _ => Exit::No,
        }
    }

    /// The failure as a person is told of it.
    pub(crate) fn view(&self) -> ErrorView {
        match self {
            Self::Wallet(error) => error.view(),
            Self::Told(view) => view.clone(),
            _ => ErrorView {
                code: self.code().to_owned(),
                whose: self.whose(),
                details: self.details(),
                evidence: evidence(self),
            },
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Wallet(error) => error.code(),
            Self::Told(_) => "other",
            Self::Passphrase(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Ambiguous => "cli.ambiguous",
            Self::NoConnection => "cli.noConnection",
            Self::Usage { code } => code,
            Self::Narrow { .. } => "cli.narrow",
            Self::Interrupted => "cli.interrupted",
            Self::System(_) => "cli.system",
            Self::Output(_) => "cli.output",
        }
    }

    fn whose(&self) -> Whose {
        match self {
            Self::System(_) | Self::Output(_) => Whose::Computer,
            Self::File(error) => error.whose(),
            _ => Whose::You,
        }
    }

    fn details(&self) -> BTreeMap<String, String> {
        let pairs = match self {
            Self::File(error) => vec![("file", error.file())],
            Self::Passphrase(error) => error.file().map(|file| ("file", file)).into_iter().collect(),
            Self::Narrow { needed, there } => vec![("needed", needed.to_string()), ("there", there.to_string())],
            _ => Vec::new(),
        };
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The chain of causes.
fn evidence(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(below) = cause {
        text.push_str(": ");
        text.push_str(&below.to_string());
        cause = below.source();
    }
    text
}
