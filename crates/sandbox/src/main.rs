//! `sandbox`: starts the demo health ecosystem and prints one line of JSON when it is ready.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use jiff::civil::Date;
use sandbox::people::Plan;
use sandbox::{FAULTS, Options, Sandbox, Setting};

// As the programs that ask it have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Starts invented people, an authorization server and two FHIR servers on this computer.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// First of seven ports in a row; 0 takes any that are free.
    #[arg(long, default_value_t = 4400)]
    port: u16,
    /// Serve the FHIR bundles of this folder instead of invented people.
    #[arg(long)]
    patients: Option<PathBuf>,
    /// The same seed gives the same people and keys.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many people to invent.
    #[arg(long, default_value_t = 6)]
    people: u32,
    /// Ages of the people, MIN..MAX; without it, the first five are always the same.
    #[arg(long, value_parser = years)]
    years: Option<(u16, u16)>,
    /// Exactly so many resources in the first person's record at Fenwick Valley.
    #[arg(long)]
    resources: Option<usize>,
    /// The day up to which lives are told; today by default.
    #[arg(long)]
    today: Option<Date>,
    /// A fault from the start: name[@valley|@larkspur][=value][*times]. May be given several times.
    #[arg(long, env = "SANDBOX_FAULTS", value_delimiter = ',', value_parser = Setting::parse)]
    fault: Vec<Setting>,
    /// How many seconds an access token lives.
    #[arg(long, default_value_t = 900)]
    token_seconds: i64,
    /// `iss` of the health cards, where it is not to be the server's own address.
    #[arg(long)]
    card_issuer: Option<String>,
    /// Prints the names of all faults and ends.
    #[arg(long)]
    list_faults: bool,
}

/// The text is not two ages.
#[derive(Debug, thiserror::Error)]
#[error("write two ages such as 30..70")]
struct NotYears;

fn years(text: &str) -> Result<(u16, u16), NotYears> {
    let (from, to) = text.split_once("..").ok_or(NotYears)?;
    let ends: (u16, u16) = (from.parse().map_err(|_| NotYears)?, to.parse().map_err(|_| NotYears)?);
    if ends.0 <= ends.1 && ends.1 <= 110 { Ok(ends) } else { Err(NotYears) }
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(io::stderr)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut cause: &dyn std::error::Error = error.as_ref();
            let mut words = cause.to_string();
            while let Some(next) = cause.source() {
                words = format!("{words}: {next}");
                cause = next;
            }
            tracing::error!("{words}");
            // With standard error gone there is no one left to tell.
            let _ = writeln!(io::stderr(), "sandbox: {words}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::stdout();
    if arguments.list_faults {
        for fault in FAULTS {
            writeln!(out, "{:<26} {:<7} {}", fault.name, fault.at, fault.what)?;
        }
        return Ok(());
    }
    let today = arguments.today.unwrap_or_else(|| jiff::Zoned::now().date());
    let Arguments { seed, people, years, resources, .. } = arguments;
    let options = Options {
        port: (arguments.port != 0).then_some(arguments.port),
        plan: Plan { seed, today, people, years, resources },
        patients: arguments.patients,
        faults: arguments.fault,
        access_seconds: arguments.token_seconds,
        card_issuer: arguments.card_issuer,
    };
    let running = Sandbox::start(options).await?;
    writeln!(out, "{}", serde_json::to_string(&running.ready())?)?;
    out.flush()?;
    asked_to_stop().await?;
    running.stop().await;
    Ok(())
}

/// Ends with Ctrl-C, and with the signal that ends services.
async fn asked_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut ending = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = ending.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
