//! Names of the codes that cards commonly carry without a name, because names do not fit a QR code.

use serde_json::Value;

use super::line::{list, text};

const CVX: &str = "http://hl7.org/fhir/sid/cvx";
const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";

/// What a coded concept is called: its text, a display, a name known here, else the code itself.
pub(super) fn concept(concept: &Value) -> Option<String> {
    if let Some(text) = text(concept, "text") {
        return Some(text.to_owned());
    }
    let codings = || list(concept, "coding");
    let named = codings().find_map(|coding| text(coding, "display").map(str::to_owned));
    named.or_else(|| codings().find_map(known)).or_else(|| codings().find_map(bare))
}

fn known(coding: &Value) -> Option<String> {
    let (system, code) = (text(coding, "system")?, text(coding, "code")?);
    let name = name(system, code)?;
    Some(if system == CVX { format!("{name} (CVX {code})") } else { name.to_owned() })
}

fn bare(coding: &Value) -> Option<String> {
    let code = text(coding, "code")?;
    Some(match text(coding, "system") {
        Some(CVX) => format!("CVX {code}"),
        Some(LOINC) => format!("LOINC {code}"),
        Some(SNOMED) => format!("SNOMED {code}"),
        _ => code.to_owned(),
    })
}

#[rustfmt::skip]
fn name(system: &str, code: &str) -> Option<&'static str> {
    Some(match (system, code) {
        (CVX, "03") => "MMR",
        (CVX, "08") => "Hep B, adolescent or pediatric",
        (CVX, "10") => "IPV",
        (CVX, "20") => "DTaP",
        (CVX, "21") => "Varicella",
        (CVX, "33") => "Pneumococcal polysaccharide PPV23",
        (CVX, "43") => "Hep B, adult",
        (CVX, "48") => "Hib (PRP-T)",
        (CVX, "52") => "Hep A, adult",
        (CVX, "62") => "HPV, quadrivalent",
        (CVX, "83") => "Hep A, ped/adol, 2 dose",
        (CVX, "94") => "MMRV",
        (CVX, "110") => "DTaP-Hep B-IPV",
        (CVX, "113") => "Td (adult), preservative free",
        (CVX, "114") => "Meningococcal MCV4P",
        (CVX, "115") => "Tdap",
        (CVX, "116") => "Rotavirus, pentavalent",
        (CVX, "119") => "Rotavirus, monovalent",
        (CVX, "133") => "Pneumococcal conjugate PCV 13",
        (CVX, "140") => "Influenza, seasonal, injectable, preservative free",
        (CVX, "141") => "Influenza, seasonal, injectable",
        (CVX, "150") => "Influenza, injectable, quadrivalent, preservative free",
        (CVX, "165") => "HPV9",
        (CVX, "187") => "Zoster recombinant",
        (CVX, "207") => "COVID-19, mRNA, LNP-S, PF, 100 mcg/0.5 mL dose or 50 mcg/0.25 mL dose",
        (CVX, "208") => "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose",
        (CVX, "210") => "COVID-19 vaccine, vector-nr, rS-ChAdOx1, PF, 0.5 mL",
        (CVX, "211") => "COVID-19, subunit, rS-nanoparticle+Matrix-M1 Adjuvant, PF, 0.5 mL",
        (CVX, "212") => "COVID-19 vaccine, vector-nr, rS-Ad26, PF, 0.5 mL",
        (CVX, "213") => "SARS-COV-2 (COVID-19) vaccine, UNSPECIFIED",
        (CVX, "217") => "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose, tris-sucrose",
        (CVX, "218") => "COVID-19, mRNA, LNP-S, PF, 10 mcg/0.2 mL dose, tris-sucrose",
        (CVX, "219") => "COVID-19, mRNA, LNP-S, PF, 3 mcg/0.2 mL dose, tris-sucrose",
        (CVX, "229") => "COVID-19, mRNA, LNP-S, bivalent booster, PF, 50 mcg/0.5 mL or 25 mcg/0.25 mL dose",
        (CVX, "300") => "COVID-19, mRNA, LNP-S, bivalent booster, PF, 30 mcg/0.3 mL dose",
        (LOINC, "94500-6") => "SARS-CoV-2 (COVID-19) RNA in respiratory specimen",
        (LOINC, "94558-4") => "SARS-CoV-2 (COVID-19) antigen in respiratory specimen",
        (LOINC, "97097-0") => "SARS-CoV-2 (COVID-19) antigen in upper respiratory specimen",
        (SNOMED, "260373001") => "Detected",
        (SNOMED, "260415000") => "Not detected",
        (SNOMED, "10828004") => "Positive",
        (SNOMED, "260385009") => "Negative",
        _ => return None,
    })
}
