use std::borrow::Cow;

use serde_json::json;

use super::*;

fn zone() -> TimeZone {
    TimeZone::get("America/Phoenix").unwrap()
}

fn window() -> DateRange {
    DateRange { from: "2025-11-20".parse().ok(), to: "2026-11-20".parse().ok() }
}

fn lies(resource: &Value) -> Within {
    within(resource, &Around::nothing(), &zone(), window())
}

fn observation(element: &str, value: Value) -> Value {
    json!({"resourceType": "Observation", element: value})
}

#[test]
fn a_day_is_a_day_in_the_owners_zone() {
    assert_eq!(lies(&observation("effectiveDateTime", json!("2025-11-20"))), Within::Inside);
    assert_eq!(lies(&observation("effectiveInstant", json!("2025-11-20T06:59:59Z"))), Within::Outside);
    assert_eq!(lies(&observation("effectiveInstant", json!("2025-11-20T07:00:00Z"))), Within::Inside);
    assert_eq!(lies(&observation("effectiveDateTime", json!("2026-11-20T23:59:59-07:00"))), Within::Inside);
    assert_eq!(lies(&observation("effectiveDateTime", json!("2026-11-21T00:00:00-07:00"))), Within::Outside);
}

#[test]
fn a_date_that_may_lie_outside_straddles() {
    assert_eq!(lies(&observation("effectiveDateTime", json!("2025"))), Within::Straddles);
    assert_eq!(lies(&observation("effectiveDateTime", json!("2025-11"))), Within::Straddles);
    assert_eq!(lies(&observation("effectiveDateTime", json!("2025-12"))), Within::Inside);
    assert_eq!(lies(&observation("effectiveDateTime", json!("2024"))), Within::Outside);
    let period = json!({"start": "2025-11-01", "end": "2025-12-01"});
    assert_eq!(lies(&observation("effectivePeriod", period)), Within::Straddles);
    assert_eq!(lies(&observation("effectivePeriod", json!({"start": "2026-01-01"}))), Within::Straddles);
    assert_eq!(lies(&observation("effectivePeriod", json!({"start": "2027-01-01"}))), Within::Outside);
    assert_eq!(lies(&observation("effectivePeriod", json!({"start": "2026-01-01", "end": "2026-01"}))), Within::Inside);
}

#[test]
fn a_result_without_a_date_takes_that_of_its_specimen_and_then_of_its_issue() {
    let resolve = |reference: &str| {
        let specimen = json!({"resourceType": "Specimen", "collection": {"collectedDateTime": "2026-05-01"}});
        (reference == "Specimen/45").then_some(Cow::Owned(specimen))
    };
    let around = Around { resolve: &resolve, referred_by: &|_| Vec::new() };
    let mut result = observation("specimen", json!({"reference": "Specimen/45"}));
    result["issued"] = json!("2020-01-01T00:00:00Z");
    let span = span_of(&result, &around, &zone()).unwrap();
    assert_eq!((span.told_by, span.within(window())), ("specimen", Within::Inside));
    let span = span_of(&result, &Around::nothing(), &zone()).unwrap();
    assert_eq!((span.told_by, span.within(window())), ("issued", Within::Outside));
}

#[test]
fn what_says_no_date_has_none() {
    assert_eq!(lies(&json!({"resourceType": "Observation"})), Within::Undated);
    assert_eq!(lies(&json!({"resourceType": "Patient", "birthDate": "2026-01-01"})), Within::Undated);
    assert_eq!(lies(&json!(7)), Within::Undated);
    // One that cannot be read is not passed over for a later one.
    let mut unreadable = observation("effectiveDateTime", json!("last spring"));
    unreadable["issued"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(lies(&unreadable), Within::Undated);
}

#[test]
fn a_timing_dates_by_its_events_or_its_bounds() {
    assert_eq!(lies(&observation("effectiveTiming", json!({"event": ["2026-01-01", "2026-02-01"]}))), Within::Inside);
    assert_eq!(
        lies(&observation("effectiveTiming", json!({"event": ["2026-01-01", "2020-02-01"]}))),
        Within::Straddles
    );
    let bounds = json!({"repeat": {"boundsPeriod": {"start": "2026-01-01", "end": "2026-02-01"}}});
    assert_eq!(lies(&observation("effectiveTiming", bounds)), Within::Inside);
    assert_eq!(lies(&observation("effectiveTiming", json!({"code": {"text": "daily"}}))), Within::Undated);
}

#[test]
fn an_open_range_holds_everything_on_its_open_side() {
    let since = DateRange { from: "2020-01-01".parse().ok(), to: None };
    let period = observation("effectivePeriod", json!({"start": "2026-01-01"}));
    assert_eq!(within(&period, &Around::nothing(), &zone(), since), Within::Inside);
    let always = DateRange { from: None, to: None };
    assert_eq!(within(&period, &Around::nothing(), &zone(), always), Within::Inside);
}
