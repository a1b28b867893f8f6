use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand};
use jiff::Timestamp;

use super::choices::moment;

/// What can be done with cards.
#[derive(Debug, Subcommand)]
pub(crate) enum CardsVerb {
    /// Add cards from files, pictures of QR codes, or text
    Add(Add),
    /// List your cards
    List {
        /// List those in "Removed" instead
        #[arg(long)]
        removed: bool,
    },
    /// Show one card: what it says, and whether it is genuine
    Show {
        /// Id of the card
        #[arg(value_name = "CARD")]
        card: String,
    },
    /// Draw the QR code of a card, to be scanned from the screen
    Qr {
        /// Id of the card
        #[arg(value_name = "CARD")]
        card: String,
        /// Save the drawing as SVG instead
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        /// Draw it in several smaller parts
        #[arg(long)]
        chunked: bool,
    },
    /// Save a card as a file
    Export {
        /// Id of the card
        #[arg(value_name = "CARD")]
        card: String,
        /// Where to; a file that is there already is left alone
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Move a card to "Removed", for 30 days
    Remove {
        /// Id of the card
        #[arg(value_name = "CARD")]
        card: String,
    },
    /// Take a card back from "Removed"
    Restore {
        /// Id of the card
        #[arg(value_name = "CARD")]
        card: String,
    },
    /// Fetch your cards from a connected health system
    Fetch {
        /// Name or id of the connection
        #[arg(value_name = "CONNECTION")]
        connection: String,
    },
    /// Check your cards again, with the issuer's newest keys
    Recheck {
        /// Id of the card; all of them without it
        #[arg(value_name = "CARD")]
        card: Option<String>,
    },
    /// Check a card without keeping it; needs no Satchel and no network
    Verify(Verify),
}

/// Taking cards in.
#[derive(Debug, Arguments)]
pub(crate) struct Add {
    /// Files, "-" for standard input, or the text of cards itself
    #[arg(value_name = "FILE|-|TEXT", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
}

/// Checking somebody's card.
#[derive(Debug, Arguments)]
pub(crate) struct Verify {
    /// Files, "-" for standard input, or the text of cards itself
    #[arg(value_name = "FILE|-|TEXT", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// The issuer's keys, as a JWKS file
    #[arg(long, value_name = "FILE")]
    pub(crate) issuer_keys: Option<PathBuf>,
    /// Address of the issuer the keys belong to; without it, of the issuer each card names
    #[arg(long, value_name = "ADDRESS", requires = "issuer_keys")]
    pub(crate) issuer: Option<String>,
    /// The issuer's list of withdrawn cards
    #[arg(long, value_name = "FILE", requires = "issuer_keys")]
    pub(crate) crl: Vec<PathBuf>,
    /// Check as of this moment instead of now, as 2022-06-01 or 2022-06-01T12:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub(crate) at: Option<Timestamp>,
    /// Open your Satchel and ask the issuer for its keys
    #[arg(long, conflicts_with_all = ["issuer_keys", "issuer", "crl", "at"])]
    pub(crate) fetch: bool,
}
