//! What a claim comes to: each sum with what it is a sum of, since a claim states several.

use serde_json::Value;

use super::{Fact, FactLabel};
use crate::{render, walk};

/// The code systems whose codes are known here: the base specification's, and that of CARIN Blue Button, which adds to it.
const SYSTEMS: [&str; 2] = [
    "http://terminology.hl7.org/CodeSystem/adjudication",
    "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication",
];

/// The sums of a claim, an answer to one, or an explanation of benefit, as stated. One whose category is not known here
/// keeps the source's word for it.
pub(super) fn totals(resource: &Value) -> Vec<Fact> {
    let mut out: Vec<Fact> = Vec::new();
    for total in walk::all(resource, "total") {
        // `Claim.total` is the money itself; the others state a category beside it.
        let Some(amount) = render::plain(total.get("amount").unwrap_or(total)) else { continue };
        let fact = match label(total) {
            Some(label) => Fact { label, text: amount },
            None => {
                let category = total.get("category").and_then(render::plain);
                let text = category.map_or(amount.clone(), |category| format!("{category}: {amount}"));
                Fact { label: FactLabel::Total, text }
            }
        };
        if !out.contains(&fact) {
            out.push(fact);
        }
    }
    out
}

fn label(total: &Value) -> Option<FactLabel> {
    let codings = walk::all(total, "category.coding");
    let mut known = codings.into_iter().filter(|c| walk::text(*c, "system").is_some_and(|s| SYSTEMS.contains(&s)));
    known.find_map(|coding| {
        Some(match walk::text(coding, "code")? {
            "submitted" => FactLabel::Billed,
            "eligible" => FactLabel::Allowed,
            "benefit" => FactLabel::PaidByInsurer,
            "copay" => FactLabel::Copay,
            "deductible" => FactLabel::Deductible,
            "tax" => FactLabel::Tax,
            "memberliability" => FactLabel::OwnShare,
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;
    use serde_json::json;

    fn read(resource: &Value) -> Vec<(String, String)> {
        facts(resource).into_iter().map(|fact| (fact.label.as_str().to_owned(), fact.text)).collect()
    }

    fn pair(label: &str, text: &str) -> (String, String) {
        (label.to_owned(), text.to_owned())
    }

    #[test]
    fn each_sum_of_a_benefit_says_what_it_is_of() {
        let coded = |code: &str, value: f64| {
            json!({"category": {"coding": [{"system": SYSTEMS[0], "code": code}]},
                "amount": {"value": value, "currency": "USD"}})
        };
        let benefit = json!({"resourceType": "ExplanationOfBenefit", "outcome": "complete",
            "total": [coded("submitted", 210.5), coded("benefit", 168.4),
                {"category": {"text": "Agreed"}, "amount": {"value": 1, "currency": "USD"}}]});
        let expected = [
            pair("outcome", "complete"),
            pair("billed", "210.5 USD"),
            pair("paidByInsurer", "168.4 USD"),
            pair("total", "Agreed: 1 USD"),
        ];
        assert_eq!(read(&benefit), expected);
    }

    #[test]
    fn a_claims_one_sum_is_its_total_and_a_foreign_code_means_nothing_here() {
        let claim = json!({"resourceType": "Claim", "total": {"value": 12.50, "currency": "USD"}});
        assert_eq!(read(&claim), [pair("total", "12.5 USD")]);
        let foreign = json!({"resourceType": "ClaimResponse", "total": [{"amount": {"value": 3},
            "category": {"coding": [{"system": "urn:x", "code": "benefit", "display": "Gift"}]}}]});
        assert_eq!(read(&foreign), [pair("total", "Gift: 3")]);
    }
}
