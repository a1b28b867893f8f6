use std::process::Stdio;

use crate::Home;

#[test]
fn what_is_not_understood_ends_with_two() {
    let home = Home::new();
    for line in [
        &["frobnicate"][..],
        &["list", "potions"],
        &["list", "--from", "yesterday"],
        &["list", "--limit", "0"],
        &["list", "--limit", "501"],
        &["pull", "a", "b"],
        &["cards", "verify"],
        &["cards", "verify", "x", "--at", "soon"],
        &["cards", "verify", "x", "--crl", "list.json"],
        &["show"],
        &["init", "--birth-date", "1974-02-31"],
        &["status", "--passphrase-file", "a", "--passphrase-fd", "3"],
        &["init", "--passphrase", "correct horse battery"],
        &["serve", "--port", "http"],
        &["serve", "--port", "70000"],
        &["serve", "--address", "192.168.1.20:8731"],
        &["serve", "--tls-cert", "a.pem", "--tls-key", "a.key"],
        &["requests"],
        &["requests", "approve"],
        &["requests", "ask-back", "r"],
        &["requests", "approve", "r", "--days", "0"],
        &["requests", "approve", "r", "--days", "3", "--endless"],
        &["requests", "approve", "r", "--grant", "g.json", "--days", "3"],
        &["grants", "narrow", "g"],
        &["contacts", "add", "Dr. Lee"],
        &["issuers", "add", "https://id.example"],
        &["trail", "seen"],
        &["trail", "seen", "--on", "yesterday"],
        &["trail", "export", "--format", "csv"],
        &["app-passwords", "add"],
        &["inbox", "accept"],
        &[],
    ] {
        let answer = home.run(line);
        assert_eq!(answer.code, 2, "{line:?}: {}", answer.err);
        assert!(answer.out.is_empty() && !answer.err.is_empty(), "{line:?}");
    }
}

#[test]
fn a_script_gets_usage_errors_as_json() {
    let answer = Home::new().run(&["list", "potions", "--json"]);
    assert_eq!((answer.code, answer.error().as_str()), (2, "cli.usage"));
    assert!(answer.json()["error"]["evidence"].as_str().unwrap().contains("potions"));
}

#[test]
fn help_and_version_are_answers() {
    let home = Home::new();
    for line in [&["--help"][..], &["help", "cards"], &["cards", "verify", "--help"], &["--version"]] {
        let answer = home.run(line);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{line:?}");
        assert!(!answer.out.is_empty() && !answer.out.contains('\u{1b}'), "{line:?}");
    }
}

#[test]
fn the_terminal_says_the_language() {
    let home = Home::new();
    let run = |arguments: &[&str], name: &str, locale: &str| {
        crate::answer(home.command(arguments).env_remove("LC_ALL").env(name, locale).output().unwrap())
    };
    assert!(run(&["--help"], "LANG", "es_MX.UTF-8").out.contains("Cerrarlo, aquí y en todas las ventanas"));
    assert!(run(&["cards", "help", "verify"], "LANG", "es_ES").out.contains("Opciones"));
    assert!(run(&["list", "pociones"], "LC_ALL", "es_ES").err.contains("no vale para"));
    assert!(run(&["status"], "LC_MESSAGES", "es").out.contains("todavía no hay un Satchel"));
    assert!(run(&["status"], "LANG", "de_DE").out.contains("There is no Satchel here yet"));
}

#[test]
fn every_shell_gets_its_completions() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let answer = home.run(&["completions", shell]);
        assert_eq!(answer.code, 0, "{shell}");
        assert!(answer.out.contains("satchel") && answer.out.contains("connections"), "{shell}");
        assert!(answer.out.contains("app-passwords") && answer.out.contains("signed-tokens"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let home = Home::new();
    let mut child = home.command(&["completions", "zsh"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}
