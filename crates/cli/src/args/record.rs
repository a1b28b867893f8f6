use std::ffi::OsString;

use clap::Args as Arguments;

use super::choices::{KindChoice, day};

/// Listing the record.
#[derive(Debug, Arguments)]
pub(crate) struct Listing {
    /// Only this kind
    #[arg(value_name = "KIND")]
    pub(crate) kind: Option<KindChoice>,
    /// Only items with these words
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    pub(crate) words: String,
    #[command(flatten)]
    pub(crate) filters: Filters,
}

/// Searching the record.
#[derive(Debug, Arguments)]
pub(crate) struct Search {
    /// Words to search for, in everything
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) words: Vec<String>,
    /// Only this kind
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<KindChoice>,
    #[command(flatten)]
    pub(crate) filters: Filters,
}

/// What narrows a list.
#[derive(Debug, Arguments)]
pub(crate) struct Filters {
    /// From this day on, as 2027-05-03
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) from: Option<String>,
    /// Up to this day
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) to: Option<String>,
    /// Only from this connection, by name or id
    #[arg(long, value_name = "CONNECTION")]
    pub(crate) source: Option<String>,
    /// Only the newest result of each test
    #[arg(long)]
    pub(crate) newest_of_each: bool,
    /// Most rows to list
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) limit: u32,
    /// Rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
}

/// Showing one item.
#[derive(Debug, Arguments)]
pub(crate) struct Show {
    /// Id of the item as a list gives it, its kind before it or not; or its name at the source, as Observation/123
    #[arg(value_name = "ITEM")]
    pub(crate) item: String,
    /// Save a file of a document: its number as shown, and where to
    #[arg(long, num_args = 2, value_names = ["INDEX", "FILE"])]
    pub(crate) save: Option<Vec<OsString>>,
    /// Show the original, as it was sent
    #[arg(long, conflicts_with = "save")]
    pub(crate) original: bool,
}
