//! The command line itself: its help in the language of the terminal, and what is said when it is not understood.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};
use wallet::views::{ErrorView, Whose};
use wallet::words::Language;

use crate::args::Args;
use crate::exit::Exit;
use crate::print;
use crate::words::{Words, spanish_help};

/// The command line in the language of the terminal.
pub(crate) fn command(words: Words) -> Command {
    match words.language() {
        Language::English => Args::command(),
        Language::Spanish => {
            // Built first, so that the help flag and the help verb, which the parser adds itself, are there.
            let mut command = Args::command();
            command.build();
            spanish(command, "")
        }
    }
}

/// What was asked for, as values.
pub(crate) fn parsed(matches: &ArgMatches) -> Result<Args, clap::Error> {
    Args::from_arg_matches(matches)
}

/// Help and version go to standard output; a command line that is not understood is answered on standard error, or as
/// JSON where that was asked for.
pub(crate) fn answer(error: &clap::Error, arguments: &[OsString], words: Words) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match print::out(&error.render().to_string()) {
            Ok(()) => return Exit::Yes,
            Err(error) => print::err(&error.to_string()),
        },
        _ if arguments.iter().any(|argument| argument == "--json") => {
            let view = view(error);
            if let Err(error) = print::document(&serde_json::json!({ "error": view })) {
                print::err(&error.to_string());
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => print::err(&error.render().to_string()),
        _ if words.language() == Language::Spanish => print::err(&in_spanish(error, words)),
        _ => print::err(error.render().to_string().trim_end()),
    }
    Exit::Usage
}

fn view(error: &clap::Error) -> ErrorView {
    let text = error.render().to_string();
    ErrorView {
        code: "cli.usage".to_owned(),
        whose: Whose::You,
        details: std::collections::BTreeMap::new(),
        evidence: text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    }
}

/// What is not understood, and how it is meant to be.
fn in_spanish(error: &clap::Error, words: Words) -> String {
    let named = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let argument = named(ContextKind::InvalidArg);
    let value = named(ContextKind::InvalidValue);
    let said = match error.kind() {
        ErrorKind::UnknownArgument => words.fill("usage.unknownArgument", &[("argument", &argument)]),
        ErrorKind::InvalidSubcommand => {
            words.fill("usage.unknownVerb", &[("verb", &named(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if !value.is_empty() => {
            words.fill("usage.value", &[("value", &value), ("argument", &argument)])
        }
        ErrorKind::MissingRequiredArgument => words.fill("usage.missing", &[("argument", &argument)]),
        ErrorKind::ArgumentConflict => words.fill("usage.conflict", &[("argument", &argument)]),
        _ => words.text("usage.other").to_owned(),
    };
    format!("{said} {}", words.text("usage.see"))
}

fn spanish(command: Command, path: &str) -> Command {
    let texts = spanish_help();
    let text = |key: &str| texts.get(key).cloned();
    let mut command = command.mut_args(|argument| {
        let name = argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"));
        let heading = match argument.is_positional() {
            true => "Argumentos",
            false if argument.is_global_set() => "Opciones de todas las órdenes",
            false => "Opciones",
        };
        match text(format!("{path} {name}").trim()).or_else(|| text(&name)) {
            Some(help) => argument.help(help).help_heading(heading),
            None => argument,
        }
    });
    if let Some(after) = text("after").filter(|_| path.is_empty()) {
        command = command.after_help(after);
    }
    let own = if path.is_empty() { "satchel" } else { path };
    if let Some(about) = text(own).or_else(|| text(command.get_name())) {
        command = command.about(about);
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names.into_iter().filter(|_| !path.ends_with("help")) {
        let below = format!("{path} {name}").trim().to_owned();
        command = command.mut_subcommand(name, |sub| spanish(sub, &below));
    }
    command
        .subcommand_help_heading("Qué puede hacer")
        .help_template("{about-with-newline}\nUso: {usage}\n\n{all-args}{after-help}")
}

#[cfg(test)]
mod tests;
