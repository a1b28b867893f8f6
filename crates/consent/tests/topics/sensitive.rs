use serde_json::json;

use super::Found::{Hidden, Hinted, Nothing};
use super::*;

#[test]
fn mental_health_is_found_and_pain_and_screening_are_not() {
    all(
        "mental-health",
        &[
            ("schizophrenia", Hidden, condition("icd F20.9")),
            ("depression without the dot", Hidden, condition("icd F331")),
            ("postpartum depression", Hidden, condition("icd F53.0")),
            ("dementia", Hidden, condition("icd G30.9")),
            ("suicidal ideation", Hidden, condition("icd R45.851")),
            ("self-harm by poisoning", Hidden, condition("icd T39.012A")),
            ("self-harm, unspecified drug", Hidden, condition("icd T50.902A")),
            ("self-harm by carbon monoxide", Hidden, condition("icd T58.02XA")),
            ("accidental poisoning", Nothing, condition("icd T39.011A")),
            ("a header that counts substances", Nothing, condition("icd T40.42")),
            ("alcohol", Nothing, condition("icd F10.20")),
            ("autism", Nothing, condition("icd F84.0")),
            ("depression in SNOMED CT", Hidden, condition("sct 370143000")),
            ("PHQ-9", Hidden, observation("loinc 44261-6")),
            ("GAD-7", Hidden, observation("loinc 70274-6")),
            (
                "an answer of PHQ-9",
                Hidden,
                json!({"resourceType": "QuestionnaireResponse", "item": [{"linkId": "/44260-8"}]}),
            ),
            (
                "an answer of PHQ-2",
                Hinted,
                json!({"resourceType": "QuestionnaireResponse", "item": [{"linkId": "/44250-9"}]}),
            ),
            ("PHQ-2 of every adult", Hinted, observation("loinc 55758-7")),
            ("screening of every adult", Hinted, coded("Procedure", "code", "sct 171207006")),
            ("stress test", Nothing, worded("Procedure", "code", "Cardiac stress test")),
            ("exercise therapy", Hinted, coded("Procedure", "code", "sct 229065009")),
            ("lithium level", Hidden, observation("loinc 14334-7")),
            ("clozapine by name", Hidden, prescribed("Clozapine 100 mg")),
            ("sertraline by name", Hidden, prescribed("Sertraline 50 mg daily")),
            ("amitriptyline, also for pain", Hinted, prescribed("amitriptyline 10 mg at night")),
            ("bupropion, also for smoking", Hinted, prescribed("bupropion SR")),
            ("valproate, also for epilepsy", Hinted, prescribed("valproate")),
            ("hydroxyzine, also for itch", Hinted, prescribed("hydroxyzine")),
            ("quetiapine, also for sleep", Hidden, prescribed("quetiapine")),
            ("psychiatry note", Hidden, document("loinc 28627-8")),
            ("visit number of a psychiatrist", Hidden, coded("Procedure", "code", "cpt 90792")),
            ("ordinary visit number", Nothing, coded("Procedure", "code", "cpt 99213")),
            ("service type", Hidden, coded("Appointment", "serviceType", "service 135")),
            ("psychiatrist by taxonomy", Hidden, coded("PractitionerRole", "specialty", "nucc 2084P0800X")),
            ("general practitioner", Nothing, coded("PractitionerRole", "specialty", "nucc 208D00000X")),
            ("clinic by name", Hidden, named("Organization", "Valley Psychiatric Associates")),
            ("clínica por nombre", Hidden, named("Organization", "Centro de Psicología")),
            ("another clinic", Nothing, named("Organization", "Valley Physicians")),
        ],
    );
}

#[test]
fn psychotherapy_notes_are_notes_and_not_visits() {
    all(
        "psychotherapy-notes",
        &[
            ("counselling note", Hidden, document("loinc 34787-2")),
            ("psychiatry progress note", Hidden, document("loinc 28627-8")),
            ("progress note of no specialty", Nothing, document("loinc 11506-3")),
            (
                "title",
                Hidden,
                json!({"resourceType": "DocumentReference",
                "content": [{"attachment": {"title": "Psychotherapy notes, March"}}]}),
            ),
            ("título", Hidden, json!({"resourceType": "Composition", "title": "Nota de sesión 12"})),
            ("the visit itself", Hinted, coded("Procedure", "code", "cpt 90837")),
            ("process of care", Nothing, json!({"resourceType": "Composition", "title": "Processing notes"})),
            (
                "policy label",
                Hidden,
                json!({"resourceType": "DocumentReference",
                "meta": {"security": [{"system": system("act"), "code": "HIPAAPsyNotes"}]}}),
            ),
        ],
    );
}

