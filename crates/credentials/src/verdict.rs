use jiff::Timestamp;
use serde::Serialize;

use crate::ReadError;

/// What is said of a card, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Why, from the closed list.
    pub reason: Reason,
    /// What the reason names: an RFC 3339 instant for the reasons about time, a host for
    /// [`Reason::SignedByAddress`].
    pub detail: Option<String>,
    /// Finer findings, the decisive one first.
    pub evidence: Vec<Evidence>,
    /// When the keys that were used had been fetched.
    pub keys_date: Option<Timestamp>,
}

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Word {
    /// The issuer signed it and it holds.
    Verified,
    /// It does not hold.
    NotVerified,
    /// It cannot be known here and now.
    CannotTell,
}

/// Why: the closed list that the screens have words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// The issuer signed it, and it has not been changed.
    SignedByIssuer,
    /// Signed by the owner of a web address that stands in no directory here.
    SignedByAddress,
    /// It was changed after it was signed.
    Changed,
    /// It is signed with a key the issuer does not have.
    ForeignKey,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// The issuer withdrew it.
    Withdrawn,
    /// It is signed in a way that is not allowed.
    ForbiddenAlgorithm,
    /// It is not a whole card: parts are missing or damaged.
    NotWhole,
    /// The issuer's keys are not here.
    KeysUnavailable,
    /// Whether it was withdrawn could not be checked.
    WithdrawalUnknown,
    /// This kind of card is not known here.
    UnknownKind,
    /// This computer's clock may be wrong.
    ClockMayBeWrong,
}

macro_rules! evidence {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// A finer finding, for experts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[non_exhaustive]
        pub enum Evidence {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Evidence {
            /// Every finding there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The finding as a code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

evidence! {
    /// The signature verifies by a key of the issuer.
    SignatureGood = "signatureGood",
    /// The signature does not verify by the key that it names.
    SignatureBad = "signatureBad",
    /// The issuer publishes no key of that `kid`.
    KidUnknown = "kidUnknown",
    /// The issuer's key is published under a `kid` that is not its thumbprint.
    KidNotThumbprint = "kidNotThumbprint",
    /// The issuer's key is not on P-256.
    KeyNotP256 = "keyNotP256",
    /// The issuer's key is not published for ES256 signatures.
    KeyNotForSigning = "keyNotForSigning",
    /// The keys given are another issuer's, or none.
    NoKeys = "noKeys",
    /// `iss` is not an https address.
    IssuerNotHttps = "issuerNotHttps",
    /// `iss` ends with a slash.
    IssuerTrailingSlash = "issuerTrailingSlash",
    /// `iss` does not read as an address, or carries a user, query or fragment.
    IssuerNotAnAddress = "issuerNotAnAddress",
    /// The time is past `exp`.
    PastExp = "pastExp",
    /// The time is before `nbf`.
    BeforeNbf = "beforeNbf",
    /// `exp` is before `nbf`: there is no time at which it holds.
    ExpBeforeNbf = "expBeforeNbf",
    /// The clock is behind the date of the keys.
    ClockBehindKeys = "clockBehindKeys",
    /// The `rid` stands on the issuer's list.
    RidListed = "ridListed",
    /// The `rid` is not one: too long or of other characters.
    RidMalformed = "ridMalformed",
    /// The issuer keeps a list for this key, and it is not here.
    ListMissing = "listMissing",
    /// The list here is older than the one that the issuer's key announces.
    ListStale = "listStale",
    /// The list was checked, and the card does not stand on it.
    ListChecked = "listChecked",
    /// `vc.type` does not name a health card.
    TypeMissing = "typeMissing",
    /// The content is not FHIR 4.0.
    FhirVersion = "fhirVersion",
    /// There is no FHIR bundle in it.
    BundleMissing = "bundleMissing",
    /// The bundle is neither a collection nor a document.
    BundleType = "bundleType",
    /// The bundle is a document where the specification says collection.
    BundleIsDocument = "bundleIsDocument",
    /// An entry of the bundle has no resource with a type.
    EntryWithoutResource = "entryWithoutResource",
    /// An entry has no `fullUrl`, or two share one.
    EntryAddress = "entryAddress",
    /// An entry's `fullUrl` is not of the form `resource:N`.
    EntryAddressLong = "entryAddressLong",
    /// The bundle has no entries.
    BundleEmpty = "bundleEmpty",
    /// The certificate of the key is past its validity.
    CertificateExpired = "certificateExpired",
    /// The certificate of the key is not valid yet.
    CertificateNotYetValid = "certificateNotYetValid",
    /// The first certificate is for another key.
    CertificateForOtherKey = "certificateForOtherKey",
    /// The certificate names another issuer.
    CertificateForOtherIssuer = "certificateForOtherIssuer",
    /// The chain of certificates is broken or does not read.
    CertificateChainBroken = "certificateChainBroken",
    /// Reading failed; the error says how.
    Unreadable = "unreadable",
}

impl Reason {
    /// Every reason there is.
    pub const ALL: [Self; 13] = [
        Self::SignedByIssuer,
        Self::SignedByAddress,
        Self::Changed,
        Self::ForeignKey,
        Self::Expired,
        Self::NotYetValid,
        Self::Withdrawn,
        Self::ForbiddenAlgorithm,
        Self::NotWhole,
        Self::KeysUnavailable,
        Self::WithdrawalUnknown,
        Self::UnknownKind,
        Self::ClockMayBeWrong,
    ];

    /// The word that goes with it.
    pub const fn word(self) -> Word {
        match self {
            Self::SignedByIssuer | Self::SignedByAddress => Word::Verified,
            Self::Changed
            | Self::ForeignKey
            | Self::Expired
            | Self::NotYetValid
            | Self::Withdrawn
            | Self::ForbiddenAlgorithm
            | Self::NotWhole => Word::NotVerified,
            Self::KeysUnavailable | Self::WithdrawalUnknown | Self::UnknownKind | Self::ClockMayBeWrong => {
                Word::CannotTell
            }
        }
    }

    /// The reason as a code, as the message files name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignedByIssuer => "signedByIssuer",
            Self::SignedByAddress => "signedByAddress",
            Self::Changed => "changed",
            Self::ForeignKey => "foreignKey",
            Self::Expired => "expired",
            Self::NotYetValid => "notYetValid",
            Self::Withdrawn => "withdrawn",
            Self::ForbiddenAlgorithm => "forbiddenAlgorithm",
            Self::NotWhole => "notWhole",
            Self::KeysUnavailable => "keysUnavailable",
            Self::WithdrawalUnknown => "withdrawalUnknown",
            Self::UnknownKind => "unknownKind",
            Self::ClockMayBeWrong => "clockMayBeWrong",
        }
    }
}

impl Verdict {
    pub(crate) fn new(reason: Reason, evidence: Evidence) -> Self {
        Self { reason, detail: None, evidence: vec![evidence], keys_date: None }
    }

    /// The word that goes with the reason.
    pub fn word(&self) -> Word {
        self.reason.word()
    }

    /// The verdict on what could not even be read.
    pub fn unreadable(error: &ReadError) -> Self {
        Self::new(error.reason(), Evidence::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_serialized_names_and_none_stands_twice() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
        for evidence in Evidence::ALL {
            assert_eq!(serde_json::to_value(evidence).unwrap(), evidence.code());
        }
        let codes: std::collections::BTreeSet<_> = Evidence::ALL.iter().map(|one| one.code()).collect();
        assert_eq!(codes.len(), Evidence::ALL.len());
    }
}
