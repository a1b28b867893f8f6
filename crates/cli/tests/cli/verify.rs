use serde_json::{Value, json};

use crate::{Answer, Home, example, shown};

/// Before the only example that ends does so, after all of them began.
const MEANWHILE: &str = "2024-12-01";

/// Checks these inputs with the keys of the examples, and says word, reason and exit code.
fn checked(answer: &Answer) -> (i32, String, Vec<String>) {
    let json = answer.json();
    let reasons = |list: &str| -> Vec<String> {
        let list = json[list].as_array().unwrap();
        list.iter().map(|one| one["verdict"]["reason"].as_str().unwrap().to_owned()).collect()
    };
    (answer.code, json["word"].as_str().unwrap().to_owned(), [reasons("cards"), reasons("unreadable")].concat())
}

fn verify(inputs: &[&str], more: &[&str]) -> Option<(i32, String, Vec<String>)> {
    let home = Home::new();
    let keys = example("issuer/jwks.json")?;
    let answer = home.run(&[&["cards", "verify", "--json", "--issuer-keys", shown(&keys)], inputs, more].concat());
    Some(checked(&answer))
}

/// The examples, with the list of withdrawn cards beside the keys.
fn verify_with_list(inputs: &[&str], more: &[&str]) -> Option<(i32, String, Vec<String>)> {
    let list = example("issuer/3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s.json")?;
    verify(inputs, &[&["--crl", shown(&list)], more].concat())
}

fn good() -> (i32, String, Vec<String>) {
    (0, "verified".into(), vec!["signedByAddress".into()])
}

#[test]
fn every_form_of_the_published_examples_verifies() {
    for number in 0..4 {
        for form in ["d-jws.txt", "e-file.smart-health-card"] {
            let Some(path) = example(&format!("example-0{number}-{form}")) else { return };
            assert_eq!(verify_with_list(&[shown(&path)], &["--at", MEANWHILE]).unwrap(), good(), "{number} {form}");
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(verify_with_list(&[text.trim()], &["--at", MEANWHILE]).unwrap(), good(), "{number} {form}");
        }
        let parts: Vec<_> = (0..3)
            .rev()
            .map(|part| example(&format!("example-0{number}-f-qr-code-numeric-value-{part}.txt")).unwrap())
            .filter(|path| path.exists())
            .collect();
        let parts: Vec<&str> = parts.iter().map(|path| shown(path)).collect();
        assert_eq!(verify_with_list(&parts, &["--at", MEANWHILE]).unwrap(), good(), "{number} parts");
    }
}