#[test]
fn substance_use_is_found_and_pain_and_social_drinking_are_not() {
    all(
        "substance-use",
        &[
            ("alcohol dependence", Hidden, condition("icd F10.20")),
            ("tobacco", Hinted, condition("icd F17.210")),
            ("smoking status", Hinted, observation("loinc 72166-2")),
            ("alcoholic liver disease", Hidden, condition("icd K70.30")),
            ("counselling", Hidden, condition("icd Z71.41")),
            ("H code", Hidden, coded("Procedure", "code", "hcpcs H0020")),
            ("watched medicine", Hinted, coded("Procedure", "code", "hcpcs H0033")),
            ("AUDIT-C", Hidden, observation("loinc 75626-2")),
            ("drinks a day", Hinted, observation("loinc 11287-0")),
            ("occasional drinker", Hinted, coded("Observation", "valueCodeableConcept", "sct 228276006")),
            ("accidental poisoning", Hinted, condition("sct 72431002")),
            ("suicidal poisoning", Nothing, condition("sct 86849004")),
            ("rehabilitation therapy", Hinted, coded("Procedure", "code", "sct 52052004")),
            ("disulfiram", Hidden, prescribed("disulfiram 250 mg")),
            ("buprenorphine film", Hidden, prescribed("buprenorphine 8 mg / naloxone 2 mg film")),
            ("buprenorphine patch", Hinted, prescribed("Butrans (buprenorphine) patch 10 mcg/hour")),
            ("naltrexone", Hidden, prescribed("naltrexone 50 mg")),
            ("naltrexone for weight", Nothing, prescribed("naltrexone/bupropion (Contrave)")),
            ("oxycodone after a tooth", Hinted, prescribed("oxycodone 5 mg")),
            ("naloxone", Hinted, prescribed("naloxone nasal spray")),
            ("detox by name", Hidden, named("Location", "Detoxification Unit")),
            ("heart rehabilitation", Hinted, named("Location", "Cardiac Rehabilitation")),
            ("toxic substance", Nothing, worded("Encounter", "reasonCode", "Exposure to toxic substance")),
            (
                "Part 2",
                Hidden,
                json!({"resourceType": "Encounter",
                "meta": {"security": [{"system": system("act"), "code": "42CFRPart2"}]}}),
            ),
        ],
    );
}

#[test]
fn sexual_and_reproductive_health_is_found_and_heart_joint_and_liver_are_not() {
    all(
        "sexual-reproductive",
        &[
            ("abortion", Hidden, condition("icd O04.6")),
            ("miscarriage", Hidden, condition("icd O03.9")),
            ("contraception", Hidden, condition("icd Z30.09")),
            ("gender identity", Hidden, condition("icd F64.0")),
            ("syphilis", Hidden, condition("icd A53.9")),
            ("infertility", Hidden, condition("icd N97.9")),
            ("menopause", Hinted, condition("icd N95.1")),
            ("orientation", Hidden, observation("loinc 76690-7")),
            ("pregnancy status", Hidden, observation("loinc 82810-3")),
            ("alpha-fetoprotein in blood", Hinted, observation("loinc 1834-1")),
            ("alpha-fetoprotein in amniotic fluid", Hidden, observation("loinc 1832-5")),
            ("mifepristone", Hidden, prescribed("mifepristone 200 mg")),
            ("mifepristone for Cushing", Nothing, prescribed("Korlym (mifepristone) 300 mg")),
            ("misoprostol for the stomach", Hinted, prescribed("misoprostol 200 mcg")),
            ("methotrexate for joints", Hinted, prescribed("methotrexate 10 mg weekly")),
            ("letrozole", Hinted, prescribed("letrozole 2.5 mg")),
            ("sildenafil", Hidden, prescribed("sildenafil 50 mg")),
            ("sildenafil for the lungs", Nothing, prescribed("sildenafil 20 mg three times daily")),
            ("azithromycin for anything", Hinted, prescribed("azithromycin 500 mg")),
            ("Rho(D)", Hidden, coded("Immunization", "vaccineCode", "cvx 157")),
            ("papillomavirus vaccine", Hinted, coded("Immunization", "vaccineCode", "cvx 165")),
            ("obstetric ultrasound", Hidden, coded("DiagnosticReport", "category", "v2-0074 OUS")),
            ("clinic by name", Hidden, named("Organization", "Planned Parenthood of the Valley")),
            ("termination", Hidden, coded("Procedure", "code", "hcpcs S2260")),
        ],
    );
}

