use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand, ValueEnum};

/// Grants.
#[derive(Debug, Subcommand)]
pub(crate) enum GrantsVerb {
    /// List what you gave
    List,
    /// Show one grant: what it gives now, and how it was used
    Show {
        /// Id of the grant
        #[arg(value_name = "GRANT")]
        grant: String,
    },
    /// End a grant, for ever
    End {
        /// Id of the grant
        #[arg(value_name = "GRANT")]
        grant: String,
        /// Ask the contact to erase what they have, too
        #[arg(long)]
        ask_erase: bool,
    },
    /// Put a narrower grant in the place of one
    Narrow {
        /// Id of the grant
        #[arg(value_name = "GRANT")]
        grant: String,
        /// File with the narrower grant; - is standard input
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Write a grant as FHIR Consent, and its receipt, to standard output
    Export {
        /// Id of the grant
        #[arg(value_name = "GRANT")]
        grant: String,
        /// As the other side may have it: nothing of what is left out
        #[arg(long)]
        for_other_side: bool,
    },
    /// Say what a grant says, and what it would let out of your record
    Preview {
        /// File with the grant; - is standard input
        #[arg(long, value_name = "FILE")]
        grant: PathBuf,
    },
}

/// A FHIR request.
#[derive(Debug, Arguments)]
pub(crate) struct Fhir {
    /// How to ask
    #[arg(value_name = "METHOD", ignore_case = true)]
    pub(crate) method: MethodOfHttp,
    /// What to ask for: what stands behind the base of a FHIR address, as 'Observation?code=4548-4'
    #[arg(value_name = "TARGET")]
    pub(crate) target: String,
    /// File with the grant to answer under; without one you ask as yourself
    #[arg(long, value_name = "FILE")]
    pub(crate) grant: Option<PathBuf>,
    /// Say the status and the headers, too
    #[arg(long, short = 'i')]
    pub(crate) include: bool,
    /// Send this header, as 'Prefer: handling=strict'
    #[arg(long, short = 'H', value_name = "HEADER")]
    pub(crate) header: Vec<String>,
    /// File with the body to send; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
}

/// How to ask.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MethodOfHttp {
    /// Read or search
    Get,
    /// The same without the body
    Head,
    /// Search with a form, or send a batch of requests
    Post,
}

impl MethodOfHttp {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
        }
    }
}
