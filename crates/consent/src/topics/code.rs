//! Code systems under all their names, and codes as systems write them.

use std::borrow::Cow;

/// A code system that rules speak of, under whichever name it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Known {
    /// ICD-10-CM; also ICD-10 of WHO, whose categories are the same.
    Icd10,
    Loinc,
    Snomed,
    RxNorm,
    Ndc,
    Atc,
    Cpt,
    Hcpcs,
    Cvx,
    Nucc,
    ActCode,
    RoleCode,
    V2Section,
    ServiceType,
    ServiceCategory,
    ObservationCategory,
    ListCode,
    Gravity,
    CoreCategory,
    CoreDocument,
    ConditionCategory,
    CoreCondition,
    ClaimType,
    Confidentiality,
}

/// Names of systems without scheme and trailing slash, in lower case.
const NAMES: &[(&str, Known)] = &[
    ("hl7.org/fhir/sid/icd-10-cm", Known::Icd10),
    ("hl7.org/fhir/sid/icd-10", Known::Icd10),
    ("terminology.hl7.org/codesystem/icd10cm", Known::Icd10),
    ("2.16.840.1.113883.6.90", Known::Icd10),
    ("2.16.840.1.113883.6.3", Known::Icd10),
    ("loinc.org", Known::Loinc),
    ("2.16.840.1.113883.6.1", Known::Loinc),
    ("snomed.info/sct", Known::Snomed),
    ("2.16.840.1.113883.6.96", Known::Snomed),
    ("nlm.nih.gov/research/umls/rxnorm", Known::RxNorm),
    ("2.16.840.1.113883.6.88", Known::RxNorm),
    ("hl7.org/fhir/sid/ndc", Known::Ndc),
    ("2.16.840.1.113883.6.69", Known::Ndc),
    ("whocc.no/atc", Known::Atc),
    ("2.16.840.1.113883.6.73", Known::Atc),
    ("ama-assn.org/go/cpt", Known::Cpt),
    ("2.16.840.1.113883.6.12", Known::Cpt),
    ("cms.gov/medicare/coding/hcpcsreleasecodesets", Known::Hcpcs),
    ("nlm.nih.gov/research/umls/hcpcs", Known::Hcpcs),
    ("terminology.hl7.org/codesystem/hcpcs", Known::Hcpcs),
    ("terminology.hl7.org/codesystem/hcpcs-level-ii", Known::Hcpcs),
    ("2.16.840.1.113883.6.14", Known::Hcpcs),
    ("2.16.840.1.113883.6.285", Known::Hcpcs),
    ("hl7.org/fhir/sid/cvx", Known::Cvx),
    ("2.16.840.1.113883.12.292", Known::Cvx),
    ("2.16.840.1.113883.6.59", Known::Cvx),
    ("nucc.org/provider-taxonomy", Known::Nucc),
    ("2.16.840.1.113883.6.101", Known::Nucc),
    ("terminology.hl7.org/codesystem/v3-actcode", Known::ActCode),
    ("hl7.org/fhir/v3/actcode", Known::ActCode),
    ("2.16.840.1.113883.5.4", Known::ActCode),
    ("terminology.hl7.org/codesystem/v3-rolecode", Known::RoleCode),
    ("hl7.org/fhir/v3/rolecode", Known::RoleCode),
    ("2.16.840.1.113883.5.111", Known::RoleCode),
    ("terminology.hl7.org/codesystem/v2-0074", Known::V2Section),
    ("hl7.org/fhir/v2/0074", Known::V2Section),
    ("2.16.840.1.113883.12.74", Known::V2Section),
    ("terminology.hl7.org/codesystem/service-type", Known::ServiceType),
    ("hl7.org/fhir/service-type", Known::ServiceType),
    ("terminology.hl7.org/codesystem/service-category", Known::ServiceCategory),
    ("hl7.org/fhir/service-category", Known::ServiceCategory),
    ("terminology.hl7.org/codesystem/observation-category", Known::ObservationCategory),
    ("hl7.org/fhir/observation-category", Known::ObservationCategory),
    ("terminology.hl7.org/codesystem/list-example-use-codes", Known::ListCode),
    ("hl7.org/fhir/list-example-use-codes", Known::ListCode),
    ("hl7.org/fhir/us/sdoh-clinicalcare/codesystem/sdohcc-codesystemtemporarycodes", Known::Gravity),
    ("hl7.org/fhir/us/core/codesystem/us-core-category", Known::CoreCategory),
    ("hl7.org/fhir/us/core/codesystem/us-core-tags", Known::CoreCategory),
    ("hl7.org/fhir/us/core/codesystem/us-core-documentreference-category", Known::CoreDocument),
    ("terminology.hl7.org/codesystem/condition-category", Known::ConditionCategory),
    ("hl7.org/fhir/condition-category", Known::ConditionCategory),
    ("hl7.org/fhir/us/core/codesystem/condition-category", Known::CoreCondition),
    ("terminology.hl7.org/codesystem/claim-type", Known::ClaimType),
    ("hl7.org/fhir/ex-claimtype", Known::ClaimType),
    ("terminology.hl7.org/codesystem/v3-confidentiality", Known::Confidentiality),
    ("hl7.org/fhir/v3/confidentiality", Known::Confidentiality),
    ("2.16.840.1.113883.5.25", Known::Confidentiality),
];

