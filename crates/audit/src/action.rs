use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The code stands for no action or outcome of this version.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the code is not known")]
pub struct UnknownCode;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code: camelCase, stable for ever.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

codes! {
    /// What happened.
    Action {
        /// The vault was made.
        VaultMade = "vaultMade",
        /// The vault was opened.
        Unlocked = "unlocked",
        /// The vault was closed.
        Locked = "locked",
        /// A person was added.
        PersonAdded = "personAdded",
        /// A person got another name.
        PersonRenamed = "personRenamed",
        /// A health system was connected.
        Connected = "connected",
        /// The owner signed in again.
        SignedInAgain = "signedInAgain",
        /// Connecting failed.
        LaunchFailed = "launchFailed",
        /// Items were brought in.
        Pulled = "pulled",
        /// Bringing in stopped early.
        PullStopped = "pullStopped",
        /// A health system was disconnected.
        Disconnected = "disconnected",
        /// A card was taken in.
        CardAdded = "cardAdded",
        /// A card was shown as a QR code.
        CardShown = "cardShown",
        /// A card was saved to a file.
        CardExported = "cardExported",
        /// A card was put into "Removed".
        CardRemoved = "cardRemoved",
        /// A card was taken back from "Removed".
        CardRestored = "cardRestored",
        /// A card was printed.
        CardPrinted = "cardPrinted",
        /// A document was saved to a file.
        DocumentSaved = "documentSaved",
        /// A DID was made.
        KeyMade = "keyMade",
        /// A DID was replaced by a new one.
        KeyRotated = "keyRotated",
        /// A DID was retired.
        KeyRetired = "keyRetired",
        /// A setting was changed.
        SettingChanged = "settingChanged",
        /// A directory was brought in.
        DirectoryImported = "directoryImported",
    }
}

codes! {
    /// Whether it worked.
    Outcome {
        /// It did.
        Done = "done",
        /// It was refused.
        Refused = "refused",
        /// It failed.
        Failed = "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_is_what_serde_writes() {
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
        for outcome in Outcome::ALL {
            assert_eq!(outcome.as_str().parse(), Ok(*outcome));
        }
        assert_eq!("".parse::<Action>(), Err(UnknownCode));
    }
}
