//! What the owner decides: approve, narrow, refuse, end.
