use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand, ValueEnum};

use super::choices::day;

/// The server.
#[derive(Debug, Arguments)]
pub(crate) struct Serve {
    /// Port on this computer; 0 takes any that is free
    #[arg(long, value_name = "PORT", conflicts_with = "address")]
    pub(crate) port: Option<u16>,
    /// Address and port that other computers reach, as 192.168.1.20:8731
    #[arg(long, value_name = "ADDRESS", requires = "tls_cert", requires = "tls_key")]
    pub(crate) address: Option<SocketAddr>,
    /// File with the certificate to show, PEM
    #[arg(long, value_name = "FILE", requires = "address")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// File with the key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "address")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Address that others use, when a proxy stands before this computer
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
}

/// Requests.
#[derive(Debug, Subcommand)]
pub(crate) enum RequestsVerb {
    /// List what others ask for
    List,
    /// Show one request: who asks, and for what
    Show {
        /// Id of the request
        #[arg(value_name = "REQUEST")]
        request: String,
    },
    /// Approve a request, as asked or narrowed
    Approve {
        /// Id of the request
        #[arg(value_name = "REQUEST")]
        request: String,
        /// File with the narrowed grant; - is standard input. Without it: as asked
        #[arg(long, value_name = "FILE", conflicts_with_all = ["days", "endless"])]
        grant: Option<PathBuf>,
        /// For how many days; 90 when nothing is said
        #[arg(long, value_name = "N", conflicts_with = "endless", value_parser = clap::value_parser!(u32).range(1..=3660))]
        days: Option<u32>,
        /// Until you end it
        #[arg(long)]
        endless: bool,
        /// Name or id of the person whose record it is; the person shown without it
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
        /// Leave out this scope that is not about resources, as offline_access
        #[arg(long, value_name = "SCOPE")]
        without: Vec<String>,
        /// Make signed tokens, which other servers can read by themselves
        #[arg(long)]
        signed_tokens: bool,
    },
    /// Ask back in one line of plain text, which they read when they look; nothing is decided by it
    AskBack {
        /// Id of the request
        #[arg(value_name = "REQUEST")]
        request: String,
        /// Your question; write nothing about your health
        #[arg(value_name = "TEXT")]
        text: String,
    },
    /// Refuse a request
    Refuse {
        /// Id of the request
        #[arg(value_name = "REQUEST")]
        request: String,
    },
}

/// Contacts.
#[derive(Debug, Subcommand)]
pub(crate) enum ContactsVerb {
    /// List whom you know
    List,
    /// Note somebody down, with what proves that it is them
    Add {
        /// What you call them
        #[arg(value_name = "NAME")]
        name: String,
        /// A proof: did:…, 'idToken ISSUER SUBJECT', 'credential TYPE ISSUER', 'client ID'
        #[arg(long, value_name = "PROOF", required = true)]
        proof: Vec<String>,
    },
    /// Make a contact card to give to somebody, or write the one that was made for them again
    Card {
        /// What you call them, or the id of the card that was made for them
        #[arg(value_name = "NAME")]
        name: String,
        /// Do not say in the card where your server is
        #[arg(long)]
        without_address: bool,
        /// File to write it to; it should end in .satchel-contact. Without one: standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Draw it as a code to scan, too
        #[arg(long)]
        qr: bool,
    },
    /// Take in a contact card that somebody gave you
    Read {
        /// The file, or a picture of its code; - is standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What to call them; without it as their card does
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Id of the card that you made for them, where theirs does not say it
        #[arg(long, value_name = "CARD")]
        answers: Option<String>,
    },
    /// List cards that were exchanged, with the codes to compare
    Cards,
    /// Say whether the code that you see is the one that they see
    Compare {
        /// Name or id of the card, as the list of cards shows it
        #[arg(value_name = "CARD")]
        card: String,
        /// What comparing brought
        #[arg(value_name = "RESULT")]
        result: ComparedChoice,
    },
    /// Take somebody out; what they were given stays
    Remove {
        /// Name or id of the contact
        #[arg(value_name = "CONTACT")]
        contact: String,
    },
    /// Refuse unseen whatever somebody asks from now on
    Block {
        /// Name or id of the contact
        #[arg(value_name = "CONTACT")]
        contact: String,
    },
}

/// What comparing brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ComparedChoice {
    /// The codes are the same: a contact from now on
    Same,
    /// The codes differ: somebody changed a card, it is refused
    Different,
}

