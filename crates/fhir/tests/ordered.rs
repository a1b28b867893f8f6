//! Searches of one resource by numbers, quantities, dates and places, after the sentences of FHIR R4, "Search".
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say plainly what they expect")]

#[path = "common/asking.rs"]
mod asking;

use asking::{all, error, finds, setting};
use fhir::criteria::{Criterion, CriterionError};
use fhir::parameters::Setting;
use serde_json::{Value, json};

#[test]
fn numbers_stand_for_what_their_digits_say() {
    let risk = |p: &str| {
        serde_json::from_str::<Value>(&format!(
            r#"{{"resourceType":"RiskAssessment","prediction":[{{"probabilityDecimal":{p}}}]}}"#
        ))
        .unwrap()
    };
    all(
        &risk("99.5"),
        &["probability=100", "probability=ne100.00", "probability=lt100", "probability=le100"],
        &["probability=100.00", "probability=gt100"],
    );
    all(
        &risk("100.49"),
        &["probability=100", "probability=gt100", "probability=sa100", "probability=ap100"],
        &["probability=ne100", "probability=eb100"],
    );
    all(&risk("100.5"), &["probability=ne100", "probability=ap100"], &["probability=100"]);
    all(
        &risk("100"),
        &["probability=100", "probability=ge100", "probability=le100", "probability=1e2"],
        &["probability=gt100", "probability=lt100", "probability=sa100"],
    );
    all(&risk("111"), &["probability=ne100"], &["probability=ap100"]);
}

#[test]
fn quantities_are_compared_across_units() {
    let glucose = json!({"resourceType": "Observation", "code": {"coding": [{"code": "g"}]},
        "valueQuantity": {"value": 5, "unit": "mmol per litre", "system": "http://unitsofmeasure.org", "code": "mmol/L"}});
    all(
        &glucose,
        &[
            "value-quantity=5",
            "value-quantity=5|http://unitsofmeasure.org|mmol/L",
            "value-quantity=5000|http://unitsofmeasure.org|umol/L",
            "value-quantity=gt0.0049|http://unitsofmeasure.org|mol/L",
            "value-quantity=5||mmol/L",
            "value-quantity=5||mmol+per+litre",
            "combo-value-quantity=5",
            "code-value-quantity=g$5000|http://unitsofmeasure.org|umol/L",
            "combo-code-value-quantity=g$5",
        ],
        &[
            "value-quantity=5|http://unitsofmeasure.org|mg/dL",
            "value-quantity=5|http://other.org|mmol/L",
            "value-quantity=5||mg",
            "code-value-quantity=h$5",
            "code-value-quantity=g$6",
        ],
    );
}

#[test]
fn a_date_stands_for_all_the_moments_it_may_mean() {
    let at = |text: &str| json!({"resourceType": "Observation", "effectiveDateTime": text});
    all(
        &at("2013-01-14T00:00:00Z"),
        &["date=2013-01-14", "date=eq2013-01", "date=ge2013-01-14", "date=ap2013-01-14"],
        &["date=ne2013-01-14", "date=gt2013-01-14", "date=2013-01-15"],
    );
    all(
        &at("2013-01-14T10:00:00Z"),
        &["date=2013-01-14", "date=lt2013-01-14T10:00:01Z", "date=2013-01-14T10:00Z"],
        &["date=lt2013-01-14T10:00Z", "date=gt2013-01-14"],
    );
    all(
        &at("2013-01-15T00:00:00Z"),
        &["date=gt2013-01-14", "date=sa2013-01-14", "date=ne2013-01-14"],
        &["date=2013-01-14", "date=eb2013-01-14"],
    );
    all(
        &at("2013"),
        &["date=gt2013-03-14", "date=lt2013-03-14", "date=2013"],
        &["date=2013-03-14", "date=sa2013-03-14", "date=eb2013-03-14"],
    );
    let since = json!({"resourceType": "Encounter", "period": {"start": "2013-01-21"}});
    all(
        &since,
        &["date=gt2013-03-14", "date=lt2013-03-14", "date=ge2013-03-14", "date=le2013-03-14"],
        &["date=sa2013-03-14", "date=eb2013-03-14", "date=2013"],
    );
}

#[test]
fn a_period_that_touches_the_day_is_not_before_it_and_not_after_it() {
    let two_days = json!({"resourceType": "Encounter", "period": {"start": "2013-03-13", "end": "2013-03-14"}});
    all(
        &two_days,
        &["date=ge2013-03-14", "date=le2013-03-13", "date=lt2013-03-14", "date=gt2013-03-13", "date=2013-03"],
        &["date=gt2013-03-14", "date=lt2013-03-13", "date=2013-03-14", "date=ge2013-03-15", "date=le2013-03-12"],
    );
}

#[test]
fn an_instant_has_no_width() {
    let observation = json!({"resourceType": "Observation", "meta": {"lastUpdated": "2020-05-01T10:00:00Z"},
        "effectiveInstant": "2020-05-01T10:00:00Z"});
    all(
        &observation,
        &[
            "date=2020-05-01T10:00:00.000Z",
            "date=2020-05-01T12:00:00%2B02:00",
            "_lastUpdated=ge2020-05-01T10:00:00.000Z",
        ],
        &["date=2020-05-01T10:00:00.001Z", "_lastUpdated=gt2020-05-01T10:00:00Z"],
    );
}

#[test]
fn days_without_a_zone_are_days_where_the_owner_lives() {
    let chicago = Setting { zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(-6)), ..setting() };
    let late = json!({"resourceType": "Observation", "effectiveDateTime": "2020-05-02T03:00:00Z"});
    let first = Criterion::parse("Observation", "date", "2020-05-01", &chicago).unwrap();
    assert!(first.matches(&late, &chicago).unwrap());
    assert!(!finds("date=2020-05-01", &late));
    let birth = json!({"resourceType": "Patient", "birthDate": "2020-05-01"});
    let born = Criterion::parse("Patient", "birthdate", "2020-05-01", &chicago).unwrap();
    assert!(born.matches(&birth, &chicago).unwrap());
}

#[test]
fn places_are_found_by_distance() {
    // The cathedral of Cologne; Bonn's minster lies 25.2 km from it.
    let cathedral = json!({"resourceType": "Location", "position": {"latitude": 50.94129, "longitude": 6.95817}});
    all(
        &cathedral,
        &[
            "near=50.94129|6.95817",
            "near=50.7333|7.0997|26",
            "near=50.7333|7.0997|26|km",
            "near=50.7333|7.0997|25200|m",
            "near=50.7333|7.0997|16|[mi_i]",
        ],
        &[
            "near=50.7333|7.0997",
            "near=50.7333|7.0997|25",
            "near=50.7333|7.0997|15|[mi_i]",
            "near=-50.94129|6.95817|1000",
        ],
    );
    for value in ["near=50", "near=91|0", "near=1|2|3|mg", "near=1|2|-3", "near=1|2|3|km|4", "near=a|b"] {
        assert_eq!(error("Location", value), CriterionError::BadPosition, "{value}");
    }
    assert_eq!(error("Location", "near:missing=true"), CriterionError::UnknownModifier);
}
