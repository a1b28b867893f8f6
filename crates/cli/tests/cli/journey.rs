use crate::{Home, example, shown};

#[test]
fn a_wallet_under_a_passphrase_is_made_locked_refused_and_opened() {
    let home = Home::new();
    assert_eq!(home.run(&["status", "--json"]).json()["state"], "absent");
    assert_eq!(home.open(&["home", "--json"]).error(), "vault.absent");
    home.init();
    let again = home.open(&["init", "--name", "Second", "--json"]);
    assert_eq!((again.code, again.error().as_str()), (1, "vault.alreadyMade"));

    let status = home.run(&["status", "--json"]).json();
    assert_eq!((status["state"].as_str(), status["protection"].as_str()), (Some("locked"), Some("passphrase")));
    assert_eq!(home.open(&["people", "list", "--json"]).json()["people"][0]["name"], "Ines Calder");

    assert_eq!(home.run(&["lock"]).code, 0);
    let locked = home.run(&["status", "--json"]).json();
    assert_eq!(locked["locked"]["reason"], "asked");
    let refused = home.open(&["people", "list", "--json"]);
    assert_eq!((refused.code, refused.error().as_str()), (1, "vault.locked"));
    let told = home.open(&["home"]);
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert!(told.err.contains("Your Satchel is locked."), "{}", told.err);

    assert_eq!(home.open(&["unlock", "--json"]).json()["state"], "open");
    let trail = home.open(&["activity", "--verify", "--json"]);
    assert_eq!(trail.code, 0);
    assert!(trail.json()["brokenAt"].is_null() && trail.json()["entries"].as_u64().unwrap() > 3);
    let activity = home.open(&["activity", "--limit", "5", "--json"]).json();
    assert_eq!(
        (activity["entries"].as_array().unwrap().len(), activity["entries"][0]["action"].as_str()),
        (5, Some("unlocked"))
    );
}

#[test]
fn the_passphrase_comes_from_a_descriptor_and_a_wrong_one_is_refused() {
    let home = Home::new();
    home.init();
    let ok = home.fed(&["people", "list", "--passphrase-fd", "0"], b"correct horse battery\n");
    assert_eq!(ok.code, 0, "{}", ok.err);
    let wrong = home.fed(&["people", "list", "--passphrase-fd", "0", "--json"], b"incorrect horse\n");
    assert_eq!((wrong.code, wrong.error().as_str()), (1, "keychain.passphraseWrong"));
    assert!(!wrong.out.contains("horse"));
}

#[test]
fn a_broken_passphrase_file_is_told_as_such() {
    let home = Home::new();
    home.init();
    let run = |file: &str| home.run(&["people", "list", "--json", "--passphrase-file", file]).error();
    assert_eq!(run(&home.write("empty", "")), "cli.passphraseNotOneLine");
    assert_eq!(run(&home.write("two", "one\ntwo\n")), "cli.passphraseNotOneLine");
    assert_eq!(run(&home.write("binary", [0xff, 0xfe, 0x00])), "cli.passphraseNotOneLine");
    assert_eq!(run(&home.write("huge", vec![b'a'; 10 * 1024 * 1024])), "cli.passphraseNotOneLine");
    assert_eq!(run("nowhere"), "cli.passphraseUnreadable");
    assert_eq!(run(&home.path("").display().to_string()), "cli.passphraseUnreadable");
    assert_eq!(home.run(&["people", "list", "--json"]).error(), "cli.passphraseNoTerminal");
    assert_eq!(home.run(&["people", "list", "--json", "--passphrase-fd", "77"]).error(), "cli.passphraseUnreadable");
    let short = Home::new();
    let file = short.write("short", "too short\n");
    let refused = short.run(&["init", "--name", "Ines", "--passphrase-file", &file, "--json"]);
    assert_eq!((refused.code, refused.error().as_str()), (1, "passphrase.tooShort"));
    assert_eq!(short.run(&["status", "--json"]).json()["state"], "absent");
}

#[test]
fn people_and_keys_are_added_named_and_found_by_name() {
    let home = Home::new();
    home.init();
    let added =
        home.open(&["people", "add", "Leo", "--relation", "child", "--birth-date", "2015-05-03", "--json"]).json();
    assert_eq!(
        (added["people"][1]["relation"].as_str(), added["people"][1]["birthDate"].as_str()),
        (Some("child"), Some("2015-05-03"))
    );
    assert_eq!(home.open(&["people", "rename", "leo", "Leo Calder"]).code, 0);
    let selected = home.open(&["people", "select", "Leo Calder", "--json"]).json();
    assert_eq!(selected["current"], selected["people"][1]["id"]);
    assert_eq!(home.open(&["people", "select", "Nobody", "--json"]).error(), "id.unknown");
    assert_eq!(home.open(&["people", "select", "Ines Calder"]).code, 0);

    let keys = home.open(&["dids", "make", "Work", "--method", "jwk", "--json"]).json();
    let made = keys.as_array().unwrap().iter().find(|key| key["name"] == "Work").unwrap().clone();
    assert!(made["did"].as_str().unwrap().starts_with("did:jwk:"));
    let rotated = home.open(&["dids", "rotate", "Work", "--json"]).json();
    assert_eq!(rotated.as_array().unwrap().len(), 3);
    let old = rotated.as_array().unwrap().iter().find(|key| key["id"] == made["id"]).unwrap();
    assert!(old["retired"].is_string() && old["replacedBy"].is_string());
    assert_eq!(home.open(&["dids", "retire", "did_0000", "--json"]).error(), "id.unknown");
}

