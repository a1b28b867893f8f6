use types::{ClientId, GrantId};

/// Something that no row tells of and that the trail is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Tokens of a grant were made.
    Issued {
        /// Of which grant.
        grant: GrantId,
        /// For which client.
        client: ClientId,
        /// `aud`.
        audience: String,
        /// How many: one, or two with the refresh token.
        tokens: u32,
    },
    /// A resource server that is let in looked a token up.
    Introspected {
        /// Which resource server.
        server: ClientId,
        /// Of which grant the token was; `None`: it opens nothing there.
        grant: Option<GrantId>,
    },
}
