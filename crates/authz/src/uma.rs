//! The UMA 2.0 grant: ticket to token.
