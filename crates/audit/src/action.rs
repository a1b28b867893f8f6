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
        /// A third party asked for access.
        Asked = "asked",
        /// It took its request back, or asked anew.
        Withdrawn = "withdrawn",
        /// The owner asked back.
        AskedBack = "askedBack",
        /// The owner approved, as asked or narrowed.
        Approved = "approved",
        /// The owner refused.
        Refused = "refused",
        /// A grant was replaced by a narrower one.
        Narrowed = "narrowed",
        /// A grant ended.
        Ended = "ended",
        /// A request of a third party was answered under a grant.
        Answered = "answered",
        /// A request of a third party was refused.
        Denied = "denied",
        /// A third party put a resource into the inbox.
        Offered = "offered",
        /// The owner took a resource from the inbox into the record.
        OfferAccepted = "offerAccepted",
        /// The owner threw a resource from the inbox away.
        OfferDiscarded = "offerDiscarded",
        /// A client registered.
        ClientRegistered = "clientRegistered",
        /// The owner blocked a client.
        ClientBlocked = "clientBlocked",
        /// A client went: by itself, by the owner, or unused for long.
        ClientRemoved = "clientRemoved",
        /// The owner noted somebody down.
        ContactAdded = "contactAdded",
        /// The owner changed what they noted of somebody.
        ContactChanged = "contactChanged",
        /// The owner blocked somebody.
        ContactBlocked = "contactBlocked",
        /// The owner took somebody out of the contacts.
        ContactRemoved = "contactRemoved",
        /// A key and a card were made for somebody.
        ContactCardMade = "contactCardMade",
        /// Somebody's card was taken in.
        ContactMet = "contactMet",
        /// The owner found the codes to compare to be the same.
        ContactCompared = "contactCompared",
        /// The owner found the codes to compare to differ.
        ContactMistaken = "contactMistaken",
        /// The owner asked for a mandate.
        MandateAsked = "mandateAsked",
        /// A mandate of another wallet was taken, or goes on narrower.
        MandateTaken = "mandateTaken",
        /// A mandate of another wallet was found to have ended, or was refused.
        MandateEnded = "mandateEnded",
        /// The owner asked the other side to erase what it has.
        EraseAsked = "eraseAsked",
        /// The other side said what became of that.
        EraseAnswered = "eraseAnswered",
        /// The giver of a mandate asked to erase what came under it.
        EraseHeard = "eraseHeard",
        /// The owner keeps it.
        EraseRefused = "eraseRefused",
        /// A source was erased with everything that came from it.
        SourceErased = "sourceErased",
        /// A person was erased with everything of theirs.
        PersonErased = "personErased",
        /// The owner trusts an issuer to say who somebody is.
        IssuerTrusted = "issuerTrusted",
        /// The owner trusts an issuer no more.
        IssuerRemoved = "issuerRemoved",
        /// A password for a tool of the owner's own was made.
        AppPasswordMade = "appPasswordMade",
        /// A password for a tool of the owner's own was taken away.
        AppPasswordRemoved = "appPasswordRemoved",
        /// Another resource server put a resource under the wallet.
        ResourceRegistered = "resourceRegistered",
        /// Another resource server took a resource away.
        ResourceRemoved = "resourceRemoved",
        /// A client was given a token of a grant.
        TokenIssued = "tokenIssued",
        /// Another resource server looked tokens up.
        Introspected = "introspected",
        /// The wallet's server was opened.
        ServerStarted = "serverStarted",
        /// The wallet's server was closed.
        ServerStopped = "serverStopped",
        /// The trail was saved to a file.
        TrailExported = "trailExported",
        /// A grant was saved to a file.
        GrantExported = "grantExported",
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
