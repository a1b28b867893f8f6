use super::*;

#[test]
fn every_form_of_path_is_read_and_others_are_refused() {
    for text in [
        "**.coding",
        "**.coding (not AllergyIntolerance, not Immunization.vaccineCode)",
        "**.text | **.display",
        "code | hasMember->code | component.code",
        "specimen | <-DiagnosticReport.result",
        "context.encounter->** | implicated->resourceType",
        "extension(us-core-race)",
        "meta.security | **.extension(inline-sec-label).valueCoding",
        "attachment(application/xml CDA) section templateId@root",
        "Coverage.subscriberId | **.identifier | effective[x]",
    ] {
        assert!(Path::parse_all(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "**",
        "**.colour",
        "code |",
        "a..b",
        "code)",
        "(code",
        "extension()",
        "<-result",
        "a->",
        "code[0]",
        "Code",
        "a b",
    ] {
        assert_eq!(Path::parse_all(text), Err(PathError), "{text}");
    }
}
