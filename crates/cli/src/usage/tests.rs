use std::collections::BTreeSet;

use super::*;

fn keys(command: &Command, path: &str, out: &mut BTreeSet<String>) {
    for argument in command.get_arguments() {
        let name = argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"));
        let shared = argument.is_global_set() || matches!(name.as_str(), "--help" | "--version");
        out.insert(if shared { name } else { format!("{path} {name}").trim().to_owned() });
    }
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let below = format!("{path} {}", sub.get_name()).trim().to_owned();
        out.insert(below.clone());
        keys(sub, &below, out);
    }
}

#[test]
fn the_arguments_fit_together() {
    Args::command().debug_assert();
    command(Words::of(Language::Spanish)).debug_assert();
}

#[test]
fn every_verb_and_argument_has_help_in_both_languages() {
    let mut built = Args::command();
    built.build();
    let mut wanted = BTreeSet::from(["satchel".to_owned(), "help".to_owned(), "after".to_owned()]);
    keys(&built, "", &mut wanted);
    let there: BTreeSet<String> = spanish_help().keys().cloned().collect();
    assert_eq!(wanted.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "no Spanish");
    assert_eq!(there.difference(&wanted).collect::<Vec<_>>(), Vec::<&String>::new(), "not asked for");
    fn walk(command: &Command) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
        command.get_subcommands().filter(|sub| sub.get_name() != "help").for_each(walk);
    }
    walk(&built);
}
