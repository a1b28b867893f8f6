use super::*;

fn base() -> ServerUrl {
    ServerUrl::parse("https://ehr.example.org/fhir").expect("an address")
}

fn wanted<'a>(granted: &'a Scopes, capability: Option<&'a Capability>) -> Wanted<'a> {
    Wanted { patient: "p-1", granted, capability, since: None }
}

fn names(plan: &Plan) -> Vec<&str> {
    plan.searches.iter().map(|search| search.name.as_str()).collect()
}

fn find<'a>(plan: &'a Plan, name: &str) -> &'a Search {
    plan.searches.iter().find(|search| search.name == name).unwrap_or_else(|| panic!("{name} is not planned"))
}

fn url(search: &Search) -> String {
    search.url(&base()).expect("a url").to_string()
}

fn capability() -> Capability {
    let with = |name: &str, more: &str| {
        format!(r#"{{"type":"{name}","interaction":[{{"code":"read"}},{{"code":"search-type"}}]{more}}}"#)
    };
    let resources = [
        with("Patient", ""),
        with(
            "Condition",
            r#","searchParam":[{"name":"patient"},{"name":"_lastUpdated"}],"searchRevInclude":["Provenance:target"]"#,
        ),
        with("MedicationRequest", r#","searchInclude":["MedicationRequest:medication"]"#),
        with("Appointment", ""),
        r#"{"type":"Goal","interaction":[{"code":"read"}]}"#.to_owned(),
        r#"{"type":"Provenance","interaction":[{"code":"read"}]}"#.to_owned(),
    ];
    let text = format!(
        r#"{{"resourceType":"CapabilityStatement","rest":[{{"mode":"server","resource":[{}]}}]}}"#,
        resources.join(",")
    );
    Capability::parse(text.as_bytes()).expect("a statement")
}

#[test]
fn provenance_comes_with_what_it_is_about_also_where_it_can_be_searched_by_patient() {
    let text = r#"{"resourceType":"CapabilityStatement","rest":[{"mode":"server","resource":[
        {"type":"Condition","interaction":[{"code":"search-type"}],"searchRevInclude":["Provenance:target"]},
        {"type":"Provenance","interaction":[{"code":"search-type"}],"searchParam":[{"name":"patient"}]}
    ]}]}"#;
    let capability = Capability::parse(text.as_bytes()).expect("a statement");
    let all = Scopes::parse("patient/*.rs");
    let plan = plan(&wanted(&all, Some(&capability)));
    assert!(url(find(&plan, "Condition")).ends_with("&_revinclude=Provenance%3Atarget"));
    assert!(url(find(&plan, "Provenance")).contains("patient=p-1"));
}

#[test]
fn everything_of_us_core_is_asked_for_where_nothing_is_said() {
    let all = Scopes::parse("patient/*.read");
    let plan = plan(&wanted(&all, None));
    for kind in [
        "Patient",
        "AllergyIntolerance",
        "CarePlan",
        "CareTeam",
        "Condition",
        "Coverage",
        "Device",
        "DiagnosticReport",
        "DocumentReference",
        "Encounter",
        "Goal",
        "Immunization",
        "MedicationRequest",
        "MedicationDispense",
        "MedicationStatement",
        "MedicationAdministration",
        "Observation",
        "Procedure",
        "QuestionnaireResponse",
        "RelatedPerson",
        "ServiceRequest",
        "Specimen",
        "ExplanationOfBenefit",
        "Claim",
    ] {
        assert!(names(&plan).contains(&kind), "{kind}");
    }
    assert_eq!(names(&plan)[0], "Patient");
    assert!(!names(&plan).contains(&"Appointment"));
    assert_eq!(plan.skipped, [Skipped { name: "Provenance".into(), why: WhyNot::NotOffered }]);
}

#[test]
fn a_search_is_of_one_patient_in_large_pages_and_the_patient_is_read() {
    let all = Scopes::parse("patient/*.rs");
    let plan = plan(&wanted(&all, None));
    assert_eq!(url(find(&plan, "Patient")), "https://ehr.example.org/fhir/Patient/p-1");
    assert!(find(&plan, "Patient").is_read());
    assert_eq!(url(find(&plan, "Condition")), "https://ehr.example.org/fhir/Condition?patient=p-1&_count=500");
}

/// SMART App Launch 2.2, "Wildcard scopes", requirement 147.
#[test]
fn granted_scopes_restrict_the_plan() {
    let granted = Scopes::parse("patient/Patient.r patient/Condition.rs patient/Goal.r openid");
    let plan = plan(&wanted(&granted, None));
    assert_eq!(names(&plan), ["Patient", "Condition"]);
    assert!(plan.skipped.contains(&Skipped { name: "Goal".into(), why: WhyNot::NotGranted }));
    assert_eq!(plan.skipped[0].why.code(), "pull.notGranted");
}

#[test]
fn what_the_server_can_do_shapes_the_plan() {
    let (all, capability) = (Scopes::parse("patient/*.rs"), capability());
    let plan = plan(&wanted(&all, Some(&capability)));
    assert_eq!(names(&plan), ["Patient", "Condition", "MedicationRequest", "Appointment"]);
    assert!(plan.skipped.contains(&Skipped { name: "Goal".into(), why: WhyNot::NotOffered }));
    assert!(url(find(&plan, "Condition")).ends_with("&_revinclude=Provenance%3Atarget"));
    assert!(url(find(&plan, "MedicationRequest")).ends_with("&_include=MedicationRequest%3Amedication"));
    let few = Scopes::parse("patient/Condition.rs");
    let plan = super::plan(&wanted(&few, Some(&capability)));
    assert!(!url(find(&plan, "Condition")).contains("_revinclude"), "provenance was not granted");
}

#[test]
fn only_what_changed_is_asked_for_where_the_server_knows_how() {
    let (all, capability) = (Scopes::parse("patient/*.rs"), capability());
    let since = "2026-03-01T00:05:00Z".parse().ok();
    let plan = plan(&Wanted { since, ..wanted(&all, Some(&capability)) });
    let condition = find(&plan, "Condition");
    assert!(condition.incremental);
    assert!(url(condition).contains("&_lastUpdated=gt2026-02-28T23%3A55%3A00Z"), "{}", url(condition));
    assert!(!find(&plan, "MedicationRequest").incremental);
    assert!(!url(find(&plan, "MedicationRequest")).contains("_lastUpdated"));
    let silent = super::plan(&Wanted { since, ..wanted(&all, None) });
    assert!(silent.searches.iter().all(|search| !search.incremental), "a server that says nothing is asked for all");
}

#[test]
fn where_the_whole_is_not_given_the_parts_are_asked_for() {
    let all = Scopes::parse("patient/*.rs");
    let plan = plan(&wanted(&all, None));
    let parts = find(&plan, "Observation").instead();
    assert_eq!(parts[0].name, "Observation laboratory");
    assert_eq!(url(&parts[0]), "https://ehr.example.org/fhir/Observation?patient=p-1&_count=500&category=laboratory");
    assert!(parts.len() > 10 && parts.iter().all(|part| part.instead().is_empty()));
    assert!(find(&plan, "Condition").instead().is_empty());
    assert_eq!(find(&plan, "CarePlan").instead()[0].name, "CarePlan assess-plan");
}
