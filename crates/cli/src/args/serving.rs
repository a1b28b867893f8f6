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

/// Trusted issuers of identities.
#[derive(Debug, Subcommand)]
pub(crate) enum IssuersVerb {
    /// List whom you trust to say who somebody is
    List,
    /// Trust an issuer
    Add {
        /// Its address; it starts with https://
        #[arg(value_name = "ISSUER")]
        issuer: String,
        /// What to call it
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Trust an issuer no more
    Remove {
        /// Its address
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
