//! Asking one resource.

use fhir::criteria::{CriterionError, parse_query};
use fhir::parameters::Setting;
use jiff::Timestamp;
use serde_json::Value;

pub(crate) fn setting() -> Setting {
    Setting { now: "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap(), ..Setting::utc() }
}

/// Whether the query, as it stands after `?`, finds the resource.
pub(crate) fn finds(query: &str, resource: &Value) -> bool {
    let resource_type = resource["resourceType"].as_str().unwrap();
    let setting = setting();
    let criteria = parse_query(resource_type, query, &setting).unwrap_or_else(|why| panic!("{query}: {why}"));
    criteria.iter().all(|criterion| criterion.matches(resource, &setting).unwrap())
}

pub(crate) fn all(resource: &Value, found: &[&str], not_found: &[&str]) {
    for query in found {
        assert!(finds(query, resource), "{query} should find {resource}");
    }
    for query in not_found {
        assert!(!finds(query, resource), "{query} should not find {resource}");
    }
}

pub(crate) fn error(resource_type: &str, query: &str) -> CriterionError {
    parse_query(resource_type, query, &setting()).unwrap_err()
}
