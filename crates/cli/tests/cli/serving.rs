//! Whom the owner knows and trusts, what they gave, and what the trail says of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;

use serde_json::Value;

use crate::{Home, answer};

fn json(home: &Home, arguments: &[&str]) -> Value {
    let answer = home.open(&[arguments, &["--json"]].concat());
    assert_eq!(answer.code, 0, "{arguments:?}: {}{}", answer.out, answer.err);
    answer.json()
}

#[test]
fn contacts_and_issuers_are_noted_down_and_taken_out() {
    let home = Home::new();
    home.init();
    let added =
        json(&home, &["contacts", "add", "Dr. Amara Lee", "--proof", "did:key:z6Mk", "--proof", "client cli_1"]);
    assert_eq!(added[0]["proofs"].as_array().unwrap().len(), 2);
    assert_eq!(home.open(&["contacts", "add", "Nobody", "--proof", "trust me", "--json"]).error(), "contact.notAProof");
    assert_eq!(home.open(&["contacts", "add", "Me", "--proof", "owner", "--json"]).error(), "contact.notAProof");
    assert_eq!(json(&home, &["contacts", "block", "dr. amara lee"])[0]["blocked"], true);
    assert_eq!(json(&home, &["contacts", "remove", "Dr. Amara Lee"]).as_array().unwrap().len(), 0);
    assert!(home.open(&["contacts", "list"]).out.contains("There are no contacts here."));

    let issuer = "https://id.example.org";
    assert_eq!(json(&home, &["issuers", "add", issuer, "--name", "City ID"])[0]["issuer"], issuer);
    assert_eq!(home.open(&["issuers", "add", "http://id.example.org", "--name", "x", "--json"]).code, 1);
    assert_eq!(json(&home, &["issuers", "remove", issuer]).as_array().unwrap().len(), 0);
    // Who issues credentials is named by a DID.
    let board = "did:web:board.example";
    assert_eq!(json(&home, &["issuers", "add", board, "--name", "The board"])[0]["issuer"], board);
    assert_eq!(json(&home, &["issuers", "remove", board]).as_array().unwrap().len(), 0);
    assert_eq!(home.open(&["issuers", "remove", issuer, "--json"]).error(), "id.unknown");

    let told = json(&home, &["trail", "list"]);
    let actions: Vec<&str> =
        told["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    for (action, times) in
        [("contactAdded", 1), ("contactBlocked", 1), ("contactRemoved", 1), ("issuerTrusted", 2), ("issuerRemoved", 2)]
    {
        assert_eq!(actions.iter().filter(|told| **told == action).count(), times, "{action}: {actions:?}");
    }
}

#[test]
fn what_was_given_is_listed_ended_saved_and_looked_back_at() {
    let home = Home::new();
    home.init();
    assert!(home.open(&["requests", "list"]).out.contains("Nobody asks for anything."));
    assert_eq!(home.open(&["requests", "show", "req_0", "--json"]).error(), "id.unknown");
    let made = json(&home, &["app-passwords", "add", "My spreadsheet"]);
    let (share, password) = (made["made"]["share"].as_str().unwrap(), made["password"].as_str().unwrap());
    assert_eq!(password.len(), 43);
    let listed = home.open(&["app-passwords", "list"]);
    assert!(listed.out.contains("My spreadsheet") && !listed.out.contains(password), "{}", listed.out);
    assert_eq!(json(&home, &["grants", "list"])[0]["id"], share);
    let saved = json(&home, &["grants", "export", share]);
    assert_eq!(
        (saved["consent"]["resourceType"].as_str(), saved["receipt"]["jti"].as_str()),
        (Some("Consent"), Some(share))
    );
    assert_eq!(saved["signed"].as_str().unwrap().split('.').count(), 3);
    assert!(json(&home, &["grants", "end", share])["ended"].is_string());
    assert_eq!(json(&home, &["app-passwords", "list"]).as_array().unwrap().len(), 0, "it goes with its grant");
    assert_eq!(json(&home, &["grants", "show", share])["share"]["whyEnded"], "owner");

    assert_eq!(home.open(&["trail", "verify"]).code, 0);
    assert!(home.open(&["trail", "seen", "--on", "2020-02-29"]).out.contains("Nobody could see anything"));
    let lines = home.open(&["trail", "export"]).out;
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    let before: Value = serde_json::from_str(lines.lines().rev().nth(1).unwrap()).unwrap();
    assert_eq!(last["head"]["hash"], before["hash"]);
    let bundle = json(&home, &["trail", "export", "--format", "audit-event"]);
    assert!(bundle["entry"].as_array().unwrap().iter().all(|entry| entry["resource"]["resourceType"] == "AuditEvent"));
}

#[cfg(unix)]
#[test]
fn the_server_answers_until_it_is_stopped() {
    let home = Home::new();
    home.init();
    let file = home.path("passphrase").display().to_string();
    let mut child = home.command(&["serve", "--port", "0", "--json", "--passphrase-file", &file]).spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let opened: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((opened["on"].as_bool(), opened["beyondThisComputer"].as_bool()), (Some(true), Some(false)));
    let address = opened["fhir"].as_str().unwrap().strip_prefix("http://").unwrap().split('/').next().unwrap();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    };
    assert!(ask("/fhir/Patient").starts_with("HTTP/1.1 401"), "{}", ask("/fhir/Patient"));
    assert!(ask("/fhir/.well-known/smart-configuration").starts_with("HTTP/1.1 200"));
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let ended = answer(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(serde_json::from_str::<Value>(&rest).unwrap()["on"], false);
    assert!(TcpStream::connect(address).is_err());
    let told = json(&home, &["trail", "list"]);
    let actions: Vec<&str> =
        told["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert!(actions.contains(&"serverStarted") && actions.contains(&"serverStopped"), "{actions:?}");
}
