use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand, ValueEnum};

use super::choices::day;

/// People.
#[derive(Debug, Subcommand)]
pub(crate) enum PeopleVerb {
    /// List the people whose records are kept here
    List,
    /// Add a person, and show their record from now on
    Add {
        /// Their name
        #[arg(value_name = "NAME")]
        name: String,
        /// What they are to you
        #[arg(long, value_name = "RELATION", default_value = "other")]
        relation: RelationChoice,
        /// Their date of birth, as 2015-05-03
        #[arg(long, value_name = "DAY", value_parser = day)]
        birth_date: Option<String>,
    },
    /// Give a person another name
    Rename {
        /// Name or id of the person
        #[arg(value_name = "PERSON")]
        person: String,
        /// The new name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Erase a person with everything of theirs, for ever
    Erase {
        /// Name or id of the person
        #[arg(value_name = "PERSON")]
        person: String,
        /// Their name, exactly as it is shown, to confirm
        #[arg(long, value_name = "NAME")]
        confirm: String,
    },
    /// Show another person's record from now on
    Select {
        /// Name or id of the person
        #[arg(value_name = "PERSON")]
        person: String,
    },
}

/// What a person is to the owner.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RelationChoice {
    /// Your child
    Child,
    /// Your mother or father
    Parent,
    /// Your husband, wife or partner
    Partner,
    /// Anyone else
    Other,
}

/// Keys.
#[derive(Debug, Subcommand)]
pub(crate) enum DidsVerb {
    /// List your keys
    List,
    /// Make a key
    Make {
        /// What to call it
        #[arg(value_name = "NAME")]
        name: String,
        /// Which method
        #[arg(long, value_name = "METHOD", default_value = "key")]
        method: MethodChoice,
    },
    /// Give a key another name
    Rename {
        /// Name or id of the key
        #[arg(value_name = "KEY")]
        key: String,
        /// The new name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Replace a key by a new one; the old one is destroyed
    Rotate {
        /// Name or id of the key
        #[arg(value_name = "KEY")]
        key: String,
    },
    /// Retire a key: it is destroyed, its name stays in the list
    Retire {
        /// Name or id of the key
        #[arg(value_name = "KEY")]
        key: String,
    },
}

/// The DID method of a new key.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MethodChoice {
    /// did:key, Ed25519
    Key,
    /// did:jwk, P-256
    Jwk,
}

/// Connections.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionsVerb {
    /// List the connected health systems
    List,
    /// Give a connection another name
    Rename {
        /// Name or id of the connection
        #[arg(value_name = "CONNECTION")]
        connection: String,
        /// The new name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// End the permission there and wipe it here; what you have stays
    Disconnect {
        /// Name or id of the connection
        #[arg(value_name = "CONNECTION")]
        connection: String,
    },
    /// Sign in again, and bring in what is new
    SignIn {
        /// Name or id of the connection
        #[arg(value_name = "CONNECTION")]
        connection: String,
        /// Print the address to open instead of opening the browser
        #[arg(long)]
        no_browser: bool,
        /// Only sign in; bring in nothing yet
        #[arg(long)]
        no_pull: bool,
    },
    /// The report of the last time something was brought in
    Report {
        /// Name or id of the connection
        #[arg(value_name = "CONNECTION")]
        connection: String,
    },
}

/// The directory of health systems.
#[derive(Debug, Subcommand)]
pub(crate) enum DirectoryVerb {
    /// Bring in a directory: a file of user-access brands
    Import {
        /// The file, or "-" for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What to call it; one of the same name is replaced
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// Search by name or place
    Search {
        /// Words to search for; the first entries without them
        #[arg(value_name = "WORDS")]
        words: Vec<String>,
    },
}

/// Language, theme, locking. Without a choice, they are shown.
#[derive(Debug, Arguments)]
pub(crate) struct LookChange {
    /// Language of the window
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Option<LanguageChoice>,
    /// Theme of the window
    #[arg(long, value_name = "THEME")]
    pub(crate) theme: Option<ThemeChoice>,
    /// Minutes without use before it locks by itself; 0 is never
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(0..=1440))]
    pub(crate) auto_lock: Option<u32>,
    /// Whether "/" and "?" work as shortcuts in the window
    #[arg(long, value_name = "ON|OFF")]
    pub(crate) shortcuts: Option<Switch>,
}

/// A language of the window.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LanguageChoice {
    /// As this computer
    System,
    /// English
    En,
    /// Spanish
    Es,
}

/// A theme of the window.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ThemeChoice {
    /// As this computer
    System,
    /// Light
    Light,
    /// Dark
    Dark,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// On
    On,
    /// Off
    Off,
}