#[test]
fn hiv_is_found_and_hearing_aids_are_not() {
    all(
        "hiv",
        &[
            ("disease", Hidden, condition("icd B20")),
            ("asymptomatic", Hidden, condition("icd Z21")),
            ("in SNOMED CT", Hidden, condition("sct 86406008")),
            ("viral load", Hidden, observation("loinc 20447-9")),
            ("prophylaxis", Hidden, condition("icd Z29.81")),
            ("one-time screening", Hinted, condition("icd Z11.4")),
            ("CD4", Hinted, observation("loinc 24467-3")),
            ("dolutegravir", Hidden, prescribed("dolutegravir 50 mg")),
            ("ritonavir", Hidden, prescribed("ritonavir 100 mg")),
            ("for COVID-19", Nothing, prescribed("nirmatrelvir/ritonavir (Paxlovid)")),
            ("tenofovir for hepatitis B", Nothing, prescribed("Vemlidy (tenofovir alafenamide) 25 mg")),
            ("lamivudine for hepatitis B", Nothing, prescribed("lamivudine 100 mg (Epivir-HBV)")),
            ("AIDS clinic", Hidden, named("Location", "County AIDS Clinic")),
            ("hearing aids", Nothing, named("Organization", "Bright Hearing Aids")),
            (
                "Ryan White in a coverage",
                Hidden,
                json!({"resourceType": "Coverage", "payor": [{"display": "Ryan White Part B"}]}),
            ),
            ("VIH", Hidden, named("Organization", "Unidad de VIH")),
            ("archive", Nothing, named("Organization", "Archivo central")),
        ],
    );
}

#[test]
fn genetic_information_is_found_and_genotypes_of_viruses_are_not() {
    all(
        "genetic",
        &[
            ("carrier", Hidden, condition("icd Z14.1")),
            ("sickle cell", Hidden, condition("icd D57.1")),
            ("family history of cancer", Hinted, condition("icd Z80.3")),
            ("family member history", Hidden, json!({"resourceType": "FamilyMemberHistory"})),
            ("sequence", Hidden, json!({"resourceType": "MolecularSequence"})),
            ("BRCA1", Hidden, observation("loinc 21636-6")),
            (
                "gene studied, as a component",
                Hidden,
                json!({"resourceType": "Observation",
                "component": [{"code": concept("loinc 48018-6")}]}),
            ),
            ("section", Hidden, coded("DiagnosticReport", "category", "v2-0074 GE")),
            ("ivacaftor", Hidden, prescribed("ivacaftor 150 mg")),
            ("tumour", Hinted, observation("loinc 85318-4")),
            ("hepatitis C genotype", Nothing, worded("Observation", "code", "HCV genotype")),
            ("blood group", Nothing, observation("loinc 883-9")),
            ("clinic by name", Hidden, named("Organization", "Hereditary Cancer Center")),
            (
                "retired label",
                Hidden,
                json!({"resourceType": "Condition",
                "meta": {"security": [{"system": system("act"), "code": "SICKLE"}]}}),
            ),
        ],
    );
}

#[test]
fn violence_is_found_with_addresses_and_sports_injuries_are_not() {
    all(
        "violence-abuse",
        &[
            ("maltreatment", Hidden, condition("icd T74.11XA")),
            ("assault", Hidden, condition("icd Y04.0XXA")),
            ("fall in sports", Nothing, condition("icd W21.01XA")),
            ("HARK", Hidden, observation("loinc 76499-3")),
            ("shelter", Hidden, named("Location", "Harbor Women's Shelter")),
            ("partner trouble", Hidden, condition("icd Z63.0")),
            (
                "leaflet",
                Nothing,
                json!({"resourceType": "DocumentReference", "description": "Family violence leaflet"}),
            ),
            ("an address", Hidden, json!({"resourceType": "Patient", "address": [{"city": "Mesa"}]})),
            ("a proxy", Hidden, json!({"resourceType": "RelatedPerson"})),
            ("a bill", Hinted, json!({"resourceType": "ExplanationOfBenefit"})),
            ("where a result came from", Hinted, json!({"resourceType": "Provenance"})),
        ],
    );
}

