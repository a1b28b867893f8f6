//! Two wallets in two folders, each only through the program: cards, a mandate, what comes under it, its end.

use std::io::{BufRead, BufReader};
use std::process::Child;

use serde_json::Value;

use crate::connect::Stage;
use crate::{Home, shown};

/// `satchel serve`, until it is dropped.
struct Serving(Child);

impl Serving {
    fn start(home: &Home) -> Self {
        let file = home.path("passphrase").display().to_string();
        let mut child = home.command(&["serve", "--port", "0", "--json", "--passphrase-file", &file]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["on"], true);
        Self(child)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // A test that failed has said why.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn json(home: &Home, line: &[&str]) -> Value {
    let answer = home.open(&[line, &["--json"]].concat());
    assert_eq!(answer.code, 0, "{line:?}: {}{}", answer.out, answer.err);
    answer.json()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// How many there are of a type.
fn count(home: &Home, kind: &str) -> u64 {
    let answer = json(home, &["fhir", "GET", &format!("{kind}?_summary=count")]);
    answer["body"]["total"].as_u64().unwrap()
}

/// Cards are made, read, compared: the same code on both sides.
fn meet(mother: &Home, daughter: &Home) {
    let card = mother.path("nora.satchel-contact");
    json(mother, &["contacts", "card", "Nora", "--out", shown(&card)]);
    let read = json(daughter, &["contacts", "read", shown(&card), "--name", "Mum"]);
    let answer = daughter.path("mum.satchel-contact");
    let given = daughter.open(&["contacts", "card", "Mum", "--out", shown(&answer)]);
    assert!(given.out.starts_with("Written to ") && !given.out.contains("eyJ"), "{}", given.out);
    assert_eq!(json(daughter, &["contacts", "cards"]).as_array().unwrap().len(), 1, "her answer is no second card");
    let answered = json(mother, &["contacts", "read", shown(&answer)]);
    assert_eq!((text(&read[0]["state"]), text(&answered[0]["state"])), ("toCompare".into(), "toCompare".into()));
    assert_eq!(text(&read[0]["code"]), text(&answered[0]["code"]), "both see one code");
    let said = daughter.open(&["contacts", "cards"]).out;
    assert!(said.contains(&text(&read[0]["code"])), "{said}");
    assert_eq!(json(mother, &["contacts", "compare", "Nora", "same"])[0]["state"], "compared");
    assert_eq!(json(daughter, &["contacts", "compare", "Mum", "same"])[0]["state"], "compared");
    let again = daughter.open(&["contacts", "compare", "Mum", "different", "--json"]);
    assert_eq!(again.error(), "contactCard.compared");
}

#[test]
fn a_mandate_goes_from_one_program_to_the_other_and_back_again() {
    let stage = Stage::with(&[]);
    let (mother, daughter) = (&stage.home, Home::new());
    daughter.init();
    let connected = stage.signing_in(&["connect", &stage.valley(), "--name", "Fenwick Valley"]);
    assert_eq!(connected.code, 0, "{}{}", connected.out, connected.err);
    let serving = Serving::start(mother);
    meet(mother, &daughter);
    json(&daughter, &["people", "add", "Margaret", "--relation", "parent"]);

    let file = mother.path("nora.satchel-mandate");
    let until = (jiff::Zoned::now().date() + jiff::SignedDuration::from_hours(24 * 100)).to_string();
    let given = json(
        mother,
        &["mandates", "give", "Nora", "--until", &until, "--except", "medications", "--out", shown(&file)],
    );
    let grant = text(&given["grant"]);
    let bad = daughter.write("bad.satchel-mandate", "nothing");
    let refused = daughter.open(&["mandates", "take", &bad, "--person", "Margaret", "--json"]);
    assert_eq!((refused.code, refused.error().as_str()), (1, "mandate.notAMandate"));
    let taken = json(&daughter, &["mandates", "take", shown(&file), "--person", "Margaret"]);
    let held = text(&taken[0]["id"]);
    assert_eq!((text(&taken[0]["state"]), text(&taken[0]["from"])), ("held".into(), "Mum".into()));
    let pulled = json(&daughter, &["mandates", "pull", &held]);
    assert_eq!(pulled["stage"], "done", "{pulled}");

    for kind in ["Condition", "Observation"] {
        assert!(count(&daughter, kind) > 0, "{kind} comes");
    }
    assert_eq!(count(&daughter, "Condition"), count(mother, "Condition"));
    assert!(count(mother, "MedicationRequest") > 0);
    assert_eq!(count(&daughter, "MedicationRequest"), 0, "what is hidden does not come");
    let home = daughter.open(&["home"]).out;
    assert!(home.contains("Margaret") && home.contains("Mum"), "whose it is and who lends it: {home}");

    // The end, heard at the next look; kept first, as she may.
    assert!(json(mother, &["grants", "end", &grant, "--ask-erase"])["ended"].is_string());
    let late = daughter.open(&["mandates", "pull", &held, "--json"]);
    assert_eq!(late.error(), "mandate.ended");
    let heard = json(&daughter, &["mandates", "check"]);
    assert_eq!((text(&heard[0]["state"]), heard[0]["eraseAsked"].is_string()), ("ended".into(), true));
    assert!(json(mother, &["grants", "show", &grant])["share"]["erase"]["answer"].is_null(), "not heard");
    let erased = json(&daughter, &["mandates", "erase", &held]);
    assert_eq!((erased[0]["items"].as_u64(), text(&erased[0]["eraseAnswer"])), (Some(0), "erased".into()));
    assert!(erased[0]["eraseTold"].is_string(), "her mother was told: {erased}");
    assert_eq!(json(mother, &["grants", "show", &grant])["share"]["erase"]["answer"], "erased");
    assert_eq!(daughter.open(&["mandates", "keep", &held, "--json"]).error(), "mandate.decided");

    // And the person who stood for her, with the name to confirm.
    let other = daughter.open(&["people", "erase", "Margaret", "--confirm", "margaret", "--json"]);
    assert_eq!(other.error(), "person.otherName");
    let left = json(&daughter, &["people", "erase", "Margaret", "--confirm", "Margaret"]);
    assert_eq!(left["people"].as_array().unwrap().len(), 1);
    for home in [mother, &daughter] {
        assert_eq!(home.open(&["trail", "verify"]).code, 0);
    }
    drop(serving);
}