#[test]
fn an_empty_record_and_unknown_ids_are_answered() {
    let home = Home::new();
    home.init();
    let page = home.open(&["list", "labs", "--from", "2020-01-01", "--json"]).json();
    assert_eq!((page["total"].as_u64(), page["everything"].as_u64()), (Some(0), Some(0)));
    assert!(home.open(&["search", "blood", "sugar"]).out.contains("Nothing is here yet."));
    assert!(home.open(&["home"]).out.contains("The record of Ines Calder"));
    for line in [
        &["show", "itm_nope"][..],
        &["show", "lab/itm_0000000000000000000000000"],
        &["show", "Observation/123"],
        &["cards", "show", "crd_nope"],
        &["pull", "con_nope"],
        &["connections", "disconnect", "con_nope"],
        &["list", "--source", "con_nope"],
    ] {
        let answer = home.open(&[line, &["--json"]].concat());
        assert_eq!((answer.code, answer.error().as_str()), (1, "id.unknown"), "{line:?}");
    }
    assert_eq!(home.open(&["pull", "--json"]).error(), "cli.noConnection");
    assert_eq!(home.open(&["connect", "http://plain.example.org", "--json"]).error(), "address.notHttps");
}

#[test]
fn a_card_is_added_once_shown_drawn_saved_removed_and_brought_back() {
    let home = Home::new();
    let Some(file) = example("example-01-e-file.smart-health-card") else { return };
    home.init();
    let added = home.open(&["cards", "add", shown(&file), "--json"]);
    assert_eq!(added.code, 0, "{}", added.out);
    let id = added.json()["added"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(home.open(&["cards", "add", shown(&file), "--json"]).json()["already"][0]["id"], id.as_str());

    let told = home.open(&["cards", "show", &id]);
    assert!(told.out.contains("Cannot tell: the issuer") && told.out.contains("A card is not an ID."), "{}", told.out);
    let drawn = home.open(&["cards", "qr", &id]);
    assert!(drawn.out.lines().count() > 40 && drawn.out.contains('█') && !drawn.out.contains('\u{1b}'));
    let picture = home.path("card.svg").display().to_string();
    assert_eq!(home.open(&["cards", "qr", &id, "--svg", &picture]).code, 0);
    assert!(std::fs::read_to_string(&picture).unwrap().starts_with("<svg "));
    assert_eq!(home.open(&["cards", "qr", &id, "--svg", &picture, "--json"]).error(), "cli.fileExists");

    let saved = home.path("saved.smart-health-card").display().to_string();
    assert_eq!(home.open(&["cards", "export", &id, &saved]).code, 0);
    assert_eq!(home.open(&["cards", "export", &id, &saved, "--json"]).error(), "cli.fileExists");
    assert!(home.open(&["cards", "add", &saved, "--json"]).json()["already"][0]["id"] == id.as_str());

    assert_eq!(home.open(&["cards", "remove", &id]).code, 0);
    assert_eq!(home.open(&["cards", "list", "--json"]).json().as_array().unwrap().len(), 0);
    assert_eq!(home.open(&["cards", "list", "--removed", "--json"]).json()[0]["id"], id.as_str());
    assert_eq!(home.open(&["cards", "restore", &id]).code, 0);
    assert_eq!(home.open(&["cards", "list", "--json"]).json()[0]["id"], id.as_str());
}

#[test]
fn a_directory_is_brought_in_and_searched_without_the_vault() {
    let home = Home::new();
    assert_eq!(home.run(&["directory", "search", "clinic", "--json"]).json()["entries"], 0);
    let note = home.write("note.json", "{}");
    assert_eq!(home.run(&["directory", "import", &note, "--json"]).error(), "directory.notADirectory");
    let Some(folder) = testkit::shared("data/user-access-brands") else { return };
    let file = folder.join("Bundle-example2.json");
    let brought = home.run(&["directory", "import", shown(&file), "--json"]).json();
    assert!(brought["entries"].as_u64().unwrap() > 0, "{brought}");
    let name = brought["hits"][0]["name"].as_str().unwrap().to_owned();
    assert!(home.run(&["directory", "search", &name]).out.contains(brought["hits"][0]["address"].as_str().unwrap()));
}

#[test]
fn the_look_is_shown_and_changed() {
    let home = Home::new();
    home.init();
    assert_eq!(home.run(&["look", "--json"]).json()["autoLockMinutes"], 10);
    let changed =
        home.open(&["look", "--language", "es", "--theme", "dark", "--auto-lock", "0", "--shortcuts", "off", "--json"]);
    assert_eq!(changed.code, 0, "{}", changed.out);
    let look = home.run(&["look", "--json"]).json();
    assert_eq!(
        (look["language"].as_str(), look["autoLockMinutes"].as_u64(), look["singleKeyShortcuts"].as_bool()),
        (Some("es"), Some(0), Some(false))
    );
    assert_eq!(home.run(&["look", "--auto-lock", "1441"]).code, 2);
}