#[test]
fn developmental_and_communicable_conditions_are_found_and_screening_is_not() {
    all(
        "developmental-disability",
        &[
            ("autism", Hidden, condition("icd F84.0")),
            ("intellectual disability", Hidden, condition("icd F70")),
            ("milestones of every child", Hinted, condition("icd Z13.42")),
            ("ADHD", Hinted, condition("icd F90.0")),
            ("depression", Nothing, condition("icd F33.1")),
            ("school letter", Hinted, json!({"resourceType": "DocumentReference", "description": "IEP meeting"})),
            ("recipe", Nothing, json!({"resourceType": "DocumentReference", "description": "Diepte"})),
        ],
    );
    all(
        "communicable",
        &[
            ("tuberculosis", Hidden, condition("icd A15.0")),
            ("hepatitis C", Hidden, condition("icd B18.2")),
            ("test for work", Hinted, condition("icd Z11.1")),
            ("skin test", Hinted, coded("Immunization", "vaccineCode", "cvx 96")),
            ("COVID-19", Hinted, condition("icd U07.1")),
            ("sofosbuvir", Hidden, prescribed("sofosbuvir 400 mg")),
            ("flu vaccine", Nothing, coded("Immunization", "vaccineCode", "cvx 140")),
            ("pneumonia", Nothing, condition("icd J18.9")),
        ],
    );
}

#[test]
fn social_needs_are_found_and_weight_and_smoking_are_not() {
    all(
        "social-needs",
        &[
            ("homelessness", Hidden, condition("icd Z59.00")),
            ("PRAPARE", Hidden, observation("loinc 93025-5")),
            (
                "US Core category",
                Hidden,
                json!({"resourceType": "Condition", "category": [
                concept("http://hl7.org/fhir/us/core/CodeSystem/us-core-category sdoh")]}),
            ),
            (
                "social history",
                Hinted,
                json!({"resourceType": "Observation", "category": [concept("category social-history")]}),
            ),
            ("weight", Nothing, observation("loinc 29463-7")),
            ("check-up", Nothing, condition("icd Z00.00")),
        ],
    );
}

#[test]
fn a_problem_of_words_only_is_found_by_its_name() {
    for (topic, text, expected) in [
        ("mental-health", "Depression, recurrent", Hidden),
        ("mental-health", "Trastorno de ansiedad", Hidden),
        ("mental-health", "Respiratory depression after surgery", Nothing),
        ("mental-health", "Depressed skull fracture", Nothing),
        ("substance-use", "Alcohol dependence in remission", Hidden),
        ("substance-use", "Non-alcoholic fatty liver", Nothing),
        ("sexual-reproductive", "Embarazo de 20 semanas", Hidden),
        ("sexual-reproductive", "Ventricular ectopic beats", Nothing),
        ("hiv", "HIV disease", Hidden),
        ("hiv", "Loss of hearing, uses aids", Nothing),
        ("genetic", "Sickle cell trait", Hidden),
        ("genetic", "Sick sinus", Nothing),
        ("violence-abuse", "Victim of sexual assault", Hidden),
        ("violence-abuse", "Grape allergy", Nothing),
        ("developmental-disability", "Autism spectrum", Hidden),
        ("developmental-disability", "Autoimmune thyroiditis", Nothing),
        ("communicable", "Chronic hepatitis C", Hidden),
        ("communicable", "Autoimmune hepatitis", Nothing),
        ("social-needs", "Homelessness", Hidden),
        ("social-needs", "Home visit", Nothing),
    ] {
        assert_eq!(found(topic, &worded("Condition", "code", text)), expected, "{topic}: {text}");
    }
    // In a family, only that member's condition goes; what a procedure is called says nothing of a problem.
    let family = json!({"resourceType": "FamilyMemberHistory", "condition": [
        {"code": {"text": "asthma"}}, {"code": {"text": "bipolar"}}]});
    let hits = RULES.judge_for(RULES.choose(["mental-health"]), &family, &Around::nothing());
    assert_eq!(
        hits.iter().map(|hit| &hit.reach).collect::<Vec<_>>(),
        [&consent::Reach::Element("/condition/1".to_owned())]
    );
    assert_eq!(found("mental-health", &worded("Procedure", "code", "Depression screening")), Nothing);
}