/// Mandates: what you let a contact have, and what others let you have.
#[derive(Debug, Subcommand)]
pub(crate) enum MandatesVerb {
    /// List mandates that others gave you, or that you asked for
    List,
    /// Give a contact a mandate for the record shown
    Give {
        /// Name or id of the contact
        #[arg(value_name = "CONTACT")]
        contact: String,
        /// Until the end of this day, as 2027-06-30
        #[arg(long, value_name = "DAY", value_parser = day)]
        until: String,
        /// Everything but this topic; may stand more than once
        #[arg(long, value_name = "TOPIC", conflicts_with = "only")]
        except: Vec<String>,
        /// Nothing but this topic; may stand more than once
        #[arg(long, value_name = "TOPIC")]
        only: Vec<String>,
        /// Why, a code of PurposeOfUse
        #[arg(long, value_name = "CODE", default_value = "FAMRQT")]
        purpose: String,
        /// File to write the mandate to; it should end in .satchel-mandate. Without one: standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write a mandate that you gave once more
    Write {
        /// Id of the grant
        #[arg(value_name = "GRANT")]
        grant: String,
        /// File to write it to; it should end in .satchel-mandate. Without one: standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take a mandate, from a file or from the server of a contact
    Take {
        /// The file, or a picture of its code; - is standard input
        #[arg(value_name = "FILE", required_unless_present = "from", conflicts_with = "from")]
        file: Option<PathBuf>,
        /// Name or id of the contact whose server has it
        #[arg(long, value_name = "CONTACT")]
        from: Option<String>,
        /// Name or id of the person here whose record it is
        #[arg(long, value_name = "PERSON")]
        person: String,
    },
    /// Ask a contact for a mandate
    Ask {
        /// Name or id of the contact
        #[arg(value_name = "CONTACT")]
        contact: String,
        /// Address of their server, where their card does not say it
        #[arg(long, value_name = "ADDRESS")]
        address: Option<String>,
        /// Name or id of the person here whose record it is
        #[arg(long, value_name = "PERSON")]
        person: String,
        /// Wait until they have decided
        #[arg(long)]
        wait: bool,
    },
    /// Look whether they have decided about a mandate that you asked for
    Look {
        /// Id of the mandate
        #[arg(value_name = "MANDATE")]
        mandate: String,
    },
    /// Bring in what is new under a mandate, and show that record from now on
    Pull {
        /// Id of the mandate
        #[arg(value_name = "MANDATE")]
        mandate: String,
    },
    /// Hear from all givers whether their mandates hold, and whether something is to be erased
    Check,
    /// Erase everything that came under a mandate; its giver is told
    Erase {
        /// Id of the mandate
        #[arg(value_name = "MANDATE")]
        mandate: String,
    },
    /// Keep what came, although the giver asked to erase it; they are told
    Keep {
        /// Id of the mandate
        #[arg(value_name = "MANDATE")]
        mandate: String,
    },
}

/// Registered programs.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientsVerb {
    /// List programs that registered here
    List,
    /// Show one program
    Show {
        /// Name or id of the program
        #[arg(value_name = "CLIENT")]
        client: String,
    },
    /// Refuse unseen whatever it asks from now on, and end what it was given
    Block {
        /// Name or id of the program
        #[arg(value_name = "CLIENT")]
        client: String,
    },
    /// Forget it, and end what it was given
    Remove {
        /// Name or id of the program
        #[arg(value_name = "CLIENT")]
        client: String,
    },
}

/// Trusted issuers of identities and credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum IssuersVerb {
    /// List whom you trust to say who somebody is
    List,
    /// Trust an issuer
    Add {
        /// Its address, which starts with https://, or the DID of who issues credentials
        #[arg(value_name = "ISSUER")]
        issuer: String,
        /// What to call it
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Trust an issuer no more
    Remove {
        /// Its address or DID
        #[arg(value_name = "ISSUER")]
        issuer: String,
    },
}

/// The trail.
#[derive(Debug, Subcommand)]
pub(crate) enum TrailVerb {
    /// List what happened, with all that is known of it
    List {
        /// Only what was done under this grant
        #[arg(long, value_name = "GRANT")]
        grant: Option<String>,
        /// Entries to skip, from the newest
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: u32,
        /// Most entries to list
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Check the whole trail: is it unbroken?
    Verify,
    /// Write the whole trail to standard output; whoever has it can read it
    Export {
        /// How to write it
        #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
        format: FormatOfTrail,
    },
    /// Say what others could see on a day, and what they had
    Seen {
        /// The day, as 2027-03-03
        #[arg(long, value_name = "DAY", value_parser = day)]
        on: String,
    },
}

/// How the trail is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatOfTrail {
    /// An entry a line, with the signed head last
    Ndjson,
    /// FHIR AuditEvents
    AuditEvent,
}

/// App passwords.
#[derive(Debug, Subcommand)]
pub(crate) enum AppPasswordsVerb {
    /// List passwords of your own tools
    List,
    /// Make a password for a tool of yours; it is shown once
    Add {
        /// What to call the tool
        #[arg(value_name = "NAME")]
        name: String,
        /// Id of the grant it opens; without it: everything, to read
        #[arg(long, value_name = "GRANT")]
        grant: Option<String>,
    },
    /// Take a password back
    Remove {
        /// Name or id of the password
        #[arg(value_name = "PASSWORD")]
        password: String,
    },
}

/// The inbox.
#[derive(Debug, Subcommand)]
pub(crate) enum InboxVerb {
    /// List what others want to have in your record
    List,
    /// Take it into your record
    Accept {
        /// Id, as the list shows it
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Throw it away
    Discard {
        /// Id, as the list shows it
        #[arg(value_name = "ID")]
        id: String,
    },
}
