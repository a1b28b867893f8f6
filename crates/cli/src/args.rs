//! What may be said on the command line. The words beside each argument are its help page.

mod cards;
mod choices;
mod manage;
mod record;
mod serving;
mod sharing;

use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use cards::{Add, CardsVerb, Verify};
pub(crate) use choices::{day, kind_name, server};
pub(crate) use manage::{
    ConnectionsVerb, DidsVerb, DirectoryVerb, LanguageChoice, LookChange, MethodChoice, PeopleVerb, RelationChoice,
    Switch, ThemeChoice,
};
pub(crate) use record::{Filters, Listing, Search, Show};
pub(crate) use serving::{
    AppPasswordsVerb, ClientsVerb, ComparedChoice, ContactsVerb, FormatOfTrail, InboxVerb, IssuersVerb, MandatesVerb,
    RequestsVerb, Serve, TrailVerb,
};
pub(crate) use sharing::{Fhir, GrantsVerb};

/// A health wallet: your keys, your cards and your medical records, on this computer
#[derive(Debug, Parser)]
#[command(name = "satchel", version, arg_required_else_help = true, after_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What else is good to know, at the end of the first help page.
const AFTER: &str = "It ends with 0 for yes, 1 for no, 2 when it was not understood, 3 when it cannot tell.\n\
                     SATCHEL_HOME names the folder of the wallet, BROWSER the program that opens pages.";

/// Heading of what every verb takes.
const FOR_ALL: &str = "Options of every command";

/// What every verb takes.
#[derive(Debug, Clone, Default, Arguments)]
pub(crate) struct Global {
    /// Answer with one JSON document
    #[arg(long, global = true, help_heading = FOR_ALL)]
    pub(crate) json: bool,
    /// Read the passphrase from this file; it holds one line
    #[arg(long, global = true, help_heading = FOR_ALL, value_name = "FILE", conflicts_with = "passphrase_fd")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Read the passphrase from this open file descriptor
    #[arg(long, global = true, help_heading = FOR_ALL, value_name = "N")]
    pub(crate) passphrase_fd: Option<u32>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make your Satchel
    Init(Init),
    /// Open it again after "satchel lock"
    Unlock,
    /// Close it, here and in every window, until you unlock it
    Lock,
    /// Say where it stands
    Status,
    /// Whose records are kept here
    #[command(subcommand)]
    People(PeopleVerb),
    /// Your keys
    #[command(subcommand, visible_alias = "keys")]
    Dids(DidsVerb),
    /// Connect a health system and bring in your record
    Connect(Connect),
    /// Connected health systems
    #[command(subcommand)]
    Connections(ConnectionsVerb),
    /// Bring in what is new
    Pull(Pull),
    /// List your record
    List(Listing),
    /// Show one item with all its facts
    Show(Show),
    /// Search your whole record
    Search(Search),
    /// What is new, and your record at a glance
    Home,
    /// Health cards: hold, show, check
    #[command(subcommand, alias = "card")]
    Cards(CardsVerb),
    /// What others may have of your record
    #[command(subcommand)]
    Grants(GrantsVerb),
    /// What others ask for
    #[command(subcommand)]
    Requests(RequestsVerb),
    /// Open the server that others come to, until you stop it
    Serve(Serve),
    /// People and organizations you know
    #[command(subcommand)]
    Contacts(ContactsVerb),
    /// Mandates: what contacts let you have, and what you let them have
    #[command(subcommand)]
    Mandates(MandatesVerb),
    /// Programs that registered here
    #[command(subcommand)]
    Clients(ClientsVerb),
    /// Whom you trust to say who somebody is
    #[command(subcommand)]
    Issuers(IssuersVerb),
    /// Passwords of your own tools
    #[command(subcommand)]
    AppPasswords(AppPasswordsVerb),
    /// What others want to have in your record
    #[command(subcommand)]
    Inbox(InboxVerb),
    /// Who asked what, who had what, and when
    #[command(subcommand)]
    Trail(TrailVerb),
    /// Ask your record as a FHIR server would be asked
    Fhir(Fhir),
    /// The directory of health systems you brought in
    #[command(subcommand)]
    Directory(DirectoryVerb),
    /// What happened here
    Activity(Activity),
    /// Check the address of a health system step by step
    Doctor(Doctor),
    /// Language, theme and automatic locking of the window
    Look(LookChange),
    /// Print the script that lets your shell complete commands
    Completions(Completions),
}

/// First run.
#[derive(Debug, Arguments)]
pub(crate) struct Init {
    /// Your name, as you want to see it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Your date of birth, as 1974-05-03
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) birth_date: Option<String>,
    /// Protect it with a passphrase instead of this computer's key store
    #[arg(long)]
    pub(crate) passphrase: bool,
}

/// Connecting.
#[derive(Debug, Arguments)]
pub(crate) struct Connect {
    /// Address of the FHIR service; it starts with https://
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The client id that this health system gave you for Satchel
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Print the address to open instead of opening the browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Only connect; bring in nothing yet
    #[arg(long)]
    pub(crate) no_pull: bool,
}

/// Bringing in.
#[derive(Debug, Arguments)]
pub(crate) struct Pull {
    /// Name or id of the connection; all of them without it
    #[arg(value_name = "CONNECTION")]
    pub(crate) connection: Option<String>,
}

/// The trail.
#[derive(Debug, Arguments)]
pub(crate) struct Activity {
    /// Check the whole trail: is it unbroken?
    #[arg(long)]
    pub(crate) verify: bool,
    /// Entries to skip, from the newest
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: u32,
    /// Most entries to list
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) limit: u32,
}

/// The connection doctor.
#[derive(Debug, Arguments)]
pub(crate) struct Doctor {
    /// Address of the FHIR service
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
}

/// Completion scripts.
#[derive(Debug, Arguments)]
pub(crate) struct Completions {
    /// Your shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}
