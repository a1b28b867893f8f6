//! Clients: registration (RFC 7591) and authentication.
