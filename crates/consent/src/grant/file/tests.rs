use proptest::prelude::*;

use super::*;
use crate::arbitrary::grant;

const WHOLE: &str = r#"{
  "version": 1,
  "id": "grt_000102030405060708090a0b0c0d0e0f",
  "who": {"name": "Dr Lee", "proof": {"idToken": {"issuer": "https://id.example.org", "subject": "lee"}}},
  "permits": [{"context": "patient", "actions": "rs", "select": {"types": ["Observation"], "query": "category=laboratory"}}],
  "except": [{"topics": ["hiv"]}, {"types": ["Observation"], "dates": {"to": "2019-12-31"}}],
  "mode": "strict",
  "purposes": ["CAREMGT"],
  "term": {"start": "2026-11-01T00:00:00Z", "end": "2027-05-03T00:00:00Z", "uses": 12},
  "decisions": [{"resource": "Observation/1", "place": "/note/0", "choice": "takeOut"}]
}"#;

fn changed(from: &str, to: &str) -> Result<Grant, GrantError> {
    assert!(WHOLE.contains(from), "{from}");
    Grant::parse(WHOLE.replace(from, to).as_bytes())
}

#[test]
fn a_grant_reads_back_as_it_was_written() {
    let grant = Grant::parse(WHOLE.as_bytes()).unwrap();
    assert_eq!(Grant::parse(grant.to_json().as_bytes()).unwrap(), grant);
    assert_eq!(serde_json::from_str::<Grant>(&serde_json::to_string(&grant).unwrap()).unwrap(), grant);
    assert_eq!((grant.mode, grant.term.uses, grant.what.exclusions.len()), (Mode::Strict, Some(12), 2));
}

#[test]
fn what_is_not_understood_is_refused() {
    use GrantError as E;
    let refused = |from, to| changed(from, to).unwrap_err();
    assert!(matches!(refused("\"mode\"", "\"modus\""), E::Form(_)));
    assert!(matches!(refused("\"strict\"", "\"relaxed\""), E::Form(_)));
    assert!(matches!(refused("\"strict\"", "null"), E::Form(_)));
    assert!(matches!(refused("\"topics\"", "\"topic\""), E::Form(_)));
    assert!(matches!(refused("\"mode\": \"strict\"", "\"permits\": []"), E::Form(_)), "a member twice");
    assert!(matches!(refused("\"version\": 1", "\"version\": 2"), E::Version));
    assert!(matches!(refused("grt_0001", "con_0001"), E::Id));
    assert!(matches!(refused("\"patient\"", "\"doctor\""), E::Context));
    assert!(matches!(refused("\"rs\"", "\"sr\""), E::Actions));
    assert!(matches!(refused("\"rs\"", "\"\""), E::Actions));
    assert!(matches!(refused("[\"Observation\"], \"query\"", "[\"Obs\"], \"query\""), E::Selector(_)));
    assert!(matches!(refused("\"CAREMGT\"", "\"care\""), E::Purpose));
    assert!(matches!(refused("2027-05-03", "2025-05-03"), E::Term));
    assert!(matches!(refused("12}", "0}"), E::Term));
    assert!(matches!(refused("12}", "-1}"), E::Form(_)));
    assert!(matches!(refused("Dr Lee", ""), E::Party));
    assert!(matches!(
        refused(r#"{"idToken": {"issuer": "https://id.example.org", "subject": "lee"}}"#, r#"{"did":"x"}"#),
        E::Party
    ));
    assert!(matches!(refused("\"subject\": \"lee\"", "\"subject\": \"lee\", \"more\": 1"), E::Form(_)));
    assert!(matches!(refused("\"/note/0\"", "\"note\""), E::Decision));
    assert!(matches!(refused("\"takeOut\"", "\"take\""), E::Form(_)));
}

#[test]
fn a_huge_or_deep_text_is_refused() {
    assert!(matches!(Grant::parse(&vec![b' '; MAX_GRANT_BYTES + 1]), Err(GrantError::TooLarge)));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(changed("[\"CAREMGT\"]", &deep), Err(GrantError::Form(_))));
    let purposes = vec!["\"TREAT\""; MAX_PARTS + 1].join(",");
    assert!(matches!(changed("\"CAREMGT\"", &purposes), Err(GrantError::TooManyParts)));
}

proptest! {
    #[test]
    fn every_grant_reads_back(grant in grant()) {
        prop_assert_eq!(Grant::parse(grant.to_json().as_bytes()).unwrap(), grant);
    }

    #[test]
    fn any_bytes_are_a_grant_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Grant::parse(&bytes);
    }

    #[test]
    fn a_grant_with_a_changed_byte_is_a_grant_or_an_error(at in 0..WHOLE.len(), byte in any::<u8>()) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(grant) = Grant::parse(&bytes) {
            prop_assert_eq!(Grant::parse(grant.to_json().as_bytes()).unwrap(), grant);
        }
    }
}
