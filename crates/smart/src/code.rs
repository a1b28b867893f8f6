/// Gives an error enum its `code` (a key of the message files) and its `whose`.
macro_rules! coded {
    ($error:ty { $($pattern:pat => $code:literal $whose:ident,)* }) => {
        impl $error {
            /// The code the message files know.
            pub fn code(&self) -> &'static str {
                match self {
                    $($pattern => $code,)*
                }
            }

            /// Who erred.
            pub fn whose(&self) -> types::Whose {
                match self {
                    $($pattern => types::Whose::$whose,)*
                }
            }

            #[cfg(test)]
            pub(crate) const ALL: &'static [&'static str] = &[$($code,)*];
        }
    };
}

pub(crate) use coded;

/// Every code an error of this crate can give. Findings of the doctor have their own list,
/// [`doctor::CODES`](crate::doctor::CODES).
pub const CODES: &[&str] = &[
    "discovery.notFound",
    "discovery.status",
    "discovery.html",
    "discovery.notJson",
    "discovery.noSmart",
    "discovery.noAuthorize",
    "discovery.noToken",
    "discovery.badAddress",
    "discovery.insecure",
    "discovery.intoThisComputer",
    "discovery.noS256",
    "discovery.endpointsApart",
    "capability.status",
    "capability.html",
    "capability.notJson",
    "capability.notCapability",
    "launch.tooLong",
    "launch.repeated",
    "launch.notACallback",
    "launch.noCode",
    "launch.stateMissing",
    "launch.stateMismatch",
    "launch.issuerMissing",
    "launch.issuerMismatch",
    "launch.expired",
    "launch.accessDenied",
    "launch.invalidRequest",
    "launch.invalidClient",
    "launch.invalidScope",
    "launch.unauthorizedClient",
    "launch.unsupportedResponseType",
    "launch.serverError",
    "launch.temporarilyUnavailable",
    "launch.loginRequired",
    "launch.refused",
    "client.proofMissing",
    "client.unsendable",
    "client.notKeyed",
    "token.empty",
    "token.html",
    "token.notJson",
    "token.status",
    "token.malformed",
    "token.noAccessToken",
    "token.wrongType",
    "token.noPatient",
    "token.badPatient",
    "token.accessDenied",
    "token.invalidRequest",
    "token.invalidClient",
    "token.invalidGrant",
    "token.invalidScope",
    "token.unauthorizedClient",
    "token.unsupportedGrantType",
    "token.serverError",
    "token.temporarilyUnavailable",
    "token.refused",
    "refresh.ended",
    "refresh.otherPatient",
    "identity.foreignIssuer",
    "identity.status",
    "identity.notJson",
    "identity.otherIssuer",
    "identity.noKeys",
    "idToken.malformed",
    "idToken.algorithm",
    "idToken.noKey",
    "idToken.badSignature",
    "idToken.wrongIssuer",
    "idToken.wrongAudience",
    "idToken.wrongParty",
    "idToken.expired",
    "idToken.notYetValid",
    "idToken.nonceMismatch",
    "idToken.noSubject",
    "registration.html",
    "registration.notJson",
    "registration.status",
    "registration.noClientId",
    "registration.wantsSecret",
    "registration.otherRedirect",
    "registration.invalidRedirectUri",
    "registration.invalidClientMetadata",
    "registration.softwareStatement",
    "registration.refused",
    "nextLink.notAnAddress",
    "nextLink.otherServer",
    "nextLink.loop",
    "nextLink.tooMany",
    "pull.notGranted",
    "pull.notOffered",
    "pull.refused",
    "pull.signInAgain",
    "pull.unsupported",
    "pull.gone",
    "pull.busy",
    "pull.serverError",
    "pull.unexpected",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::CODES;

    #[test]
    fn the_list_of_codes_is_whole_and_names_nothing_else() {
        let listed: BTreeSet<&str> = CODES.iter().copied().collect();
        assert_eq!(listed.len(), CODES.len(), "a code stands twice");
        let given: BTreeSet<&str> = [
            crate::ConfigurationError::ALL,
            crate::CapabilityError::ALL,
            crate::CallbackError::ALL,
            crate::ClientError::ALL,
            crate::TokenError::ALL,
            crate::RefreshError::OWN,
            crate::IdentityError::ALL,
            crate::IdTokenError::ALL,
            crate::RegistrationError::ALL,
            crate::plan::NextLinkError::ALL,
            crate::plan::WhyNot::ALL,
            crate::plan::GiveUp::ALL,
        ]
        .into_iter()
        .flatten()
        .copied()
        .collect();
        assert_eq!(listed, given);
    }
}