/// No name of a system is longer; nothing longer is looked at.
const LONGEST: usize = 200;

/// The system behind a URI, under any of its names: `http` or `https`, with or without `www.` and trailing slash, OID
/// with or without `urn:oid:`, SNOMED CT with edition and version, a version after `|`.
pub(super) fn system(uri: &str) -> Option<Known> {
    if uri.len() > LONGEST {
        return None;
    }
    let uri = uri.trim();
    let name = uri.split_once('|').map_or(uri, |(name, _)| name);
    let name = ["http://", "https://", "urn:oid:", "oid:"].iter().find_map(|s| after(name, s)).unwrap_or(name);
    let name = after(name, "www.").unwrap_or(name).trim_end_matches('/');
    if after(name, "snomed.info/sct/").is_some() {
        return Some(Known::Snomed);
    }
    NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, known)| *known)
}

/// What follows a beginning, in capitals or not.
fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    text.get(..start.len()).filter(|begin| begin.eq_ignore_ascii_case(start)).and_then(|_| text.get(start.len()..))
}

/// A code as it is looked up: ICD without its dot and in capitals, LOINC without stray blanks, NDC as eleven digits.
/// What is longer than any code is none.
pub(super) fn code(of: Known, code: &str) -> Option<Cow<'_, str>> {
    let code = code.trim();
    if code.is_empty() || code.len() > 64 {
        return None;
    }
    let written = match of {
        Known::Icd10 => code.chars().filter(|c| *c != '.' && !c.is_whitespace()).collect::<String>().to_uppercase(),
        Known::Ndc => ndc(code),
        Known::Hcpcs | Known::Cpt | Known::Nucc | Known::Atc => code.to_ascii_uppercase(),
        _ if code.contains(char::is_whitespace) => code.chars().filter(|c| !c.is_whitespace()).collect(),
        _ => return Some(Cow::Borrowed(code)),
    };
    Some(Cow::Owned(written))
}

/// Ten digits with hyphens (4-4-2, 5-3-2, 5-4-1) become eleven by a zero in the short part; ten without hyphens could be
/// any of the three and stay.
fn ndc(code: &str) -> String {
    let parts: Vec<&str> = code.split('-').collect();
    match parts.as_slice() {
        [labeler, product, package] => format!("{labeler:0>5}{product:0>4}{package:0>2}"),
        _ => code.chars().filter(char::is_ascii_digit).collect(),
    }
}

/// Whether a code of T36–T65 says intentional self-harm: intent character 2 in the sixth place, or in the fifth where
/// the sixth is the placeholder X or the code ends there.
pub(super) fn self_harm(icd: &str) -> bool {
    let at = |place: usize| icd.as_bytes().get(place).copied();
    match (at(4), at(5)) {
        (_, Some(b'2')) | (Some(b'2'), Some(b'X')) => true,
        // Without a sixth character the fifth is the intent only in these; elsewhere it counts substances.
        (Some(b'2'), None) => {
            at(3) == Some(b'9')
                || ["T414", "T427", "T580", "T581", "T610", "T611", "T640", "T648"].iter().any(|c| icd.starts_with(c))
        }
        _ => false,
    }
}