#[test]
fn a_card_comes_from_standard_input_too() {
    let Some(path) = example("example-01-e-file.smart-health-card") else { return };
    let keys = example("issuer/jwks.json").unwrap();
    let bytes = std::fs::read(path).unwrap();
    let answer = Home::new().fed(&["cards", "verify", "-", "--issuer-keys", shown(&keys)], &bytes);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(
        answer.out.contains("Verified") && answer.out.contains("signed by the owner of spec.smarthealth.cards"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("A card is not an ID."), "{}", answer.out);
}

#[test]
fn a_changed_card_is_not_verified() {
    let Some(path) = example("example-01-d-jws.txt") else { return };
    let jws = std::fs::read_to_string(path).unwrap();
    let (start, signature) = jws.trim().rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let changed = format!("{start}.{first}{}", &signature[1..]);
    assert_eq!(verify(&[&changed], &[]).unwrap(), (1, "notVerified".into(), vec!["changed".into()]));
}

#[test]
fn half_a_card_is_not_verified() {
    let Some(path) = example("example-02-f-qr-code-numeric-value-0.txt") else { return };
    let read = verify(&[shown(&path)], &[]).unwrap();
    assert_eq!(read, (1, "notVerified".into(), vec!["notWhole".into()]));
}

#[test]
fn without_keys_it_cannot_be_told() {
    let Some(path) = example("example-01-d-jws.txt") else { return };
    let answer = Home::new().run(&["cards", "verify", "--json", shown(&path)]);
    assert_eq!(checked(&answer), (3, "cannotTell".into(), vec!["keysUnavailable".into()]));
    let other = verify(&[shown(&path)], &["--issuer", "https://other.example.org"]).unwrap();
    assert_eq!(other, (3, "cannotTell".into(), vec!["keysUnavailable".into()]));
}

#[test]
fn another_issuers_key_is_not_the_issuers() {
    let Some(path) = example("example-01-d-jws.txt") else { return };
    let home = Home::new();
    let (_, key) = crypto::SigningKey::generate_p256().unwrap();
    let public = key.public_jwk();
    let public = public.clone().with_kid(&public.thumbprint());
    let keys = home.write("keys.json", json!({"keys": [serde_json::to_value(public).unwrap()]}).to_string());
    let answer = home.run(&["cards", "verify", "--json", shown(&path), "--issuer-keys", &keys]);
    assert_eq!(checked(&answer), (1, "notVerified".into(), vec!["foreignKey".into()]));
}

#[test]
fn the_moment_asked_about_is_the_one_that_counts() {
    let Some(path) = example("example-03-d-jws.txt") else { return };
    let expired = verify_with_list(&[shown(&path)], &["--at", "2025-06-01T00:00:00Z"]).unwrap();
    assert_eq!(expired, (1, "notVerified".into(), vec!["expired".into()]));
    assert_eq!(verify_with_list(&[shown(&path)], &["--at", "2025-05-01"]).unwrap(), good());
    let early = verify_with_list(&[shown(&path)], &["--at", "2020-01-01"]).unwrap();
    assert_eq!(early, (1, "notVerified".into(), vec!["notYetValid".into()]));
}

#[test]
fn a_withdrawn_card_is_found_on_the_list_and_without_the_list_it_cannot_be_told() {
    let home = Home::new();
    let (_, key) = crypto::SigningKey::generate_p256().unwrap();
    let public = key.public_jwk();
    let kid = public.thumbprint();
    let public = public.with_kid(&kid).with_member("use", "sig".into()).with_member("alg", "ES256".into());
    let mut jwk = serde_json::to_value(public).unwrap();
    jwk["crlVersion"] = json!(1);
    let keys = home.write("keys.json", json!({ "keys": [jwk] }).to_string());
    let list = home.write("list.json", json!({"kid": kid, "method": "rid", "ctr": 1, "rids": ["gone"]}).to_string());
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "resource:0", "resource": {"resourceType": "Patient", "name": [{"family": "L\u{1b}[2Ji"}]}}
    ]});
    let now = "2026-05-03T18:04:00Z".parse().unwrap();
    let draft = || credentials::Draft::new("https://clinic.example.org", now, &bundle);
    let gone = draft().rid("gone").sign(&key).unwrap();
    let other = draft().rid("other").sign(&key).unwrap();
    let run = |cards: &[&str], more: &[&str]| {
        home.run(&[&["cards", "verify", "--at", "2026-06-01", "--issuer-keys", &keys], cards, more].concat())
    };
    let reasons = |answer: Answer| checked(&answer);
    assert_eq!(
        reasons(run(&[&gone], &["--json", "--crl", &list])),
        (1, "notVerified".into(), vec!["withdrawn".into()])
    );
    assert_eq!(reasons(run(&[&other], &["--json", "--crl", &list])), good());
    assert_eq!(reasons(run(&[&other], &["--json"])), (3, "cannotTell".into(), vec!["withdrawalUnknown".into()]));
    let both = reasons(run(&[&gone, &other], &["--json", "--crl", &list]));
    assert_eq!((both.0, both.1.as_str(), both.2.len()), (1, "notVerified", 2));

    let told = run(&[&other], &["--crl", &list]);
    assert!(told.out.contains("L\\u{1b}[2Ji") && !told.out.contains('\u{1b}'), "{}", told.out);
    let as_json: Value = run(&[&other], &["--json", "--crl", &list]).json();
    assert_eq!(as_json["cards"][0]["name"], "L\u{1b}[2Ji");
}

#[test]
fn what_is_no_card_is_answered_and_does_no_harm() {
    let home = Home::new();
    let garbage = home.write("garbage.bin", vec![0xA5; 10 * 1024 * 1024]);
    let answer = home.run(&["cards", "verify", "--json", &garbage]);
    let (code, _, reasons) = checked(&answer);
    assert!(code != 0 && code != 2 && reasons.len() == 1, "{}", answer.out);
    let huge = home.write("huge.bin", vec![b'{'; 33 * 1024 * 1024]);
    assert_eq!(home.run(&["cards", "verify", "--json", &huge]).error(), "cli.fileTooLarge");
    assert_eq!(home.run(&["cards", "verify", "--json", "nowhere.txt"]).error(), "cli.fileMissing");
    assert_eq!(
        home.run(&["cards", "verify", "--json", &home.path("").display().to_string()]).error(),
        "cli.fileFolder"
    );
    let text = home.write("note.txt", "no card at all");
    let answer = home.run(&["cards", "verify", "--json", &text, "--issuer-keys", &text]);
    assert_eq!((answer.code, answer.error().as_str()), (1, "cli.fileKind"));
    let answer = home.run(&["cards", "verify", &text]);
    assert_eq!(answer.code, 3);
    assert!(answer.out.contains("Cannot tell: this kind of card is not known"), "{}", answer.out);
    assert!(!home.path("home").exists(), "checking makes no folder");
}
