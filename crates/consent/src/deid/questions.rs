//! What a code says about the value beside it: that it is a name, an address, an age, a gene.

use serde_json::{Map, Value};

use super::DeidentifyError;
use super::codes::Public;

const LOINC: &str = "http://loinc.org";
/// LOINC codes whose values are identifiers of Safe Harbor: names, addresses, ZIP, telephone, e-mail, social security and
/// record numbers, birth date and time; ages; genetic findings.
const IDENTIFYING: &str = include_str!("identifying.txt");

/// Why an observation, a report, an order or a part of one cannot stay, by its code.
pub(super) fn forbidden(code: Option<&Value>, aged: bool) -> Option<DeidentifyError> {
    let codings = code?.get("coding").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    codings.iter().filter_map(Public::read).find_map(|public| by_code(&public, aged))
}

fn by_code(public: &Public, aged: bool) -> Option<DeidentifyError> {
    if public.system != LOINC {
        return None;
    }
    match group(&public.code)? {
        "identifying" => Some(DeidentifyError::Identifying),
        "genetic" => Some(DeidentifyError::Genetic),
        "age" if aged => Some(DeidentifyError::Age),
        _ => None,
    }
}

/// The group of a LOINC code in our list.
fn group(code: &str) -> Option<&'static str> {
    let mut of = "";
    for line in IDENTIFYING.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('=') {
            Some(name) => of = name,
            None if line.split_whitespace().next() == Some(code) => return Some(of),
            None => {}
        }
    }
    None
}

/// Whether an item of a questionnaire is one of a public code system; `None`: the object is no item.
pub(super) fn question(of: Option<&str>, map: &Map<String, Value>) -> Option<bool> {
    let text = |name: &str| map.get(name).and_then(Value::as_str);
    let link_id = text("linkId").filter(|_| of.is_none())?;
    let known = link(link_id).or_else(|| text("definition").and_then(code_of));
    // The answer to a question after an age is an age, whatever the form is.
    Some(known.is_some_and(|code| group(code.trim_start_matches('/')).is_none()))
}

/// Why an item of a questionnaire cannot stay, by the code of its question.
pub(super) fn forbidden_question(map: &Map<String, Value>, aged: bool) -> Option<DeidentifyError> {
    let text = |name: &str| map.get(name).and_then(Value::as_str);
    let link_id = text("linkId")?;
    let codes = [Some(link_id.strip_prefix('/').unwrap_or(link_id)), text("definition").and_then(code_of)];
    let publics = codes.into_iter().flatten().filter_map(|code| Public::of(LOINC, code));
    publics.into_iter().find_map(|public| by_code(&public, aged))
}

/// A `linkId` that is a LOINC code, as those of LOINC's own forms are.
pub(super) fn link(text: &str) -> Option<&str> {
    let code = text.strip_prefix('/').unwrap_or(text);
    Public::of(LOINC, code).filter(|public| group(&public.code) != Some("identifying")).map(|_| text)
}

/// The definition of a question by its LOINC code.
pub(super) fn definition(text: &str) -> Option<String> {
    code_of(text).map(|code| format!("{LOINC}/{code}"))
}

fn code_of(text: &str) -> Option<&str> {
    let code = text.strip_prefix(LOINC)?.strip_prefix('/')?;
    Public::of(LOINC, code).map(|_| code)
}

/// Whether a member is one of the choice `Range`: beside ages, a range of ages.
pub(super) fn is_range(key: &str) -> bool {
    key.ends_with("Range")
}

/// Whether a quantity is a number of years.
pub(super) fn is_years(quantity: &Value) -> bool {
    ["a", "a_j", "a_g", "a_t"].iter().any(|unit| quantity.get("code").is_some_and(|code| code == *unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_list_is_one_and_in_a_known_group() {
        for line in IDENTIFYING.lines().filter(|line| !line.starts_with(['#', '='])) {
            let code = line.split_whitespace().next().unwrap_or_default();
            assert!(Public::of(LOINC, code).is_some(), "{line}");
            assert!(["identifying", "age", "genetic"].contains(&group(code).unwrap_or_default()), "{line}");
        }
    }

    #[test]
    fn a_question_is_known_by_the_code_of_a_public_form() {
        assert_eq!(link("/44249-1"), Some("/44249-1"));
        assert_eq!(link("44249-1"), Some("44249-1"));
        for text in ["/44249-2", "age", "1.1", "/21112-8", "//44249-1", ""] {
            assert_eq!(link(text), None, "{text}");
        }
        assert_eq!(definition("http://loinc.org/44249-1").as_deref(), Some("http://loinc.org/44249-1"));
        for text in
            ["http://loinc.org/", "http://loinc.org/canary", "https://h.example.org/44249-1", "http://loinc.org44249-1"]
        {
            assert_eq!(definition(text), None, "{text}");
        }
    }
}
