//! Steps that need not wait for the disk: a ticket is drawn, exchanged for the next or for tokens, and nothing else
//! changes. They are in the log when they are answered, which outlasts the end of this process at any moment. A power cut
//! may take the last of them, and then a ticket that was spent would be there again: so no ticket outlasts the running of
//! the system it was last kept under. Tokens that a power cut takes open nothing, and are asked for again.
//!
//! The vault says under which running of the system tickets were kept without waiting. A process that finds another
//! there throws all tickets away; one that closes in good order, with everything on the disk, takes the note out. Where
//! the system does not say which running it is, every step waits for the disk.

use std::sync::OnceLock;

use authz::{Ledger, Row, Stored, Ticket, Token};
use vault::{Vault, Writing};

use crate::error::WalletError;

/// Setting with the running of the system.
const NOTE: &str = "authority.boot";
/// Where Linux names it: drawn anew whenever it starts.
#[cfg(target_os = "linux")]
const PLACE: &str = "/proc/sys/kernel/random/boot_id";

/// Which running of the system this is.
pub(super) fn running() -> Option<&'static str> {
    static RUNNING: OnceLock<Option<String>> = OnceLock::new();
    RUNNING.get_or_init(read).as_deref()
}

#[cfg(target_os = "linux")]
fn read() -> Option<String> {
    let Ok(text) = std::fs::read_to_string(PLACE) else { return None };
    let text = text.trim();
    (text.len() == 36).then(|| text.to_owned())
}

#[cfg(not(target_os = "linux"))]
fn read() -> Option<String> {
    None
}

/// Whether the note stands already; else it is written here, and the step has to wait for the disk. Tickets of another
/// running are thrown away.
pub(super) fn noted(
    writing: &mut Writing<'_>,
    ledger: &mut Ledger,
    running: Option<&str>,
) -> Result<bool, WalletError> {
    let found = writing.setting(NOTE)?.unwrap_or_default();
    let running = running.unwrap_or_default();
    if found == running {
        return Ok(true);
    }
    if !found.is_empty() {
        for hash in ledger.tickets.keys(|_| true) {
            ledger.tickets.remove(&hash);
        }
    }
    writing.set_setting(NOTE, running)?;
    Ok(false)
}

/// Takes the note out; with it everything is on the disk.
pub(super) fn leave(vault: &mut Vault) -> Result<(), WalletError> {
    if running().is_some() && vault.setting(NOTE)?.as_deref() == running() {
        vault.set_setting(NOTE, "")?;
    }
    Ok(())
}

/// Whether a power cut may take this change: whatever becomes of a ticket, and a token that is new.
pub(super) fn is_light(change: &Stored, before: Option<&str>) -> bool {
    match change.table.as_str() {
        Ticket::TABLE => true,
        Token::TABLE => before.is_none() && change.json.is_some(),
        _ => false,
    }
}
