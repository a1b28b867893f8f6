//! Proof of possession (RFC 9449).
