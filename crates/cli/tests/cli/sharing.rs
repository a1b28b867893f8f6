//! What a grant would let out of a real record, and the record asked as a FHIR server would be.

use std::path::Path;

use serde_json::Value;

use crate::connect::Stage;
use crate::{Answer, Home};

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/grants").join(name).display().to_string()
}

fn ask(home: &Home, target: &str, more: &[&str]) -> Answer {
    home.open(&[&["fhir", "GET", target, "--json"], more].concat())
}

fn count(home: &Home, resource_type: &str, more: &[&str]) -> u64 {
    let answer = ask(home, &format!("{resource_type}?_summary=count"), more).json();
    assert_eq!(answer["status"], 200, "{answer}");
    answer["body"]["total"].as_u64().unwrap()
}

#[test]
fn a_record_is_asked_as_its_owner_and_under_a_grant() {
    let stage = Stage::with(&[]);
    let home = &stage.home;
    let connected = stage.signing_in(&["connect", &stage.valley(), "--name", "Fenwick Valley"]);
    assert_eq!(connected.code, 0, "{}{}", connected.out, connected.err);

    // The owner: everything, under ids that tell nothing, with links that lead on.
    let patient = ask(home, "Patient", &[]).json();
    assert_eq!(patient["body"]["total"], 1);
    let id = patient["body"]["entry"][0]["resource"]["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    let observations = count(home, "Observation", &[]);
    let of_patient = ask(home, &format!("Observation?patient={id}&_count=5"), &[]).json();
    assert_eq!(of_patient["body"]["total"].as_u64(), Some(observations), "references lead to the patient's new id");
    let next = of_patient["body"]["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next").unwrap();
    let second = ask(home, next["url"].as_str().unwrap(), &[]).json();
    assert_eq!((second["status"].as_u64(), second["body"]["entry"].as_array().unwrap().len()), (Some(200), 5));
    let as_file = ask(home, &format!("Patient/{id}"), &["--grant", &example("everything.json")]);
    assert_eq!(as_file.json(), ask(home, &format!("Patient/{id}"), &[]).json());

    // Except medications: as if there were none.
    let hidden = example("not-medications-not-therapy.json");
    assert!(count(home, "MedicationRequest", &[]) > 0);
    assert_eq!(count(home, "MedicationRequest", &["--grant", &hidden]), 0);
    let one = ask(home, "MedicationRequest?_count=1", &[]).json();
    let drug = one["body"]["entry"][0]["resource"]["id"].as_str().unwrap();
    let path = format!("MedicationRequest/{drug}");
    let (there, never) =
        (ask(home, &path, &["--grant", &hidden]), ask(home, "MedicationRequest/never", &["--grant", &hidden]));
    assert_eq!((there.json()["status"].as_u64(), there.code), (Some(404), 1));
    assert_eq!(there.out.replace(drug, "never"), never.out, "as one that never was");

    // Labs of a year: what is not in scope is refused whatever the record holds.
    let labs = example("labs-of-a-year.json");
    let refused = ask(home, "Patient", &["--grant", &labs]).json();
    assert_eq!(
        (refused["status"].as_u64(), refused["body"]["resourceType"].as_str()),
        (Some(403), Some("OperationOutcome"))
    );
    let of_year = count(home, "Observation", &["--grant", &labs]);
    assert!(of_year > 0 && of_year < observations, "{of_year} of {observations}");

    let included = home.open(&["fhir", "get", &path, "-i", "-H", "Accept: application/fhir+json"]);
    assert!(included.out.starts_with("HTTP/1.1 200\n") && included.out.contains("etag: "), "{}", included.out);
    assert_eq!(home.open(&["fhir", "GET", "Patient", "-H", "Accept", "--json"]).error(), "cli.header");
    assert_eq!(home.run(&["fhir", "DELETE", "Patient/1"]).code, 2);

    preview(home, observations);
}

/// Every resource is counted once, as let out or as staying here.
fn preview(home: &Home, observations: u64) {
    let all = of(home, "everything.json");
    let sum = |preview: &Value| ["kept", "changed", "leftOut"].map(|part| preview[part].as_u64().unwrap());
    let [kept, changed, left] = sum(&all);
    assert!(kept > observations && changed == 0 && left == 0, "{kept} {changed} {left}");
    for name in ["not-medications-not-therapy.json", "labs-of-a-year.json", "de-identified.json", "one-document.json"] {
        let preview = of(home, name);
        assert_eq!(sum(&preview).iter().sum::<u64>(), kept, "{name}");
        assert!(preview["leftOut"].as_u64().unwrap() > 0, "{name}");
        assert!(preview["summary"].as_array().unwrap().len() > 3, "{name}");
    }
    let told = home.open(&["grants", "preview", "--grant", &example("not-medications-not-therapy.json")]);
    assert!(
        told.out.contains("For “Dr. Amara Lee”") && told.out.contains("everything about Medications or "),
        "{}",
        told.out
    );
    assert!(told.out.contains("about a hidden topic: Medications"), "{}", told.out);

    let bad = home.write("bad.json", "{\"version\": 1}");
    assert_eq!(home.open(&["grants", "preview", "--grant", &bad, "--json"]).error(), "grant.form");
    let unknown = std::fs::read_to_string(example("labs-of-a-year.json")).unwrap().replace("\"labs\"", "\"lab\"");
    let unknown = home.write("unknown.json", unknown);
    assert_eq!(home.open(&["grants", "preview", "--grant", &unknown, "--json"]).error(), "grant.selector");
    let huge = home.write("huge.json", vec![b' '; 2 << 20]);
    assert_eq!(home.open(&["grants", "preview", "--grant", &huge, "--json"]).error(), "cli.fileTooLarge");
}

fn of(home: &Home, name: &str) -> Value {
    let answer = home.open(&["grants", "preview", "--grant", &example(name), "--json"]);
    assert_eq!(answer.code, 0, "{name}: {}", answer.out);
    answer.json()
}
