use fhir::criteria::CriterionError;

use super::*;

fn read(json: &str) -> Result<Selector, SelectorError> {
    serde_json::from_str::<WireSelector>(json).expect("the form of a selector").try_into()
}

#[test]
fn everything_must_be_said() {
    assert_eq!(read(r#"{"types":["*"]}"#), Ok(Selector::default()));
    assert_eq!(read("{}"), Err(SelectorError::Nothing));
    assert_eq!(WireSelector::from(&Selector::default()).types, Some(vec!["*".into()]));
    for empty in ["types", "codes", "valueSets", "topics", "labels", "sources", "resources", "elements"] {
        assert_eq!(
            read(&format!(r#"{{"{empty}":[]}}"#)),
            Err(SelectorError::EmptyList),
            "{empty}: every one, or none?"
        );
    }
    let nulls = serde_json::from_str::<WireSelector>(r#"{"types":null}"#);
    assert!(nulls.is_err(), "null is not absent");
}

#[test]
fn what_means_nothing_is_refused() {
    use SelectorError as E;
    let unknown_parameter = E::Query(ConstraintError::Parameter(CriterionError::UnknownParameter));
    for (json, why) in [
        (r#"{"types":["Observations"]}"#, E::ResourceType),
        (r#"{"types":["*","Observation"]}"#, E::ResourceType),
        (r#"{"types":["Observation"],"query":"category"}"#, E::Query(ConstraintError::Form)),
        (r#"{"query":"_count=1"}"#, E::Query(ConstraintError::Shape)),
        (r#"{"types":["Goal","Patient"],"query":"gender=x"}"#, unknown_parameter),
        (r#"{"codes":[{"system":"loinc","code":"4548-4"}]}"#, E::CodeSystem),
        (r#"{"codes":[{"system":"","code":"4548-4"}]}"#, E::Text),
        (r#"{"valueSets":["diabetes"]}"#, E::ValueSet),
        (r#"{"topics":["Mental Health"]}"#, E::Topic),
        (r#"{"topics":["mental-helth"]}"#, E::Topic),
        (r#"{"labels":["PSY HIV"]}"#, E::Label),
        (r#"{"dates":{}}"#, E::Dates),
        (r#"{"dates":{"from":"2026-01"}}"#, E::Dates),
        (r#"{"dates":{"from":"2026-01-02","to":"2026-01-01"}}"#, E::Dates),
        (r#"{"dates":{"from":"2026-02-30"}}"#, E::Dates),
        (r#"{"dates":{"from":"2026-01-02T00:00:00"}}"#, E::Dates),
        (r#"{"resources":["Observation"]}"#, E::Resource),
        (r#"{"resources":["Observation/a b"]}"#, E::Resource),
        (r#"{"elements":["note..text"]}"#, E::Element),
        (r#"{"elements":["Patient.adress"]}"#, E::Element),
        (r#"{"elements":["favouriteColour"]}"#, E::Element),
        (r#"{"types":["Goal"],"elements":["dispenseRequest"]}"#, E::Element),
        (r#"{"sources":["a\u0000b"]}"#, E::Text),
    ] {
        assert_eq!(read(json), Err(why), "{json}");
    }
}

#[test]
fn a_selector_with_too_many_values_is_refused() {
    let resources: Vec<String> = (0..=MAX_VALUES).map(|n| format!("\"Goal/{n}\"")).collect();
    assert_eq!(read(&format!(r#"{{"resources":[{}]}}"#, resources.join(","))), Err(SelectorError::TooManyValues));
    assert_eq!(read(&format!(r#"{{"sources":["{}"]}}"#, "x".repeat(MAX_TEXT + 1))), Err(SelectorError::Text));
}
